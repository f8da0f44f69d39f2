//! How the program calls other services: one way to set up HTTPS, for downloads and for compatible engines alike.
//!
//! Input: an address. Output: a client's builder. Invariant: cryptography is `ring`, chosen here and nowhere else;
//! an address on this machine is reached directly, others through the usual `HTTPS_PROXY` where it is set.

mod secret;

use std::time::Duration;

use reqwest::{ClientBuilder, Url};

pub use secret::Secret;

/// How long a service may take to accept a connection.
const CONNECT: Duration = Duration::from_secs(10);

/// A builder for calls to that address. Building it fails where the system has no certificates of its own.
pub fn builder(address: &Url) -> ClientBuilder {
    if is_here(address) { plain() } else { ready().connect_timeout(CONNECT) }
}

/// A builder for services on this machine: no proxy, no certificates.
pub fn plain() -> ClientBuilder {
    ready().no_proxy().tls_certs_only([]).connect_timeout(CONNECT)
}

/// Whether an address is on this machine.
pub fn is_here(address: &Url) -> bool {
    match address.host_str() {
        Some("localhost") => true,
        Some(host) => {
            host.trim_matches(['[', ']']).parse::<std::net::IpAddr>().is_ok_and(|address| address.is_loopback())
        }
        None => false,
    }
}

fn ready() -> ClientBuilder {
    // An error means that another call was first: there is a provider, which is all that counts.
    let _ = rustls::crypto::ring::default_provider().install_default();
    ClientBuilder::new().user_agent(concat!("comptoir/", env!("CARGO_PKG_VERSION")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn this_machine_is_told_from_others() {
        fn check(address: &str, expect: bool) {
            assert_eq!(is_here(&address.parse().unwrap()), expect, "{address}");
        }
        check("http://127.0.0.1:8000/v1", true);
        check("http://localhost:11434", true);
        check("http://[::1]/v1", true);
        check("https://api.example.org/v1", false);
        check("http://10.0.0.5:8000/v1", false);
        check("http://localhost.example.org/", false);
    }

    #[test]
    fn a_client_can_be_built_without_any_other_preparation() {
        assert!(plain().build().is_ok());
    }
}
