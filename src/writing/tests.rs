//! Forms as a whole: what is shown, sent back, changed, put together.

use std::collections::BTreeSet;

use proptest::prelude::*;

use super::acts::pattern;
use super::sample::{known, names};
use super::*;
use crate::content::{Content, Kind as FileKind, shipped};
use crate::fault::Path;
use crate::persona::{self, sample};

/// What a browser sends for a section as it is shown: ends of lines as forms send them.
fn shown(section: &Section) -> Vec<(String, String)> {
    let mut pairs = Vec::new();
    for field in section.fields() {
        match &field.kind {
            Kind::Several(_) => {
                pairs.push((field.name(), String::new()));
                pairs.extend(field.values.iter().map(|value| (field.name(), value.clone())));
            }
            _ => pairs.push((field.name(), field.shown().replace('\n', "\r\n"))),
        }
    }
    pairs
}

fn sections(draft: &Draft, names: &Names) -> Vec<Section> {
    SectionId::all().map(|id| form(draft, names, id)).collect()
}

fn fields(draft: &Draft, names: &Names) -> Vec<Field> {
    sections(draft, names).iter().flat_map(Section::fields).cloned().collect()
}

#[test]
fn sending_a_form_back_as_it_was_shown_changes_no_letter() {
    let files = shipped();
    let content = Content::read(&[&files], Vec::new()).unwrap();
    let names = Names::of(&content);
    let mut tried = 0;
    for file in files.of(FileKind::Persona) {
        let mut draft = Draft::read(&file.text).unwrap();
        for section in sections(&draft, &names) {
            draft.fill(&section, &Sent::new(shown(&section)));
        }
        assert!(draft.text() == file.text, "{} changed", file.name);
        tried += 1;
    }
    assert!(tried >= 12);
}

#[test]
fn every_field_of_the_schema_is_in_the_form() {
    let mut text = sample::text();
    text.push_str("\n[cues]\ncalm = []\ntense = []\nrising = []\nfalling = []\n");
    let draft = Draft::read(&text).unwrap();
    let mut reached: BTreeSet<String> = BTreeSet::new();
    for field in fields(&draft, &names()) {
        let pattern = pattern(&field.path);
        let base = ["calm", "tense", "fact"].iter().find_map(|end| pattern.strip_suffix(&format!(".{end}")));
        reached.extend(base.map(str::to_owned));
        reached.insert(pattern);
    }
    let wanted =
        shape::patterns().into_iter().filter(|one| !matches!(shape::at(one), Some((shape::Shape::Entries { .. }, _))));
    let missing: Vec<String> = wanted.filter(|one| !reached.contains(one)).collect();
    assert_eq!(missing, Vec::<String>::new());
}

#[test]
fn a_field_that_is_changed_changes_alone() {
    let before = Draft::read(&sample::text()).unwrap();
    let all = fields(&before, &names());
    for (index, field) in all.iter().enumerate() {
        let new = match &field.kind {
            Kind::One(choices) => match choices.iter().rev().find(|choice| !field.values.contains(&choice.value)) {
                Some(choice) => choice.value.clone(),
                None => continue,
            },
            Kind::Several(choices) => choices[choices.len() - 1].value.clone(),
            Kind::Number { most, .. } => most.min(&9).to_string(),
            _ => "quelque chose de neuf".to_owned(),
        };
        if field.shown() == new {
            continue;
        }
        let mut draft = before.clone();
        let sent = Sent::new(vec![(field.name(), new.clone())]);
        for section in sections(&before, &names()) {
            draft.fill(&section, &sent);
        }
        let again = Draft::read(draft.text()).unwrap_or_else(|| panic!("{}: {}", field.name(), draft.text()));
        let after = fields(&again, &names());
        if pattern(&field.path) == "identity.*.fact" {
            continue; // Its wordings go when a fact answers.
        }
        assert_eq!(after[index].shown(), new, "{}", field.name());
        if field.name() != "not_applicable" {
            let others =
                |all: &[Field]| all.iter().filter(|one| one.path != field.path).map(Field::shown).collect::<Vec<_>>();
            assert_eq!(others(&after), others(&all), "{}", field.name());
        }
    }
}

#[test]
fn what_cannot_stand_in_a_field_is_kept_and_told_at_it() {
    fn check_field(name: &str, typed: &str, kept: &str, at: &str) {
        let mut draft = Draft::read(&sample::text()).unwrap();
        let sent = Sent::new(vec![(name.to_owned(), typed.to_owned())]);
        for section in sections(&draft, &names()) {
            draft.fill(&section, &sent);
        }
        let field = fields(&draft, &names()).into_iter().find(|field| field.name() == name);
        assert_eq!(field.map(|field| field.shown()).as_deref(), Some(kept), "{name}");
        let checked = check("essai", draft.text(), &known(), &names());
        assert!(checked.faults.iter().any(|fault| fault.at == at), "{name} = {typed}: {:#?}", checked.faults);
    }
    check_field("difficulty", "beaucoup", "beaucoup", "difficulty");
    check_field("temper.tension", "", "", "temper.tension");
    check_field("title", "  ", "", "title");
    check_field("fact[0].about", "où\r\n\r\n  où  ", "où\noù", "fact[0].about");
    check_field("summary", &"long ".repeat(60), "long ".repeat(60).trim(), "summary");
    check_field("expects.services", "", "", "expects.services");
}

#[test]
fn an_answer_is_ones_own_or_a_fact() {
    let mut draft = Draft::read(&sample::text()).unwrap();
    let id = SectionId::named("person").unwrap();
    let fill = |draft: &mut Draft, value: &str| {
        let section = form(draft, &names(), id);
        let mut sent = shown(&section);
        sent.iter_mut().filter(|(name, _)| name == "identity.job.fact").for_each(|pair| pair.1 = value.to_owned());
        draft.fill(&section, &Sent::new(sent));
    };
    fill(&mut draft, "lieu");
    assert!(draft.text().contains("job = { fact = \"lieu\" }"), "{}", draft.text());
    assert!(persona::load("essai.toml", draft.text(), &known()).is_ok());
    fill(&mut draft, "");
    assert!(draft.text().contains("job = []"));
}

#[test]
fn every_act_that_is_offered_keeps_a_draft_that_can_be_read() {
    let files = shipped();
    let names = Names::of(&Content::read(&[&files], Vec::new()).unwrap());
    for id in ["fuite-colere", "voisin-bruit"] {
        let text = &files.get(FileKind::Persona, id).unwrap().text;
        let draft = Draft::read(text).unwrap();
        let mut tried = 0;
        for section in sections(&draft, &names) {
            for act in Act::all(&section) {
                let mut changed = draft.clone();
                changed.act(&act);
                let again = Draft::read(changed.text()).unwrap_or_else(|| panic!("{act}: {}", changed.text()));
                assert_ne!(again.text(), text, "{act} does something");
                assert_eq!(Act::named(&act.to_string(), &section), Some(act));
                tried += 1;
            }
        }
        assert!(tried > 60, "{tried}");
    }
}

#[test]
fn an_entry_added_and_taken_away_leaves_the_same_situation() {
    let text = sample::text();
    for list in
        [vec!["fact"], vec!["trigger"], vec!["small_talk"], vec!["expects", "rules"], vec!["expects", "next_step"]]
    {
        let path = list.iter().fold(Path::root(), |path, key| path.key(key));
        let mut draft = Draft::read(&text).unwrap();
        let count = draft.len(&path);
        draft.act(&Act::Add(path.clone()));
        assert_eq!(draft.len(&path), count + 1, "{path}");
        let checked = check("essai", draft.text(), &known(), &names());
        assert!(!checked.faults.is_empty(), "{path}: an empty entry is told about");
        let inside = |fault: &Placed| fault.at.starts_with(&path.to_string());
        assert!(checked.faults.iter().all(inside), "{path}: {:#?}", checked.faults);
        draft.act(&Act::Remove(path.at(count)));
        assert_eq!(draft.text(), text, "{path}");
    }
}

#[test]
fn moods_are_told_apart_and_put_together_again() {
    let mut draft = Draft::read(&sample::text()).unwrap();
    let path = Path::root().key("lines").key("silence");
    let before = draft.texts(&path);
    draft.act(&Act::ByMood(path.clone()));
    assert_eq!(draft.texts(&path.key("tense")), before);
    assert!(persona::load("essai.toml", draft.text(), &known()).is_ok());
    draft.act(&Act::OneList(path.clone()));
    assert_eq!(draft.text(), sample::text());
    // However it is written.
    for text in [
        "[lines]\nsilence.calm = [\"a\"]\nsilence.tense = [\"b\"]\n",
        "[lines.silence]\ncalm = [\"a\"]\ntense = [\"b\"]\n",
    ] {
        let mut draft = Draft::read(text).unwrap();
        draft.act(&Act::OneList(path.clone()));
        assert_eq!(Draft::read(draft.text()).unwrap().texts(&path), ["a", "b"], "{}", draft.text());
    }
}

#[test]
fn cues_are_added_and_taken_away() {
    let mut draft = Draft::read(&sample::text()).unwrap();
    let path = Path::root().key("cues");
    draft.act(&Act::Add(path.clone()));
    let lines = form(&draft, &names(), SectionId::named("lines").unwrap());
    assert!(lines.fields().iter().any(|field| field.name() == "cues.rising"));
    draft.act(&Act::Remove(path));
    assert_eq!(draft.text(), sample::text());
}

/// What one of two people sends who both had `base` before them.
fn sent(base: &str, id: SectionId, changes: &[(&str, &str)]) -> Sent {
    let section = form(&Draft::read(base).unwrap(), &names(), id);
    let mut pairs = shown(&section);
    for (name, value) in changes {
        let pair = pairs.iter_mut().find(|pair| pair.0 == *name).unwrap_or_else(|| panic!("no {name}"));
        (*value).clone_into(&mut pair.1);
    }
    Sent::new(pairs)
}

#[test]
fn a_second_save_takes_nothing_of_the_first_away() {
    let base = sample::text();
    let now = base.replace("tension = 4", "tension = 5");
    let id = SectionId::named("temper").unwrap();
    let merged = merge(&base, &now, &names(), id, &sent(&base, id, &[("temper.floor", "3")]));
    assert_eq!(merged.text, now.replace("floor = 2", "floor = 3"));
    let ways = |list: &[Difference]| list.iter().map(|one| one.way.clone()).collect::<Vec<_>>();
    assert_eq!(ways(&merged.theirs), ["L'humeur › Tension aux premiers mots"]);
    assert_eq!(ways(&merged.mine), ["L'humeur › Plancher"]);
    // The same field: hers is shown over theirs, and both are told.
    let merged = merge(&base, &now, &names(), id, &sent(&base, id, &[("temper.tension", "6")]));
    assert_eq!(merged.text, now.replace("tension = 5", "tension = 6"));
    assert_eq!(ways(&merged.mine), ways(&merged.theirs));
}

#[test]
fn words_written_into_an_entry_that_moved_are_given_back() {
    let base = sample::text();
    let id = SectionId::named("facts").unwrap();
    let mut theirs = Draft::read(&base).unwrap();
    theirs.act(&Act::Remove(Path::root().key("fact").at(0)));
    let mine = sent(&base, id, &[("fact[1].about", "qui\nfoyer")]);
    let merged = merge(&base, theirs.text(), &names(), id, &mine);
    assert_eq!(merged.text, theirs.text());
    assert_eq!(merged.apart, [("Mots qui le désignent dans une question".to_owned(), "qui\nfoyer".to_owned())]);
    let broken = merge(&base, "id = ", &names(), id, &mine);
    assert_eq!((broken.text.as_str(), broken.apart.len()), ("id = ", 1));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    /// Whatever is typed into a form, the text stays TOML and holds it.
    #[test]
    fn whatever_is_typed_the_text_stays_sound(
        title in "\\PC{0,40}",
        need in "[ -~\n\t\r\"'\\\\é«»]{0,60}",
        about in proptest::collection::vec("[ -~\"'\\\\#=\\[\\]é]{0,12}", 0..5),
    ) {
        let mut draft = Draft::read(&sample::text()).unwrap();
        let pairs = vec![
            ("title".to_owned(), title.clone()),
            ("need".to_owned(), need),
            ("fact[0].about".to_owned(), about.join("\r\n")),
        ];
        let sent = Sent::new(pairs);
        for section in sections(&draft, &names()) {
            draft.fill(&section, &sent);
        }
        let again = Draft::read(draft.text());
        prop_assert!(again.is_some(), "{}", draft.text());
        let again = again.unwrap();
        prop_assert_eq!(fields(&again, &names()).len(), fields(&draft, &names()).len());
        let kept = again.texts(&Path::root().key("fact").at(0).key("about"));
        let wanted: Vec<String> = about.iter().map(|line| line.trim().to_owned()).filter(|line| !line.is_empty()).collect();
        prop_assert_eq!(kept, wanted);
        prop_assert_eq!(again.texts(&Path::root().key("title")).concat(), title.replace("\r\n", "\n").split('\n').map(str::trim).filter(|l| !l.is_empty()).collect::<Vec<_>>().join(" "));
    }
}
