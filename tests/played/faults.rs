//! Every fault of an endpoint: the conversation goes on within two seconds, nothing is lost, nothing is said twice.

use std::time::Duration;

use comptoir::conversation::Notice;
use comptoir::model::Limits;
use comptoir::transcript::Happening;
use serde_json::json;

use crate::double::{Does, Seen};
use crate::stage::{GREETING, Setting, Theatre};

/// What a person waits for an answer at most, and some grace for a loaded machine.
const WITHIN: Duration = Duration::from_secs(2);
const GRACE: Duration = Duration::from_millis(400);

const OWN: &str =
    "Au plafond, pile au-dessus de la baignoire, et ça vient de l'appartement du dessus. Voilà, vous savez tout.";

const TURNS: &[&str] = &[
    "Où se trouve la fuite exactement ?",
    "Je comprends votre colère, et je vous présente nos excuses.",
    "Vous avez un chien ou un chat, chez vous ?",
    "Je transmets au service technique, un technicien vous rappelle demain avant midi.",
];

struct Fault {
    name: &'static str,
    /// The codes it may be told by.
    codes: &'static [&'static str],
    does: fn(&Seen) -> Does,
}

const FAULTS: &[Fault] = &[
    Fault {
        name: "connexion coupée avant la réponse",
        codes: &["unreachable", "cut"],
        does: |_| Does::DropsConnection,
    },
    Fault { name: "ne répond jamais", codes: &["late"], does: |_| Does::Hang },
    Fault {
        name: "trop lent (5 s au premier mot)",
        codes: &["late"],
        does: |_| Does::Slowly { text: OWN.into(), first: Duration::from_secs(5), each: Duration::ZERO },
    },
    Fault {
        name: "429, Retry-After 30 s",
        codes: &["overloaded"],
        does: |_| Does::RateLimited { retry_after: "30".into() },
    },
    Fault { name: "500", codes: &["overloaded"], does: |_| Does::error(500, "internal") },
    Fault { name: "401", codes: &["refused"], does: |_| Does::error(401, "bad key") },
    Fault { name: "404 en HTML", codes: &["refused", "no_such_model", "malformed"], does: |_| Does::Html404 },
    Fault { name: "coupé en pleine réponse", codes: &["cut"], does: |_| Does::CutAfter(OWN.into(), 9) },
    Fault { name: "ligne perdue en pleine réponse", codes: &["cut"], does: |_| Does::BreaksAfter(OWN.into(), 9) },
    Fault { name: "se tait en pleine réponse", codes: &["late"], does: |_| Does::StallsAfter(OWN.into(), 3) },
    Fault {
        name: "erreur au milieu du flux",
        codes: &["overloaded", "refused", "cut", "malformed"],
        does: |_| Does::FailsAfter(OWN.into(), 3, json!({"error": {"message": "overloaded", "code": 503}})),
    },
    Fault { name: "flux vide", codes: &["empty", "cut", "malformed"], does: |_| Does::EmptyStream },
    Fault { name: "réponse vide", codes: &["empty"], does: |_| Does::NoContent },
    Fault { name: "JSON mal formé", codes: &["malformed"], does: |_| Does::Malformed("Oui".into()) },
    Fault { name: "autre schéma", codes: &["malformed", "empty"], does: |_| Does::WrongShape },
    Fault { name: "octets quelconques", codes: &["malformed", "empty", "cut"], does: |_| Does::Garbage },
    Fault { name: "refus du modèle", codes: &["declined"], does: |_| Does::Refusal("Je ne peux pas.".into()) },
    Fault { name: "sans fin ni phrase", codes: &["endless", "guarded"], does: |_| Does::Endless("et encore ".into()) },
    Fault { name: "sans fin, phrase après phrase", codes: &[""], does: |_| Does::Endless("Et j'attends. ".into()) },
    Fault { name: "sort du rôle", codes: &["guarded"], does: |_| Does::words("Je suis un modèle de langage.") },
];

/// Plays a conversation against a fault; the longest wait for first words, and the codes told.
async fn play(theatre: &Theatre, fault: &Fault) -> (Duration, Vec<String>, Vec<Notice>) {
    let mut talk = theatre.begin(theatre.stage("fuite-colere"), 7).await;
    talk.receive().await;
    talk.say(GREETING).await.unwrap();
    let (mut longest, mut codes) = (Duration::ZERO, Vec::new());
    for words in TURNS {
        let reply = talk.say(words).await.unwrap_or_else(|| panic!("{}: over after {words}", fault.name));
        longest = longest.max(reply.first.unwrap_or(reply.whole));
        assert!(!reply.text.is_empty() && reply.parts == reply.text, "{}: {reply:?}", fault.name);
        for bad in ["modèle", "et encore et encore"] {
            assert!(!reply.text.contains(bad), "{}: {}", fault.name, reply.text);
        }
        let made = reply.made.unwrap();
        codes.extend(made.fell_back);
    }
    // Everything is stored once, turn after turn.
    let events = theatre.events(talk.id).await;
    let order: String = events
        .iter()
        .filter_map(|event| match event.happening {
            Happening::Spoke { .. } => Some('?'),
            Happening::Replied { .. } => Some('!'),
            _ => None,
        })
        .collect();
    assert_eq!(order, "?!?!?!?!?!", "{}", fault.name);
    let notices = std::mem::take(&mut talk.notices);
    drop(talk);
    (longest, codes, notices)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn whatever_fails_the_conversation_goes_on_within_two_seconds() {
    let mut rows = Vec::new();
    for fault in FAULTS {
        let theatre = Theatre::open(fault.does).await;
        let (longest, codes, notices) = play(&theatre, fault).await;
        theatre.close().await;
        assert!(longest <= WITHIN + GRACE, "{}: {longest:?}", fault.name);
        let expected = |code: &String| fault.codes.contains(&code.as_str()) || code == "resting";
        assert!(codes.iter().all(expected), "{}: {codes:?}", fault.name);
        assert_eq!(codes.is_empty(), fault.codes == [""], "{}: {codes:?}", fault.name);
        let guarded = codes.iter().all(|code| code == "guarded");
        assert!(notices.len() <= 1, "{}: told once: {notices:?}", fault.name);
        assert!(guarded || codes.is_empty() || notices == [Notice::ModelAway], "{}: {notices:?}", fault.name);
        rows.push(format!("| {} | {} | {} ms |", fault.name, codes.join(", "), longest.as_millis()));
    }
    println!("| panne | codes, réplique par réplique | premiers mots au plus tard |\n{}", rows.join("\n"));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_endpoint_that_is_not_there_costs_no_turn_its_two_seconds() {
    let address = crate::double::Double::start(|_| Does::Hang).await.gone().await;
    let theatre = Theatre::at(Setting::default(), &address).await;
    let fault = Fault { name: "rien à cette adresse", codes: &["unreachable"], does: |_| Does::Hang };
    let (longest, codes, notices) = play(&theatre, &fault).await;
    theatre.close().await;
    assert!(longest < WITHIN + GRACE, "{longest:?}");
    assert!(codes.iter().all(|code| code == "unreachable" || code == "resting"), "{codes:?}");
    assert_eq!(codes.len(), TURNS.len());
    assert_eq!(notices, [Notice::ModelAway]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_model_that_comes_back_plays_again_and_may_be_missed_again() {
    let setting = Setting { limits: Limits { tries: 1, ..Setting::default().limits }, ..Setting::default() };
    let theatre = Theatre::open_with(setting, |seen| {
        let hears = seen.schema_name().is_some();
        match seen.text().matches("Je vous écoute, continuez").count() {
            _ if hears => Does::Json(json!({"demande": []})),
            2 => Does::words("Bon, je continue alors."),
            _ => Does::error(500, "internal"),
        }
    })
    .await;
    let mut talk = theatre.begin(theatre.stage("fuite-colere"), 7).await;
    talk.receive().await;
    talk.say(GREETING).await.unwrap();
    let mut models = Vec::new();
    for _ in 0..3 {
        models.push(talk.say("Je vous écoute, continuez.").await.unwrap().made.unwrap().model.is_some());
    }
    assert_eq!(models, [false, true, false]);
    assert_eq!(talk.notices, [Notice::ModelAway, Notice::ModelAway]);
    drop(talk);
    theatre.close().await;
}
