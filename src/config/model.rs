//! Which language models play and judge: what both share, and what each has of its own.

use std::sync::Arc;

use clap::{Args, ValueEnum};
use reqwest::Url;
use reqwest::header::{HeaderName, HeaderValue};
use serde_json::{Map, Value};
use tokio::sync::mpsc::UnboundedSender;

use super::judge::JudgeSettings;
use super::play::PlaySettings;
use super::recognition::{present, service_address};
use crate::clock::Clock;
use crate::entropy::{self, SystemEntropy};
use crate::model::{Budget, Endpoint, Limits, Model, ModelError, OWN_FIELDS, Price, Structure, Use};
use crate::outgoing::{self, Place, Secret};

/// Which language models play and judge. Without an address, none: characters and marks come from files and rules.
#[derive(Clone, Debug, Args)]
pub struct Models {
    /// A language model that plays the characters and judges, behind an address compatible with OpenAI's
    /// `/chat/completions`: on this machine, on the network, or hosted.
    #[arg(long, env = "COMPTOIR_MODEL_URL", value_name = "URL", value_parser = service_address)]
    model_url: Option<Url>,

    /// Its key.
    #[arg(long, env = "COMPTOIR_MODEL_KEY", value_name = "KEY", hide_env_values = true)]
    model_key: Option<Secret>,

    /// Its name there.
    #[arg(long, env = "COMPTOIR_MODEL_NAME", value_name = "NAME")]
    model_name: Option<String>,

    /// Headers of every request: `Name: value`, several separated by semicolons.
    #[arg(long, env = "COMPTOIR_MODEL_HEADERS", value_name = "HEADERS", hide_env_values = true)]
    model_headers: Option<Secret>,

    /// Further fields of every request, as a JSON object: `{"reasoning_effort": "low"}`.
    #[arg(long, env = "COMPTOIR_MODEL_EXTRA", value_name = "JSON", value_parser = extra)]
    model_extra: Option<Extra>,

    /// What a million tokens sent and received cost.
    #[arg(long, env = "COMPTOIR_MODEL_PRICE", value_name = "SENT,RECEIVED", value_parser = price)]
    model_price: Option<Price>,

    /// What prices are given in, as pages show it.
    #[arg(long, env = "COMPTOIR_MODEL_CURRENCY", value_name = "CURRENCY", default_value = "€")]
    model_currency: String,

    /// How answers are held to a schema: `auto` finds the best way that the server accepts.
    #[arg(long, env = "COMPTOIR_MODEL_STRUCTURE", value_enum, default_value = "auto")]
    model_structure: Structured,

    /// Tokens that all conversations together may use in a day, played and judged; 0 for any number.
    #[arg(long, env = "COMPTOIR_MODEL_DAY_TOKENS", value_name = "TOKENS", default_value = "0", value_parser = tokens)]
    model_day_tokens: u64,

    /// Tokens that one conversation may use, played and judged; 0 for any number.
    #[arg(long, env = "COMPTOIR_MODEL_CONVERSATION_TOKENS", value_name = "TOKENS", default_value = "0",
          value_parser = tokens)]
    model_conversation_tokens: u64,

    /// What is of playing alone.
    #[command(flatten)]
    pub(super) play: PlaySettings,

    /// What is of judging alone.
    #[command(flatten)]
    pub(super) judge: JudgeSettings,
}

/// Why a model cannot be used as set. Its words are for whoever set it: French.
#[derive(Debug, PartialEq, thiserror::Error)]
pub enum BadModel {
    /// A model is wanted, and there is no address.
    #[error("{0}=model demande une adresse : indiquez COMPTOIR_MODEL_URL, ou {0}_URL")]
    NoAddress(&'static str),
    /// There is an address and no name.
    #[error(
        "le nom du modèle manque : indiquez COMPTOIR_MODEL_NAME, ou {0}_MODEL (« comptoir model test » donne les noms connus)"
    )]
    NoName(&'static str),
    /// The address holds a name and a password.
    #[error(
        "l'adresse du modèle ne doit contenir ni identifiant ni mot de passe : la clé se donne à part, avec {0}_KEY"
    )]
    Password(&'static str),
    /// In clear, to the rest of the world.
    #[error(
        "{0} n'est ni cette machine ni un réseau privé : une adresse https:// est attendue, car ce que disent les \
         stagiaires y serait envoyé en clair"
    )]
    Clear(String),
    /// A header that is none. Neither it nor its value is repeated: it may be a key.
    #[error("{0}_HEADERS : des en-têtes « Nom: valeur » séparés par des points-virgules sont attendus")]
    Headers(&'static str),
    /// The key cannot be sent.
    #[error("la clé {0}_KEY contient des caractères qui ne peuvent pas être envoyés (un retour à la ligne, un accent)")]
    Key(&'static str),
    /// Calls cannot be made.
    #[error(
        "les appels sécurisés ne sont pas possibles sur cette machine (installez ses certificats, par exemple le paquet \
         ca-certificates)"
    )]
    NotReady,
}

/// How answers are held to a schema.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Structured {
    /// The best way that the server accepts.
    Auto,
    /// By the schema.
    #[value(name = "json_schema")]
    JsonSchema,
    /// As any JSON, the schema told in words.
    #[value(name = "json_object")]
    JsonObject,
    /// The schema told in words.
    Plain,
}

/// Further fields of every request.
#[derive(Clone, Debug, Default)]
pub(super) struct Extra(Map<String, Value>);

/// What one of the two uses has of its own; what it has not is the shared setting's.
pub(super) struct Own<'a> {
    /// What its variables begin with.
    pub(super) prefix: &'static str,
    pub(super) address: Option<&'a Url>,
    pub(super) key: Option<&'a Secret>,
    pub(super) model: Option<&'a String>,
    pub(super) headers: Option<&'a Secret>,
    pub(super) extra: Option<&'a Extra>,
    pub(super) price: Option<Price>,
    pub(super) temperature: f32,
    /// Whether a model is wanted; unset, it is where there is an address.
    pub(super) wanted: Option<bool>,
    pub(super) limits: Limits,
}

impl Models {
    /// The tokens that may be used, by playing and judging together.
    pub fn budget(&self, clock: Arc<dyn Clock>) -> Arc<Budget> {
        let limit = |tokens: u64| (tokens > 0).then_some(tokens);
        Budget::new(limit(self.model_conversation_tokens), limit(self.model_day_tokens), clock)
    }

    /// What prices are given in.
    pub fn currency(&self) -> &str {
        self.model_currency.trim()
    }

    /// The endpoint of one of the two uses; `None` where none is wanted.
    pub(super) fn endpoint(&self, own: &Own<'_>) -> Result<Option<Endpoint>, BadModel> {
        let Some(address) = own.address.or(self.model_url.as_ref()).filter(|_| own.wanted != Some(false)) else {
            return if own.wanted == Some(true) { Err(BadModel::NoAddress(own.prefix)) } else { Ok(None) };
        };
        // A key and headers go to the address they were given for, and to no other.
        let shared = Some(address) == self.model_url.as_ref();
        let prefix = |own_one: bool| if own_one { own.prefix } else { "COMPTOIR_MODEL" };
        if !address.username().is_empty() || address.password().is_some() {
            return Err(BadModel::Password(prefix(own.address.is_some())));
        }
        if address.scheme() == "http" && outgoing::place(address) == Place::Far {
            return Err(BadModel::Clear(address.host_str().unwrap_or_default().to_owned()));
        }
        let named = |name: &&String| !name.trim().is_empty();
        let name = own.model.filter(named).or(self.model_name.as_ref().filter(named));
        let name = name.ok_or(BadModel::NoName(own.prefix))?;
        let mut endpoint = Endpoint::new(address.clone(), name.trim());
        endpoint.key = present(own.key.or(self.model_key.as_ref().filter(|_| shared)));
        if endpoint.key.as_ref().is_some_and(|key| HeaderValue::from_str(key.reveal()).is_err()) {
            return Err(BadModel::Key(prefix(own.key.is_some())));
        }
        let given = own.headers.or(self.model_headers.as_ref().filter(|_| shared));
        endpoint.headers =
            given.map_or(Some(Vec::new()), headers).ok_or(BadModel::Headers(prefix(own.headers.is_some())))?;
        endpoint.extra = own.extra.or(self.model_extra.as_ref().filter(|_| shared)).cloned().unwrap_or_default().0;
        endpoint.price = own.price.or(self.model_price.filter(|_| shared));
        endpoint.temperature = Some(own.temperature);
        endpoint.structure = match self.model_structure {
            Structured::Auto => None,
            Structured::JsonSchema => Some(Structure::JsonSchema),
            Structured::JsonObject => Some(Structure::JsonObject),
            Structured::Plain => Some(Structure::Plain),
        };
        Ok(Some(endpoint))
    }

    /// The model of one of the two uses.
    pub(super) fn model(
        &self,
        own: &Own<'_>,
        budget: &Arc<Budget>,
        uses: &UnboundedSender<Use>,
    ) -> Result<Option<Model>, BadModel> {
        let Some(endpoint) = self.endpoint(own)? else { return Ok(None) };
        let limits = Limits { seed: entropy::seed(&SystemEntropy), ..own.limits };
        match Model::new(endpoint, limits, Arc::clone(budget), uses.clone()) {
            Ok(model) => Ok(Some(model)),
            Err(error) => {
                tracing::debug!(code = error.code(), %error, "the model is not ready");
                debug_assert!(matches!(error, ModelError::NotReady(_)));
                Err(BadModel::NotReady)
            }
        }
    }
}

/// `Name: value; Name: value`.
fn headers(text: &Secret) -> Option<Vec<(HeaderName, HeaderValue)>> {
    let parts = text.reveal().split([';', '\n']).map(str::trim).filter(|part| !part.is_empty());
    parts
        .map(|part| {
            let (name, value) = part.split_once(':')?;
            let name: HeaderName = name.trim().parse().ok()?;
            let mut value = HeaderValue::from_str(value.trim()).ok()?;
            value.set_sensitive(true);
            // These say what the body is, which is not a setting.
            let ours = ["content-length", "content-type", "host", "transfer-encoding"].contains(&name.as_str());
            (!ours).then_some((name, value))
        })
        .collect()
}

pub(super) fn extra(text: &str) -> Result<Extra, String> {
    let Ok(Value::Object(fields)) = serde_json::from_str(text) else {
        return Err("un objet JSON est attendu, par exemple {\"reasoning_effort\": \"low\"}".to_owned());
    };
    match fields.keys().find(|name| OWN_FIELDS.contains(&name.as_str())) {
        Some(name) => Err(format!("le champ « {name} » est rempli par Comptoir : d'autres champs sont attendus")),
        None => Ok(Extra(fields)),
    }
}

pub(super) fn price(text: &str) -> Result<Price, String> {
    let expected = "deux prix par million de jetons sont attendus, envoyés puis reçus : 0.15,0.60";
    let amount = |text: &str| text.trim().parse::<f64>().ok().filter(|amount| (0.0..=1e6).contains(amount));
    let (sent, received) = text.split_once(',').ok_or(expected)?;
    match (amount(sent), amount(received)) {
        (Some(prompt_per_million), Some(completion_per_million)) => {
            Ok(Price { prompt_per_million, completion_per_million })
        }
        _ => Err(expected.to_owned()),
    }
}

pub(super) fn temperature(text: &str) -> Result<f32, String> {
    let temperature = text.parse().ok().filter(|temperature| (0.0..=2.0).contains(temperature));
    temperature.ok_or_else(|| "un nombre de 0 à 2 est attendu".to_owned())
}

fn tokens(text: &str) -> Result<u64, String> {
    let plain: String = text.chars().filter(|c| !matches!(c, '_' | ' ' | '\u{a0}' | '\u{202f}')).collect();
    plain.parse().map_err(|_| "un nombre de jetons est attendu, par exemple 2000000 (0 : sans limite)".to_owned())
}

#[cfg(test)]
#[path = "model_tests.rs"]
mod tests;
