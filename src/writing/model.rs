//! A sheet to begin with: one quiet person, one fact, every count reached, nothing at fault.

use super::draft::Draft;
use super::form::Names;
use crate::fault::Path;

const MODEL: &str = include_str!("model.toml");

/// What stands where the trainer will write a sentence of her own.
const EXAMPLE: &str = "Écrivez ici la phrase qui aurait aidé dans cette situation.";

/// A sheet under this id and title that passes every check, with the services and indicators in force.
pub fn blank(id: &str, title: &str, names: &Names) -> String {
    let Some(mut draft) = Draft::read(MODEL) else { return String::new() };
    let root = Path::root();
    draft.set(&root.key("id"), id);
    if !title.is_empty() {
        draft.set(&root.key("title"), title);
    }
    let first: Vec<String> = names.services.first().map(|(id, _)| id.clone()).into_iter().collect();
    draft.set_list(&root.key("expects").key("services"), &first);
    for (indicator, _) in &names.indicators {
        draft.set(&root.key("examples").key(indicator), EXAMPLE);
    }
    draft.text().to_owned()
}

#[cfg(test)]
mod tests {
    use super::super::sample::names;
    use super::*;
    use crate::content::{Content, shipped};
    use crate::persona;

    #[test]
    fn the_model_passes_every_check_wherever_it_is_used() {
        fn check(names: &Names, known: &persona::Known) {
            let text = blank("essai", "Un essai", names);
            let found = persona::load("personas/essai.toml", &text, known);
            let faults = found.err().unwrap_or_default();
            assert!(faults.is_empty(), "{}", faults.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n\n"));
        }
        check(&names(), &super::super::sample::known());
        let content = Content::read(&[&shipped()], Vec::new()).expect("the shipped content is sound");
        check(&Names::of(&content), &content.known());
    }
}
