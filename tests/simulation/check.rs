//! What must hold in every turn of every conversation.

use std::collections::{BTreeMap, BTreeSet};

use comptoir::act::Act;
use comptoir::character::{APART, State};
use comptoir::hearing::Heard;
use comptoir::persona::{Access, Answer, FactEntry, Persona, Says, Topic};
use comptoir::reply::{Reply, guard};

/// Follows one conversation.
pub(crate) struct Checker<'p> {
    persona: &'p Persona,
    /// Everything the character can say, longest first, and the fact a line tells.
    lines: Vec<(&'p str, Option<&'p str>)>,
    /// In which reply a line was last said.
    said: BTreeMap<&'p str, u32>,
    asked: BTreeSet<String>,
    replies: u32,
}

fn wordings(says: &Says) -> Vec<&str> {
    match says {
        Says::Any(list) => list.iter().map(String::as_str).collect(),
        Says::ByMood { calm, tense } => calm.iter().chain(tense).map(String::as_str).collect(),
    }
}

impl<'p> Checker<'p> {
    pub(crate) fn new(persona: &'p Persona) -> Checker<'p> {
        let file = persona.file();
        let mut lines: Vec<(&str, Option<&str>)> = vec![(&file.opening, None)];
        for fact in &file.fact {
            let own = wordings(&fact.says).into_iter().chain(fact.again.iter().map(String::as_str));
            lines.extend(own.map(|line| (line, Some(fact.id.as_str()))));
            lines.extend(fact.withheld.iter().map(|line| (line.as_str(), None)));
        }
        let answers = file.identity.values().filter_map(|answer| match answer {
            Answer::Says(says) => Some(says),
            Answer::Fact { .. } => None,
        });
        let set = &file.lines;
        let set_lines = [
            &set.not_understood,
            &set.does_not_know,
            &set.listens,
            &set.presses,
            &set.ignored,
            &set.silence,
            &set.repeats,
            &set.warns,
        ];
        let says = answers
            .chain(file.reactions.values().map(|reaction| &reaction.says))
            .chain(file.trigger.iter().map(|trigger| &trigger.says))
            .chain(file.small_talk.iter().map(|talk| &talk.says))
            .chain(set_lines);
        lines.extend(says.flat_map(wordings).map(|line| (line, None)));
        let ends = [&set.breaks_off, &set.ends_content, &set.ends_neutral, &set.ends_tense];
        lines.extend(ends.into_iter().flatten().map(|line| (line.as_str(), None)));
        lines.sort_by_key(|(line, _)| std::cmp::Reverse(line.len()));
        Checker { persona, lines, said: BTreeMap::new(), asked: BTreeSet::new(), replies: 0 }
    }

    /// Checks one reply; `before` is the state it answers from.
    pub(crate) fn check(&mut self, before: &State, heard: &Heard, reply: &Reply, seed: u64) {
        let id = self.persona.id();
        let place = format!("{id}, seed {seed}, reply {}: {:?}", self.replies, reply.text);
        self.replies += 1;
        assert!(!reply.text.is_empty() || reply.cue.is_some(), "{place}: neither words nor a cue");
        assert!(!reply.intents.is_empty() || reply.text.is_empty(), "{place}: words without an intent");

        let pieces = self.split(&reply.text).unwrap_or_else(|| panic!("{place}: words that nobody wrote"));
        let told: BTreeSet<&str> = pieces.iter().filter_map(|(_, fact)| *fact).collect();
        let noted: BTreeSet<&str> = reply.change.told.iter().map(String::as_str).collect();
        assert_eq!(told, noted, "{place}: what is told is noted, no more, no less");

        for (line, _) in pieces {
            if let Some(last) = self.said.insert(line, self.replies) {
                let apart = self.replies - last;
                assert!(apart > APART, "{place}: {line:?} again after {apart} turns");
            }
        }
        self.asked.extend(self.asks(heard));
        for fact in reply.change.told.iter().map(|id| self.persona.fact(id).expect("a fact of the persona")) {
            self.check_condition(before, heard, fact, reply, &place);
        }
        let known = before.told().iter().chain(&reply.change.told).cloned().collect();
        assert_eq!(guard::leaks(self.persona, &known, &reply.text), [], "{place}: gives a fact away");
        check_mood(before, reply, &place);
    }

    /// Cuts a reply into the lines it was made of.
    fn split(&self, text: &str) -> Option<Vec<(&'p str, Option<&'p str>)>> {
        if text.is_empty() {
            return Some(Vec::new());
        }
        self.lines.iter().filter_map(|line| Some((line, text.strip_prefix(line.0)?))).find_map(|(line, rest)| {
            let rest = if rest.is_empty() { rest } else { rest.strip_prefix(' ')? };
            let mut pieces = self.split(rest)?;
            pieces.insert(0, *line);
            Some(pieces)
        })
    }

    /// The facts a turn asks for, by itself or through an identity topic.
    fn asks(&self, heard: &Heard) -> Vec<String> {
        let by_topic = heard.topics.iter().filter_map(|asked| match self.persona.file().identity.get(&asked.topic) {
            Some(Answer::Fact { fact }) => Some(fact.clone()),
            _ => None,
        });
        heard.asked.iter().map(|asked| asked.id.clone()).chain(by_topic).collect()
    }

    fn check_condition(&self, before: &State, heard: &Heard, fact: &FactEntry, reply: &Reply, place: &str) {
        if before.told().contains(&fact.id) {
            return;
        }
        let approached = heard.topics.iter().any(|asked| asked.topic == Topic::Feeling)
            || [Act::Empathy, Act::AngerNamed, Act::Belief, Act::Prompt, Act::Discretion, Act::Welcome]
                .iter()
                .any(|act| heard.did(*act));
        let asked = self.asked.contains(&fact.id);
        let allowed = match fact.access {
            Access::Volunteered => true,
            Access::Asked => asked,
            Access::Trust => (asked || approached) && reply.change.trust >= fact.trust,
        };
        assert!(allowed, "{place}: {} told before its condition", fact.id);
    }
}

/// Every movement has a written reason, and together they lead from the old mood to the new.
fn check_mood(before: &State, reply: &Reply, place: &str) {
    let change = &reply.change;
    let tension: i8 = change.moods.iter().map(|mood| mood.tension).sum();
    let trust: i8 = change.moods.iter().map(|mood| mood.trust).sum();
    assert_eq!(before.tension().saturating_add_signed(tension), change.tension, "{place}: tension adds up");
    assert_eq!(before.trust().saturating_add_signed(trust), change.trust, "{place}: trust adds up");
    assert!(change.moods.iter().all(|mood| !mood.why.is_empty()), "{place}: a movement without a reason");
    assert!(change.tension <= 10 && change.trust <= 10, "{place}: mood within 0 to 10");
}
