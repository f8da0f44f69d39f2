//! The exact shape of `personas/bailleur.toml`.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::fault::SLUG;

/// The landlord and its directory.
#[derive(Clone, Debug, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct OrganisationFile {
    /// The landlord.
    pub bailleur: Landlord,
    /// The directory.
    #[schemars(length(min = 1))]
    pub service: Vec<Service>,
}

/// The landlord.
#[derive(Clone, Debug, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Landlord {
    /// Name.
    pub nom: String,
    /// Legal nature.
    pub nature: String,
    /// The agency where reception is.
    pub agence: String,
    /// Opening hours.
    pub horaires: String,
    /// The trainee's post.
    pub poste: String,
}

/// One service, inside or outside, to which people are sent.
#[derive(Clone, Debug, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Service {
    /// Lower-case letters, digits and hyphens.
    #[schemars(regex(pattern = SLUG))]
    pub id: String,
    /// Full name.
    pub nom: String,
    /// What it deals with.
    pub pour: String,
    /// Words by which a receptionist names it.
    #[schemars(length(min = 1))]
    pub mots: Vec<String>,
}
