//! What an endpoint says of itself, for whoever sets it up.

use std::time::Duration;

use serde_json::Value;
use tokio::time::timeout;

use super::sieve::Ending;
use super::{Model, ModelError, wire};

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
            Ok(Err(error)) => Err(wire::trouble(error).means()),
            Ok(Ok(list)) => names(&list).map(|models| Known { models }).ok_or(ModelError::Malformed),
        }
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
