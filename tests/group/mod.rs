//! A group that has rehearsed: made up, seeded, plausible. Its conversations are played by the characters' own rules and
//! scored by the rubric's, so that pages and exports meet what they meet in use; only time is made up.

#![allow(clippy::allow_attributes, reason = "each binary that includes this uses a part of it")]
#![allow(dead_code, reason = "each binary that includes this uses a part of it")]

use std::sync::Arc;
use std::time::Duration;

use comptoir::clock::Timestamp;
use comptoir::content::{Content, Kind};
use comptoir::hearing::{Context, Ears, hear};
use comptoir::id::{ConversationId, GroupId, Ulid, VisitorId};
use comptoir::persona::{Persona, Urgency};
use comptoir::reply::{Turn, respond};
use comptoir::review::overall;
use comptoir::rubric::Rubric;
use comptoir::scoring::score;
use comptoir::store::{Group, Judge, Judgement, NewAccount, NewConversation, Store, TokenDigest, Version, VersionKind};
use comptoir::transcript::{EndedBy, Event, Handoff, Happening, Live, Start};
use comptoir::utterance::Utterance;

/// What was made.
pub(crate) struct Made {
    pub(crate) group: GroupId,
    /// The trainer's session token.
    pub(crate) token: String,
    /// The first trainee's.
    pub(crate) trainee_token: String,
    pub(crate) trainees: Vec<VisitorId>,
    /// Of each trainee, oldest first.
    pub(crate) conversations: Vec<Vec<ConversationId>>,
}

/// How many conversations a day each trainee has.
const A_DAY: u32 = 2;

const NAMES: [&str; 40] = [
    "Amina Benali",
    "Bruno Lefèvre",
    "Chloé Marchand",
    "Denis Oumarou",
    "Élise Roy",
    "Farid Haddad",
    "Gaëlle Perrin",
    "Hugo Da Silva",
    "Inès Caron",
    "Jules N’Diaye",
    "Karima Saïdi",
    "Léa Fontaine",
    "Marc Guérin",
    "Nadia Boucher",
    "Olivier Tran",
    "Pauline Rey",
    "Quentin Aubry",
    "Rachida Mansouri",
    "Sofia Lopes",
    "Thomas Weber",
    "Ugo Ferrari",
    "Valérie Noël",
    "Wassim Trabelsi",
    "Xavier Blanc",
    "Yasmine Kaci",
    "Zoé Lambert",
    "Aïcha Diallo",
    "Benoît Colin",
    "Camille Petit",
    "Damien Roche",
    "Emma Vidal",
    "Fanny Leroux",
    "Grégory Simon",
    "Hélène Masson",
    "Ibrahim Touré",
    "Julie Bertrand",
    "Kévin Morel",
    "Laure Gauthier",
    "Mehdi Zerrouki",
    "Nora Fabre",
];

/// What someone says who knows how.
const WELL: [&str; 14] = [
    "Rive Claire Habitat, agence des Tilleuls, bonjour, je vous écoute.",
    "Je comprends, il y a de quoi être en colère, je vous présente nos excuses.",
    "Pouvez-vous me donner votre nom et votre adresse, s'il vous plaît ?",
    "Depuis quand est-ce que cela dure, et où cela se passe-t-il exactement ?",
    "Si j'ai bien compris, cela dure depuis plusieurs semaines et personne ne vous a rappelé, c'est bien cela ?",
    "Y a-t-il des enfants ou une personne malade dans le logement ?",
    "Prenez votre temps, je vous écoute.",
    "Je transmets tout de suite au service technique, et son gestionnaire vous rappelle avant midi.",
    "Je vais appeler ma responsable pour qu'elle vous réponde, parce que c'est elle qui peut décider.",
    "Est-ce que c'est clair pour vous, voulez-vous que je reprenne ?",
    "Avez-vous d'autres questions ?",
    "Je vous propose de remplir la demande ensemble, je vous montre chaque étape, d'accord ?",
    "Je note votre numéro et je vous confirme la suite par écrit dans la journée.",
    "Merci de me l'avoir dit, vous avez bien fait de nous joindre.",
];

/// What someone says who does not.
const BADLY: [&str; 10] = [
    "bonjour c'est pour quoi",
    "Oui, et alors ?",
    "Calmez-vous, je ne peux rien faire si vous criez.",
    "Il faut que je fasse un OS au GTS pour la régul.",
    "Ce n'est pas de ma faute, moi je suis à l'accueil.",
    "Normalement on vous rappellera dans la semaine.",
    "Je vais voir avec quelqu'un.",
    "C'est la règle, tout le monde attend son tour.",
    "D'accord.",
    "Rappelez demain.",
];

/// Makes a group of so many trainees with so many conversations each, the last ones shortly before `now`.
pub(crate) async fn make(store: &Store, content: &Content, trainees: u32, each: u32, now: Timestamp) -> Made {
    let rubric = content.rubric("bloc1").expect("the rubric of block 1");
    keep(store, content, rubric, now).await;
    let stages: Vec<(Arc<Persona>, Ears)> =
        content.personas().map(|persona| (Arc::clone(persona), Ears::new(persona, content.organisation()))).collect();
    let days = i64::from(each / A_DAY + 2);
    let opened = now.checked_sub(Duration::from_secs(u64::try_from(days).unwrap_or(0) * 86_400)).expect("a day");
    let trainer = person(store, 900_000, "Claire Martin", true, opened).await;
    let token = format!("{:064x}", 0x00c0_ffee);
    let until = now + Duration::from_hours(8760);
    store.open_session(&TokenDigest::of(&token), trainer, opened, until).await.expect("a session");
    let group = GroupId::new(ulid(opened, 900_001));
    let new = Group {
        id: group,
        name: "Promotion d’automne".to_owned(),
        code: "AUTOMNE1".to_owned(),
        code_until: None,
        created_at: opened,
        archived_at: None,
    };
    store.add_group(&new, trainer).await.expect("a group");
    let mut made = Made {
        group,
        token,
        trainee_token: format!("{:064x}", 0xbee),
        trainees: Vec::new(),
        conversations: Vec::new(),
    };
    let mut seeds = fastrand::Rng::with_seed(5);
    for who in 0..trainees {
        let name = NAMES[who as usize % NAMES.len()];
        let id = person(store, who, name, false, opened).await;
        store.add_member(group, id, opened, opened).await.expect("a member");
        if who == 0 {
            store.open_session(&TokenDigest::of(&made.trainee_token), id, opened, until).await.expect("a session");
        }
        // From clumsy to able, each at a pace of their own.
        let (level, pace) = (0.15 + seeds.f64() * 0.5, seeds.f64() * 0.5);
        let mut own = Vec::new();
        for number in 0..each {
            let skill = level + pace * f64::from(number) / f64::from(each.max(1));
            let (persona, ears) = &stages[seeds.usize(0..stages.len())];
            let back = Duration::from_secs(u64::from((each - number) / A_DAY) * 86_400 + seeds.u64(0..20_000) + 600);
            let at = now.checked_sub(back).expect("a day");
            let conversation = ConversationId::new(ulid(at, who * 10_000 + number));
            let case = Case { store, persona, ears, rubric, conversation, visitor: id, at };
            rehearse(&case, skill, &mut seeds).await;
            own.push(conversation);
        }
        made.trainees.push(id);
        made.conversations.push(own);
    }
    made
}

fn ulid(at: Timestamp, number: u32) -> Ulid {
    Ulid::from_parts(at.as_millisecond().unsigned_abs(), u128::from(number))
}

async fn person(store: &Store, number: u32, name: &str, trainer: bool, at: Timestamp) -> VisitorId {
    let id = VisitorId::new(ulid(at, number));
    let new = NewAccount { id, name: name.to_owned(), credentials: None, trainer, administrator: false };
    store.add_account(&new, &TokenDigest::of(&format!("made up {number}")), at).await.expect("an account");
    id
}

/// Keeps the versions that conversations and scorecards name.
async fn keep(store: &Store, content: &Content, rubric: &Rubric, at: Timestamp) {
    let text = |kind, id| content.good_files().get(kind, id).map(|file| file.text.clone()).expect("a file");
    let rubrics = [(VersionKind::Rubric, rubric.id(), rubric.hash(), text(Kind::Rubric, rubric.id()))];
    let personas = content
        .personas()
        .map(|persona| (VersionKind::Persona, persona.id(), persona.hash(), text(Kind::Persona, persona.id())));
    for (kind, name, digest, text) in rubrics.into_iter().chain(personas.collect::<Vec<_>>()) {
        store.keep_version(Version { kind, name, digest, text: &text }, at).await.expect("a version");
    }
}

struct Case<'a> {
    store: &'a Store,
    persona: &'a Persona,
    ears: &'a Ears,
    rubric: &'a Rubric,
    conversation: ConversationId,
    visitor: VisitorId,
    at: Timestamp,
}

/// Plays, stores and scores one conversation.
async fn rehearse(case: &Case<'_>, skill: f64, random: &mut fastrand::Rng) {
    let Case { store, persona, ears, rubric, conversation, visitor, at } = *case;
    let file = persona.file();
    let start = Start {
        persona: persona.id().to_owned(),
        persona_hash: persona.hash().to_owned(),
        rubric: rubric.id().to_owned(),
        channel: file.channel,
        seed: random.u64(..),
        hints: false,
        aloud: false,
        branched_from: None,
    };
    let new = NewConversation { id: conversation, visitor, start: start.clone(), at, shared: Vec::new() };
    store.start_conversation(&new).await.expect("a conversation");
    let happenings = play(persona, ears, start.seed, skill, random);
    let events: Vec<Event> = std::iter::once(Happening::Started(start))
        .chain(happenings.iter().cloned())
        .zip(0..)
        .map(|(happening, seq)| Event { seq, at: at + Duration::from_secs(20 * u64::from(seq)), happening })
        .collect();
    // A turn and its answer are stored together: half as many commits.
    for pair in events[1..].chunks(2) {
        let happenings = pair.iter().map(|event| event.happening.clone()).collect();
        store.append(conversation, pair[0].seq, happenings, pair[0].at).await.expect("the next events");
    }
    let live = Live::fold(persona, &events).expect("a conversation");
    let scorecard = score(&live.transcript(), persona, ears, rubric);
    let judgement = Judgement {
        conversation,
        judge: Judge::Rules,
        events: live.next_seq(),
        overall: overall(&scorecard),
        scorecard: &scorecard,
    };
    store.keep_scorecard(judgement, at + Duration::from_mins(15)).await.expect("a scorecard");
}

/// What happens after the start.
fn play(persona: &Persona, ears: &Ears, seed: u64, skill: f64, random: &mut fastrand::Rng) -> Vec<Happening> {
    let mut state = comptoir::character::State::start(persona);
    let mut happenings = vec![Happening::Received];
    let mut last: Option<String> = None;
    let mut ended = EndedBy::Trainee;
    for spoken in 0..random.usize(5..9) {
        let well = random.f64() < skill;
        let words = match (spoken, well) {
            (0, true) => WELL[0],
            (0, false) => BADLY[0],
            (_, true) => WELL[random.usize(1..WELL.len())],
            (_, false) => BADLY[random.usize(1..BADLY.len())],
        };
        let utterance = Utterance::new(words).expect("plain words");
        let context =
            Context { trainee_turns: spoken, last_words: last.as_deref(), told: state.told(), cuts_in: false };
        let heard = hear(&utterance, ears, &context);
        let reply = respond(persona, &state, Turn::Said(&heard), seed);
        happenings.push(Happening::Spoke { text: words.to_owned(), client_id: None, spoken: None });
        state = state.after(&reply.change);
        last = Some(reply.text.clone());
        happenings.push(Happening::Replied {
            intent: reply.intent(),
            text: reply.text,
            cue: reply.cue,
            change: reply.change,
            made: None,
        });
        if let Some(by) = state.ended() {
            ended = by;
            break;
        }
    }
    happenings.push(Happening::Ended { by: ended });
    if random.f64() < 0.8 {
        happenings.push(Happening::HandedOff(Handoff {
            service: "technique".to_owned(),
            urgency: Urgency::Day,
            summary: "La personne attend un rappel ; elle a donné son nom et son adresse.".to_owned(),
        }));
    }
    happenings
}
