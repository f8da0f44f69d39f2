//! What a group has beside its conversations: exams, reviews, blind ratings, calibrations, written situations, people who
//! rehearse at this moment; and the accounts and the log of the whole organisation.

use std::collections::BTreeMap;
use std::time::Duration;

use comptoir::clock::Timestamp;
use comptoir::content::{Content, Kind, shipped_exchanges};
use comptoir::exam::{Answer, Answers, Draw, Happening, Opened, Step, draw, questions_of};
use comptoir::hearing::Ears;
use comptoir::id::{AssignmentId, BookletId, CalibrationId, ConversationId, GroupId, VisitorId};
use comptoir::persona::{Persona, restore};
use comptoir::review::overall;
use comptoir::rubric::booklet::{Booklet, PartKind, Question};
use comptoir::scoring::{Decision, Draft, Entry, Level, prepared, rule};
use comptoir::store::{
    AuditLine, Group, Judge, Judgement, LevelPairs, NewBooklet, NewConversation, NewPublication, NewSituation, Save,
    SavedReview, SituationPublication, Store, TokenDigest, Version, VersionKind,
};
use comptoir::transcript::{Happening as Turned, Live, Start};
use comptoir::writing;

use crate::group::{Case, Made, person, rehearse, ulid};

/// Accounts of other groups.
const OTHERS: u32 = 160;
/// Lines in the log.
const LINES: u32 = 3_000;
/// Situations that the trainer has written.
const WRITTEN: u32 = 12;

/// Where to look.
pub(crate) struct Course {
    /// An administrator's session token.
    pub(crate) administrator: String,
    pub(crate) assignment: AssignmentId,
    /// Given blind by two trainers, not settled yet.
    pub(crate) compared: ConversationId,
    /// Under way.
    pub(crate) running: ConversationId,
    /// The first trainee's: handed in, and under way in its first part.
    pub(crate) exam: BookletId,
    pub(crate) sitting: BookletId,
    pub(crate) situation: String,
    pub(crate) exercise: String,
    pub(crate) rating: CalibrationId,
}

/// Who makes it, of what, when.
struct Maker<'a> {
    store: &'a Store,
    content: &'a Content,
    now: Timestamp,
    random: fastrand::Rng,
    /// Ids made so far: each has a number of its own.
    ids: u32,
}

/// Adds the rest of the course to a group.
pub(crate) async fn add(store: &Store, content: &Content, made: &Made, now: Timestamp) -> Course {
    let mut maker = Maker { store, content, now, random: fastrand::Rng::with_seed(7), ids: 2_000_000 };
    let trainers = store.trainers(made.group).await.expect("the trainers");
    let claire = trainers[0].0;
    let marc = maker.account("Marc Petit", true).await;
    store.add_trainer(made.group, marc).await.expect("a trainer");
    let anne = maker.administrator().await;
    let (administrator, until) = (format!("{:064x}", 0xad), now + Duration::from_hours(24));
    store.open_session(&TokenDigest::of(&administrator), anne, now, until).await.expect("a session");
    maker.other_groups(claire).await;
    maker.log(claire, made).await;
    let compared = maker.reviews(made, claire, marc).await;
    let mut exams = Vec::new();
    for visitor in &made.trainees {
        exams.push(maker.exams(*visitor).await);
    }
    let sitting = maker.sitting(made.trainees[0]).await;
    let situation = maker.situations(claire, made.group).await;
    let (exercise, rating) = maker.calibrations(claire).await;
    let running = maker.running(&made.trainees).await;
    let assignment = store.assignments_of(made.group).await.expect("the assignments")[0].id;
    Course { administrator, assignment, compared, running, exam: exams[0], sitting, situation, exercise, rating }
}

impl Maker<'_> {
    fn ulid(&mut self, at: Timestamp) -> comptoir::id::Ulid {
        self.ids += 1;
        ulid(at, self.ids)
    }

    fn ago(&self, days: u64) -> Timestamp {
        self.now.checked_sub(Duration::from_hours(24 * days)).expect("a day")
    }

    async fn account(&mut self, name: &str, trainer: bool) -> VisitorId {
        self.ids += 1;
        person(self.store, self.ids, name, trainer, self.ago(60)).await
    }

    async fn administrator(&mut self) -> VisitorId {
        let anne = self.account("Anne Roy", false).await;
        self.store.set_roles(anne, false, true).await.expect("a role");
        anne
    }

    /// Other groups of the same trainer, that have not begun.
    async fn other_groups(&mut self, trainer: VisitorId) {
        let at = self.ago(30);
        for number in 0..4 {
            let id = GroupId::new(self.ulid(at));
            let (name, code) = (format!("Groupe {number}"), format!("GROUPE0{number}"));
            let group = Group { id, name, code, code_until: None, created_at: at, archived_at: None };
            self.store.add_group(&group, trainer).await.expect("a group");
            for member in 0..OTHERS / 4 {
                let member = self.account(&format!("Stagiaire {number}-{member}"), false).await;
                self.store.add_member(id, member, at, at).await.expect("a member");
            }
        }
    }

    async fn log(&mut self, trainer: VisitorId, made: &Made) {
        for number in 0..LINES {
            let at = self.now.checked_sub(Duration::from_mins(7 * u64::from(number))).expect("a day");
            let seen = made.trainees[number as usize % made.trainees.len()];
            let line = AuditLine {
                at,
                actor: Some(trainer),
                actor_name: Some("Claire Martin".to_owned()),
                action: "record.read".to_owned(),
                subject: Some(seen.to_string()),
                detail: None,
            };
            let id = self.ulid(at);
            self.store.add_audit(id, &line).await.expect("a line");
        }
    }

    /// Of each trainee: some reviews published, one under way, one asked for, one rated blind by two.
    async fn reviews(&mut self, made: &Made, claire: VisitorId, marc: VisitorId) -> ConversationId {
        let mut compared = None;
        for own in &made.conversations {
            for (number, conversation) in own.iter().enumerate() {
                match number % 8 {
                    0 => self.publish(*conversation, claire).await,
                    1 if number < 8 => {
                        let (draft, _, _) = self.draft(*conversation).await;
                        self.store.save_review(saved(*conversation, claire, &draft), self.now).await.expect("a review");
                    }
                    2 if number < 8 => {
                        self.store.ask_for_review(*conversation, self.ago(1)).await.expect("a request");
                    }
                    3 if number < 8 => {
                        self.store.ask_blind(*conversation, claire, marc, self.ago(2)).await.expect("a rating");
                        for reader in [claire, marc] {
                            let (draft, _, _) = self.draft(*conversation).await;
                            let saved = saved(*conversation, reader, &draft);
                            self.store.finish_blind(saved, self.ago(1)).await.expect("a rating");
                        }
                        if compared.is_some() {
                            self.store.settle_blind(*conversation, self.now).await.expect("a rating");
                        }
                        compared = compared.or(Some(*conversation));
                    }
                    _ => {}
                }
            }
        }
        compared.expect("somebody has rehearsed four times")
    }

    /// What a trainer puts down: mostly what the rules propose. With it, what they propose and on what.
    async fn draft(&mut self, id: ConversationId) -> (Draft, comptoir::scoring::Scorecard, Live) {
        let automatic = self.store.scorecard(id, Judge::Rules).await.expect("a scorecard").expect("it was scored");
        let automatic = automatic.scorecard;
        let events = self.store.events(id, 0).await.expect("events");
        let conversation = self.store.conversation(id).await.expect("a conversation").expect("it is there");
        let persona = self.content.persona(&conversation.persona).expect("its persona");
        let live = Live::fold(persona, &events).expect("a conversation");
        let mut draft = Draft { general: "Un échange tenu, à reprendre sur la fin.".to_owned(), ..Draft::default() };
        for mark in automatic.marks.iter().filter(|mark| mark.level.is_some()) {
            if self.random.f64() < 0.15 {
                let other = if mark.level == Some(Level::Observed) { Level::Partial } else { Level::Observed };
                let entry = Entry {
                    decision: Some(Decision::of(Some(other))),
                    reason: "Le ton le montre.".to_owned(),
                    words: String::new(),
                };
                draft.entries.insert(mark.id.clone(), entry);
            }
        }
        draft.accept_the_rest(&automatic);
        (draft, automatic, live)
    }

    async fn publish(&mut self, id: ConversationId, by: VisitorId) {
        let (draft, automatic, live) = self.draft(id).await;
        let rulings = draft.settle(&automatic, &live.transcript()).expect("nothing lacks");
        let new = NewPublication {
            review: saved(id, by, &draft),
            events: live.next_seq(),
            rulings: &rulings,
            automatic: &automatic,
        };
        let number = self.store.publish(new, self.ago(1)).await.expect("a publication");
        let rubric = self.content.rubric("bloc1").expect("the rubric of block 1");
        let scorecard = rule(&automatic, &rulings, rubric, number);
        let judgement = Judgement {
            conversation: id,
            judge: Judge::Trainer,
            events: live.next_seq(),
            overall: overall(&scorecard),
            scorecard: &scorecard,
        };
        self.store.keep_scorecard(judgement, self.ago(1)).await.expect("a scorecard");
    }

    /// One exam of every kind, handed in; the last of them.
    async fn exams(&mut self, visitor: VisitorId) -> BookletId {
        let booklets: Vec<_> = self.content.booklets().cloned().collect();
        let mut last = None;
        for booklet in booklets {
            let at = self.ago(2);
            let (id, draw) = self.open(visitor, &booklet, at).await;
            let mut happenings = Vec::new();
            let steps = draw.steps().count();
            for (number, (situation, drawn, step)) in (0u16..).zip(draw.steps()) {
                happenings.push(Happening::Entered { step: number });
                if step.kind == PartKind::Conversation {
                    let conversation = self.exchange(visitor, &drawn.persona, at).await;
                    self.store.enlist(conversation, id, situation).await.expect("an exchange");
                    happenings.push(Happening::Conversed { step: number, conversation });
                } else {
                    let answers = self.answers(&booklet, step);
                    happenings.push(Happening::Answered { step: number, answers });
                }
                happenings.push(Happening::Finished { step: number });
            }
            assert!(steps > 0, "a booklet has parts");
            self.store.append_to_booklet(id, 1, happenings, at, true).await.expect("an exam");
            last = Some(id);
        }
        last.expect("there are booklets")
    }

    async fn open(&mut self, visitor: VisitorId, booklet: &Booklet, at: Timestamp) -> (BookletId, Draw) {
        // As the service draws them: the store keeps 63 bits.
        let seed = self.random.u64(..1 << 63);
        let draw = draw(booklet, self.content.personas().map(AsRef::as_ref), seed).expect("enough situations");
        let text = &self.content.good_files().get(Kind::Booklet, booklet.id()).expect("its file").text;
        let version = Version { kind: VersionKind::Booklet, name: booklet.id(), digest: booklet.hash(), text };
        self.store.keep_version(version, at).await.expect("a version");
        let id = BookletId::new(self.ulid(at));
        let opened = Opened { seed, extra_percent: 0 };
        let new = NewBooklet { id, visitor, assignment: None, draw: &draw, opened, at };
        self.store.open_booklet(&new).await.expect("an exam");
        (id, draw)
    }

    /// The exchange of an exam, played and scored.
    async fn exchange(&mut self, visitor: VisitorId, persona: &str, at: Timestamp) -> ConversationId {
        let persona = self.content.persona(persona).expect("it was drawn");
        let ears = Ears::new(persona, self.content.organisation());
        let rubric = self.content.rubric("bloc1").expect("the rubric of block 1");
        let conversation = ConversationId::new(self.ulid(at));
        let case = Case { store: self.store, persona, ears: &ears, rubric, conversation, visitor, at, under: None };
        rehearse(&case, 0.6, &mut self.random).await;
        conversation
    }

    /// Answers to a part, half of them right.
    fn answers(&mut self, booklet: &Booklet, step: &Step) -> Answers {
        let mut answers = Answers::new();
        if step.kind == PartKind::Note {
            let text = |text: &str| Answer::text(text).expect("a short text");
            answers.insert("service".to_owned(), text("technique"));
            answers.insert("urgency".to_owned(), text("24h"));
            answers.insert("summary".to_owned(), text("Une fuite au plafond, à voir aujourd'hui."));
        }
        if step.kind == PartKind::Queue
            && let Some(queue) = step.setting.as_deref().and_then(|id| booklet.queue(id))
        {
            let order = queue.person.iter().map(|person| person.id.clone()).collect();
            let delays: BTreeMap<_, _> = queue.person.iter().map(|one| (one.id.clone(), one.delay)).collect();
            answers.insert(Answer::ORDER.to_owned(), Answer::Order(order));
            answers.insert(Answer::DELAYS.to_owned(), Answer::Delays(delays));
        }
        for question in questions_of(booklet, step) {
            answers.insert(question.id.clone(), self.answer(question));
        }
        answers
    }

    fn answer(&mut self, question: &Question) -> Answer {
        if question.choice.is_empty() {
            return Answer::text("Je rappelle la personne, je lui dis quand, et je note ce qui reste à faire.")
                .expect("a short text");
        }
        let ticked = question.choice.iter().filter(|choice| choice.right == (self.random.f64() < 0.8));
        Answer::Ticked(ticked.map(|choice| choice.id.clone()).collect())
    }

    /// An exam that has just been begun.
    async fn sitting(&mut self, visitor: VisitorId) -> BookletId {
        let booklet = self.content.booklets().next().cloned().expect("a booklet");
        let (id, _) = self.open(visitor, &booklet, self.now).await;
        let entered = vec![Happening::Entered { step: 0 }];
        self.store.append_to_booklet(id, 1, entered, self.now, false).await.expect("an exam");
        id
    }

    /// Situations with a few drafts and versions each; the first of them.
    async fn situations(&mut self, maker: VisitorId, group: GroupId) -> String {
        let files: Vec<_> = self.content.good_files().of(Kind::Persona).cloned().collect();
        for (number, file) in (1..=WRITTEN).zip(files.iter().cycle()) {
            let (id, title) = (format!("fiche-{number}"), format!("Situation {number}"));
            let text = writing::copy(&file.text, &id, &title).expect("a sound file");
            let at = self.ago(20);
            let new = NewSituation { id: &id, maker, copied_from: Some(file.stem()), title: &title, draft: &text, at };
            self.store.add_situation(&new).await.expect("a situation");
            for revision in 1..=3 {
                let draft = format!("{text}\n# version {revision}\n");
                let save = Save { id: &id, revision, title: &title, draft: &draft, by: maker, at };
                self.store.save_draft(&save).await.expect("a draft");
                let persona = restore(&draft).expect("a sound text");
                let digest = persona.hash();
                let version = Version { kind: VersionKind::Persona, name: &id, digest, text: &draft };
                self.store.keep_version(version, at).await.expect("a version");
                let publication = SituationPublication {
                    id: &id,
                    digest,
                    title: &title,
                    note: "Une réplique de plus.",
                    by: maker,
                    at,
                    to: &[group],
                    from: &[],
                };
                self.store.publish_situation(&publication).await.expect("a version");
            }
        }
        "fiche-1".to_owned()
    }

    /// Two ratings of every prepared exchange; the last one.
    async fn calibrations(&mut self, trainer: VisitorId) -> (String, CalibrationId) {
        let mut last = None;
        for (name, text) in shipped_exchanges() {
            let one = prepared(&name, &text).expect("a sound exchange");
            for days in [9, 3] {
                let (id, at) = (CalibrationId::new(self.ulid(self.ago(days))), self.ago(days));
                self.store.begin_calibration(id, trainer, &name, at).await.expect("a rating");
                let mut levels = LevelPairs::new();
                for (indicator, reference) in &one.marks {
                    let mine = if self.random.f64() < 0.8 { reference.level } else { Some(Level::Partial) };
                    levels.push((indicator.clone(), reference.level, mine));
                }
                let saved = self.store.save_calibration(id, 0, &Draft::default(), Some(&levels), at).await;
                saved.expect("a rating");
                last = Some((name.clone(), id));
            }
        }
        last.expect("there are prepared exchanges")
    }

    /// One trainee in four has just begun; the first of these conversations.
    async fn running(&mut self, trainees: &[VisitorId]) -> ConversationId {
        let persona: &Persona = self.content.persona("fuite-colere").expect("a persona");
        let mut first = None;
        for visitor in trainees.iter().step_by(4) {
            let id = ConversationId::new(self.ulid(self.now));
            let start = Start {
                persona: persona.id().to_owned(),
                persona_hash: persona.hash().to_owned(),
                rubric: "bloc1".to_owned(),
                channel: persona.file().channel,
                seed: 1,
                hints: false,
                aloud: false,
                branched_from: None,
            };
            let new = NewConversation { id, visitor: *visitor, start, at: self.now, shared: Vec::new() };
            self.store.start_conversation(&new).await.expect("a conversation");
            let spoke = Turned::Spoke { text: "Bonjour, je vous écoute.".to_owned(), client_id: None, spoken: None };
            self.store.append(id, 1, vec![Turned::Received, spoke], self.now).await.expect("the next events");
            first = first.or(Some(id));
        }
        first.expect("there are trainees")
    }
}

fn saved(conversation: ConversationId, reviewer: VisitorId, draft: &Draft) -> SavedReview<'_> {
    SavedReview { conversation, reviewer, version: 0, base: 0, draft }
}
