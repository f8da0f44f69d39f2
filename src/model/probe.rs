//! What an endpoint says of itself, for whoever sets it up.

use std::sync::{Arc, PoisonError};
use std::time::Duration;

use serde_json::Value;
use tokio::time::timeout;

use super::sieve::Ending;
use super::wire::Trouble;
use super::{Endpoint, Limits, Model, ModelError, Structure, wire};

/// What an endpoint knows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Known {
    /// The names of its models, sorted.
    pub models: Vec<String>,
}

impl Model {
    /// The models that the endpoint has. Asks `/models`, which not every server knows.
    pub async fn known(&self, within: Duration) -> Result<Known, ModelError> {
        let client = self.client(LONGEST, Ending::default());
        let models = client.models();
        match timeout(within, models.list_byot::<Value>()).await {
            Err(_) => Err(ModelError::Late),
            Ok(Err(error)) => {
                let trouble = wire::trouble(error);
                self.keep_reason(&trouble);
                Err(trouble.means())
            }
            Ok(Ok(list)) => names(&list).map(|models| Known { models }).ok_or(ModelError::Malformed),
        }
    }
}

impl Model {
    /// The same model, with another way to hold its answers to a schema, asked once.
    pub fn held_by(&self, structure: Structure) -> Result<Model, ModelError> {
        let endpoint = Endpoint { structure: Some(structure), ..self.endpoint().clone() };
        let limits = Limits { tries: 1, ..self.0.limits };
        Model::new(endpoint, limits, Arc::clone(&self.0.budget), self.0.uses.clone())
    }

    /// What the endpoint said when it last refused a test; empty where it gave no reason.
    pub fn reason(&self) -> String {
        self.0.reason.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    pub(super) fn keep_reason(&self, trouble: &Trouble) {
        let reason = match trouble {
            Trouble::Refused(refusal) => refusal.sentence(self.endpoint().key.as_ref()),
            Trouble::Failed(_) => String::new(),
        };
        *self.0.reason.lock().unwrap_or_else(PoisonError::into_inner) = reason;
    }
}

/// The longest list, in bytes: hosted services have hundreds of models and say much of each.
const LONGEST: usize = 4 * 1024 * 1024;

fn names(list: &Value) -> Option<Vec<String>> {
    let models = [&list["data"], &list["models"], list].into_iter().find_map(Value::as_array)?;
    let name = |model: &Value| ["id", "name", "model"].iter().find_map(|name| model[*name].as_str()).map(str::to_owned);
    let mut names: Vec<String> = models.iter().filter_map(name).collect();
    names.sort();
    names.dedup();
    Some(names)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_found_in_the_lists_of_several_servers() {
        fn check(list: &str, expect: Option<&[&str]>) {
            let found = names(&serde_json::from_str(list).unwrap());
            assert_eq!(
                found.as_deref(),
                expect.map(|names| names.iter().map(|name| (*name).to_owned()).collect::<Vec<_>>()).as_deref(),
                "{list}"
            );
        }
        check(r#"{"data":[{"id":"b"},{"id":"a"},{"id":"a"}]}"#, Some(&["a", "b"]));
        check(r#"{"models":[{"name":"a"}]}"#, Some(&["a"]));
        check(r#"[{"id":"a"}]"#, Some(&["a"]));
        check("{}", None);
    }
}
