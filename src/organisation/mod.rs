//! One landlord and its directory of services.
