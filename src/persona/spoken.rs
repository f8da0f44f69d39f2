//! Every line that a character can say, with its place in the file.

use super::fact::{Answer, Says};
use super::file::PersonaFile;
use crate::fault::Path;

/// One line.
#[derive(Clone, Debug)]
pub(super) struct Spoken<'p> {
    /// Where it is written.
    pub(super) path: Path,
    /// The words.
    pub(super) text: &'p str,
    /// The fact that it tells (by position), if it is a fact's own wording.
    pub(super) tells: Option<usize>,
}

/// Every line, in no order that matters: the opening, wordings of facts and of not telling them yet, answers,
/// reactions, small talk, set lines, and at the desk what can be seen.
pub(super) fn spoken(persona: &PersonaFile) -> Vec<Spoken<'_>> {
    let root = Path::root();
    let mut lines = Lines(Vec::new());
    lines.one(root.key("opening"), &persona.opening, None);
    for (position, fact) in persona.fact.iter().enumerate() {
        let path = root.key("fact").at(position);
        lines.says(&path.key("says"), &fact.says, Some(position));
        lines.list(&path.key("again"), &fact.again, Some(position));
        lines.list(&path.key("withheld"), &fact.withheld, None);
    }
    for (topic, answer) in &persona.identity {
        if let Answer::Says(says) = answer {
            lines.says(&root.key("identity").key(topic.name()), says, None);
        }
    }
    for (stimulus, reaction) in &persona.reactions {
        lines.says(&root.key("reactions").key(stimulus.name()).key("says"), &reaction.says, None);
    }
    for (position, trigger) in persona.trigger.iter().enumerate() {
        lines.says(&root.key("trigger").at(position).key("says"), &trigger.says, None);
    }
    for (position, talk) in persona.small_talk.iter().enumerate() {
        lines.says(&root.key("small_talk").at(position).key("says"), &talk.says, None);
    }
    let path = root.key("lines");
    for (name, says) in set_lines(persona) {
        lines.says(&path.key(name), says, None);
    }
    for (name, list) in ends(persona) {
        lines.list(&path.key(name), list, None);
    }
    for (name, list) in cues(persona) {
        lines.list(&root.key("cues").key(name), list, None);
    }
    lines.0
}

/// The fields of `[lines]` that depend on mood.
pub(super) fn set_lines(persona: &PersonaFile) -> [(&'static str, &Says); 15] {
    let lines = &persona.lines;
    [
        ("not_understood", &lines.not_understood),
        ("does_not_know", &lines.does_not_know),
        ("listens", &lines.listens),
        ("presses", &lines.presses),
        ("ignored", &lines.ignored),
        ("silence", &lines.silence),
        ("repeats", &lines.repeats),
        ("hold_start", &lines.hold_start),
        ("hold_back", &lines.hold_back),
        ("hold_long", &lines.hold_long),
        ("transferred", &lines.transferred),
        ("transferred_wrong", &lines.transferred_wrong),
        ("colleague", &lines.colleague),
        ("manager", &lines.manager),
        ("warns", &lines.warns),
    ]
}

/// The fields of `[lines]` that end a conversation.
pub(super) fn ends(persona: &PersonaFile) -> [(&'static str, &Vec<String>); 4] {
    let lines = &persona.lines;
    [
        ("breaks_off", &lines.breaks_off),
        ("ends_content", &lines.ends_content),
        ("ends_neutral", &lines.ends_neutral),
        ("ends_tense", &lines.ends_tense),
    ]
}

/// The lists of `[cues]`, if there are any.
pub(super) fn cues(persona: &PersonaFile) -> Vec<(&'static str, &Vec<String>)> {
    persona.cues.as_ref().map_or_else(Vec::new, |cues| {
        vec![("calm", &cues.calm), ("tense", &cues.tense), ("rising", &cues.rising), ("falling", &cues.falling)]
    })
}

struct Lines<'p>(Vec<Spoken<'p>>);

impl<'p> Lines<'p> {
    fn one(&mut self, path: Path, text: &'p str, tells: Option<usize>) {
        self.0.push(Spoken { path, text, tells });
    }

    fn list(&mut self, path: &Path, list: &'p [String], tells: Option<usize>) {
        for (position, text) in list.iter().enumerate() {
            self.one(path.at(position), text, tells);
        }
    }

    fn says(&mut self, path: &Path, says: &'p Says, tells: Option<usize>) {
        match says {
            Says::Any(list) => self.list(path, list, tells),
            Says::ByMood { calm, tense } => {
                self.list(&path.key("calm"), calm, tells);
                self.list(&path.key("tense"), tense, tells);
            }
        }
    }
}
