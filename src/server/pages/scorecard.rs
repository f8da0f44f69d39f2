//! The scorecard: what was observed, with the words that show it.

use askama::Template;

use super::curve::Curve;
use super::quotes::{Quoted, Segment, segments};
use super::{Rereading, ReviewOffer, Sides, Sound, Spoken, Timing, Word, filters, french, paths, portrait, site::Site};
use crate::persona::Channel;
use crate::scoring::Level;
use crate::utterance::Speaker;

/// The scorecard of one conversation.
#[derive(Clone, Debug, Template)]
#[template(path = "pages/scorecard.html", config = "web/askama.toml")]
pub struct Scorecard {
    /// Around the page.
    pub site: Site,
    /// Conversation id.
    pub id: String,
    /// Persona id.
    pub persona: String,
    /// Title of the situation.
    pub title: String,
    /// Who the person was.
    pub caller: String,
    /// Desk or phone.
    pub channel: Channel,
    /// « 22 novembre 2026 à 14 h 05 ».
    pub held_on: String,
    /// « 6 min 20 s ».
    pub lasted: String,
    /// The title of the assignment it was done for.
    pub done_for: Option<String>,
    /// How it ended, in one sentence.
    pub ending: String,
    /// One sentence that sums the exchange up.
    pub summary: String,
    /// What the person really needed.
    pub need: String,
    /// What a trainer decided and said; `None` as long as nobody has.
    pub word: Option<Word>,
    /// How a person's marks are asked for; `None` where nobody could answer, or where it is not one's own.
    pub offer: Option<ReviewOffer>,
    /// The trainee's name, where a trainer reads it.
    pub trainee: Option<String>,
    /// Where a model's reading of it stands; `None` where none reads it.
    pub rereading: Option<Rereading>,
    /// The axes, in the rubric's order.
    pub axes: Vec<AxisScore>,
    /// The moments that counted, three at most.
    pub moments: Vec<Moment>,
    /// How tension went; `None` where the transcript holds no mood.
    pub curve: Option<Curve>,
    /// Facts that came out.
    pub found: Vec<Fact>,
    /// Facts that did not.
    pub missed: Vec<Fact>,
    /// What would have helped most, three at most.
    pub advice: Vec<Advice>,
    /// How the replies found their words; `None` where no model was to word them.
    pub timing: Option<Timing>,
    /// How it was spoken; `None` where it was written.
    pub spoken: Option<Spoken>,
    /// The exchange.
    pub turns: Vec<Turn>,
    /// What a trainer who followed whispered.
    pub whispers: Vec<Whispered>,
    /// The grid, axis by axis.
    pub grid: Vec<AxisMarks>,
    /// The handoff note.
    pub handoff: Option<HandoffView>,
    /// What gave the marks.
    pub provenance: Provenance,
}

/// One line of a trainer that only the trainee saw.
#[derive(Clone, Debug)]
pub struct Whispered {
    /// How many turns came before it.
    pub after: usize,
    /// When: « 2:41 ».
    pub at: String,
    /// Who whispered.
    pub by: String,
    /// The line.
    pub text: String,
}

/// The score of one axis.
#[derive(Clone, Debug)]
pub struct AxisScore {
    /// Axis id.
    pub id: String,
    /// Its name.
    pub name: String,
    /// What it looks at.
    pub about: String,
    /// 0 to 100; `None` if nothing in it applies.
    pub score: Option<u8>,
    /// How many marks are observed, partial, missed.
    pub observed: u64,
    /// Partly observed.
    pub partial: u64,
    /// Not observed.
    pub missed: u64,
}

/// A moment that counted.
#[derive(Clone, Debug)]
pub struct Moment {
    /// Position in the transcript's list of turns.
    pub turn: usize,
    /// When: « 2:41 ».
    pub at: String,
    /// Whether it helped.
    pub helped: bool,
    /// The trainee's words.
    pub quote: String,
    /// What they did to the other person.
    pub effect: String,
    /// Why it worked, or what would have helped, in one sentence.
    pub lesson: String,
    /// A sentence that would have helped in this very situation.
    pub example: Option<String>,
}

/// A fact of the situation.
#[derive(Clone, Debug)]
pub struct Fact {
    /// « Où se trouve la fuite ».
    pub label: String,
    /// The fact.
    pub text: String,
    /// The turn where it came out.
    pub turn: Option<usize>,
}

/// Something that would have helped.
#[derive(Clone, Debug)]
pub struct Advice {
    /// The indicator it is about.
    pub indicator: String,
    /// What to do, in one sentence.
    pub text: String,
    /// A sentence for this very situation.
    pub example: Option<String>,
}

/// One turn of the exchange.
#[derive(Clone, Debug)]
pub struct Turn {
    /// Position in the transcript's list of turns.
    pub index: usize,
    /// Who speaks.
    pub speaker: Speaker,
    /// « Vous » or the person's name.
    pub name: String,
    /// « 0:42 ».
    pub at: String,
    /// The words.
    pub text: String,
    /// What could be seen at the desk.
    pub cue: Option<String>,
    /// A move: « Vous mettez en attente. »
    pub action: Option<String>,
    /// Words that marks are based on.
    pub quotes: Vec<Quoted>,
    /// Words that were not said to the person and count for nothing.
    pub asides: Vec<String>,
    /// What had been recognised, where the trainee corrected it.
    pub recognised: Option<String>,
    /// Whether the character was cut short.
    pub cut: bool,
    /// What the character was still going to say.
    pub unsaid: Option<String>,
    /// What a trainer says of it.
    pub comment: Option<String>,
    /// What is kept of the voice.
    pub sound: Option<Sound>,
    /// The `seq` of the trainee's turn, if the conversation can be tried again from just before it.
    pub from: Option<u32>,
}

/// The marks of one axis.
#[derive(Clone, Debug)]
pub struct AxisMarks {
    /// Axis id.
    pub id: String,
    /// Its name.
    pub name: String,
    /// Its indicators.
    pub marks: Vec<IndicatorMark>,
}

/// The mark of one indicator.
#[derive(Clone, Debug)]
pub struct IndicatorMark {
    /// Indicator id.
    pub id: String,
    /// Its wording in the référentiel.
    pub label: String,
    /// « C05 · CR 5.1 ».
    pub criterion: String,
    /// The level; `None`: not applicable.
    pub level: Option<Level>,
    /// Why.
    pub reason: String,
    /// The words that show it.
    pub evidence: Vec<EvidenceLink>,
    /// Advice, for a level below observed.
    pub advice: Option<String>,
    /// A sentence for this very situation.
    pub example: Option<String>,
    /// Whether a machine gave it and no trainer has confirmed it.
    pub to_validate: bool,
    /// Whether a trainer decided it.
    pub by_trainer: bool,
    /// The automatic mark, where a trainer decided otherwise: its level, and why.
    pub proposed: Option<(&'static str, String)>,
    /// Both sides, where the rules and a model do not agree.
    pub sides: Option<Sides>,
    /// Why a trainer should look at it first.
    pub doubt: Option<String>,
}

/// Words that show a mark.
#[derive(Clone, Debug)]
pub struct EvidenceLink {
    /// Position in the transcript's list of turns; `None` for the handoff note.
    pub turn: Option<usize>,
    /// The words; empty where something was only expected.
    pub quote: String,
}

/// The handoff note, as it was written.
#[derive(Clone, Debug)]
pub struct HandoffView {
    /// Name of the service.
    pub service: String,
    /// « Dans les 24 heures ».
    pub urgency: String,
    /// What was passed on.
    pub summary: String,
}

/// What gave the marks, and under which versions.
#[derive(Clone, Debug)]
pub struct Provenance {
    /// Title of the grid.
    pub rubric: String,
    /// First characters of its hash.
    pub rubric_hash: String,
    /// First characters of the persona file's hash.
    pub persona_hash: String,
    /// « version 3 du 12 novembre 2026 », of a situation that a trainer wrote.
    pub persona_version: Option<String>,
    /// « règles, version 0.1.0 ».
    pub engine: String,
    /// « relu par un-modele (consigne 1, 9f2c41ab), … », where a model judged too.
    pub model: Option<String>,
}

impl Scorecard {
    /// What was whispered after so many turns.
    pub fn whispered(&self, after: &usize) -> impl Iterator<Item = &Whispered> {
        self.whispers.iter().filter(move |whispered| whispered.after == *after)
    }

    /// What was whispered after the last turn.
    pub fn whispered_last(&self) -> impl Iterator<Item = &Whispered> {
        self.whispers.iter().filter(|whispered| whispered.after >= self.turns.len())
    }

    /// The drawing's address.
    pub fn portrait(&self) -> String {
        portrait::portrait(&self.persona)
    }

    /// « Au téléphone ».
    pub fn channel_name(&self) -> &'static str {
        french::channel(self.channel)
    }

    /// `desk` or `phone`, for styles.
    pub fn channel_code(&self) -> &'static str {
        french::channel_code(self.channel)
    }

    /// Where a second try is posted.
    pub fn again(&self) -> String {
        paths::again(&self.id)
    }

    /// Where recordings are deleted.
    pub fn delete_recordings(&self) -> String {
        paths::delete_recordings(&self.id)
    }

    /// Its own address.
    pub fn scorecard_href(&self) -> String {
        paths::scorecard(&self.id)
    }

    /// Where the page finds out whether the model is done.
    pub fn rereading_href(&self) -> String {
        paths::rereading(&self.id)
    }

    /// Where a trainer reviews it.
    pub fn review_href(&self) -> String {
        paths::review(&self.id)
    }

    /// The handoff note's address, to change it.
    pub fn handoff_href(&self) -> String {
        paths::handoff(&self.id)
    }

    /// How many facts came out, of how many.
    pub fn facts_count(&self) -> String {
        let found = self.found.len();
        let all = found + self.missed.len();
        format!("{} sur {all}", french::count(found as u64, "information"))
    }

    /// Whether any mark still waits for a trainer.
    pub fn to_validate(&self) -> bool {
        self.grid.iter().flat_map(|axis| &axis.marks).any(|mark| mark.to_validate)
    }
}

impl AxisScore {
    /// « solide ».
    pub fn level(&self) -> &'static str {
        french::axis_level(self.score)
    }

    /// « 3 observés, 1 partiel, 2 non observés ».
    pub fn tally(&self) -> String {
        let mut parts = Vec::new();
        if self.observed > 0 {
            parts.push(french::count(self.observed, "observé"));
        }
        if self.partial > 0 {
            parts.push(french::count(self.partial, "partiel"));
        }
        if self.missed > 0 {
            let plural = if self.missed < 2 { "" } else { "s" };
            parts.push(format!("{}\u{a0}non\u{a0}observé{plural}", self.missed));
        }
        parts.join(", ")
    }
}

impl Turn {
    /// Whether the trainee speaks.
    pub fn mine(&self) -> bool {
        self.speaker == Speaker::Trainee
    }

    /// Whether none of it was said to the person.
    pub fn is_aside(&self) -> bool {
        self.asides.len() == 1 && self.asides[0].trim() == self.text.trim()
    }

    /// The words, cut at the quotes.
    pub fn segments(&self) -> Vec<Segment> {
        segments(&self.text, &self.quotes)
    }
}

impl IndicatorMark {
    /// « observé ».
    pub fn level_name(&self) -> &'static str {
        french::level(self.level)
    }

    /// `observed`, `partial`, `missed`, `none`: for styles.
    pub fn level_code(&self) -> &'static str {
        match self.level {
            Some(Level::Observed) => "observed",
            Some(Level::Partial) => "partial",
            Some(Level::Missed) => "missed",
            None => "none",
        }
    }
}

impl AxisMarks {
    /// Marks that apply here, those to work on first.
    pub fn applicable(&self) -> Vec<&IndicatorMark> {
        let mut marks: Vec<&IndicatorMark> = self.marks.iter().filter(|mark| mark.level.is_some()).collect();
        marks.sort_by_key(|mark| mark.level);
        marks
    }

    /// Marks that do not apply here.
    pub fn not_applicable(&self) -> Vec<&IndicatorMark> {
        self.marks.iter().filter(|mark| mark.level.is_none()).collect()
    }
}
