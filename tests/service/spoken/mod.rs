//! Spoken conversations over the socket, and everything that can go wrong with them.

mod sound;

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use comptoir::server::Speech;
use comptoir::speech::{Limits, TranscribeError, Transcriber};
use comptoir::transcript::Happening;
use reqwest::StatusCode;
use serde_json::{Value, json};

use self::sound::{Microphone, clip, frame, hiss, listen, silence, turn};
use crate::app::TestApp;
use crate::talk::Talk;

const PHONE: &str = "fuite-colere";
const LIMITS: Limits = Limits { places: 1, queue: 4, deadline: Duration::from_secs(30) };

/// A service whose ears are this engine.
async fn hearing(transcriber: Transcriber) -> TestApp {
    TestApp::builder().speech(Speech { transcriber: Ok(transcriber), ..Speech::default() }).start().await
}

/// Ears that always hear the same.
fn always(words: &'static str) -> Transcriber {
    Transcriber::by(LIMITS, move |_| async move { Ok(words.to_owned()) })
}

/// A call that was picked up.
async fn call(app: &TestApp) -> (crate::app::Visitor, String, Talk) {
    let visitor = app.visitor();
    let id = visitor.open(PHONE).await;
    let mut talk = visitor.join(&id, 0).await;
    talk.first("welcome").await;
    talk.receive().await;
    (visitor, id, talk)
}

/// Sends a transcription as a turn; the reply.
async fn send_turn(talk: &mut Talk, transcribed: &Value) -> Value {
    talk.send(&turn(transcribed, transcribed["text"].as_str().unwrap())).await;
    let said = talk.first("said").await;
    assert_eq!((&said["id"], &said["recognised"]), (&transcribed["utterance"], &transcribed["text"]));
    talk.first("replied").await
}

#[cfg(feature = "voice")]
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_call_of_three_spoken_turns_leads_to_a_scorecard_with_its_figures() {
    let app = hearing(sound::whisper()).await;
    let (visitor, id, mut talk) = call(&app).await;
    talk.send(&json!({"type": "sound", "on": true})).await;
    let mut microphone = Microphone::open(&mut talk, "s-1", 0, "free").await;
    for (name, words) in [
        ("bonjour-agence", "Bonjour, agence de la Rive Claire, je vous écoute."),
        ("je-comprends", "Je comprends votre situation."),
        ("un-technicien", "Un technicien passera demain matin."),
    ] {
        app.later(Duration::from_secs(8));
        let transcribed = microphone.say(&mut talk, name).await;
        assert_eq!(transcribed["text"], words);
        let replied = send_turn(&mut talk, &transcribed).await;
        let reply = &replied["seq"];
        talk.send(&json!({"type": "voicing", "reply": reply})).await;
        app.later(Duration::from_secs(3));
        talk.send(&json!({"type": "voiced", "id": format!("v-{reply}"), "reply": reply, "ms": 2_500})).await;
        assert_eq!(talk.first("voiced").await["said"], Value::Null);
    }
    talk.make(json!({"kind": "end"})).await;
    talk.first("ended").await;
    let page = visitor.page(&format!("/conversations/{id}/scorecard")).await;
    assert_eq!(page.status, StatusCode::OK);
    assert!(page.text.contains("agence de la Rive Claire"), "the scorecard quotes what was said aloud");
    let transcript: Value =
        serde_json::from_str(&visitor.get(&format!("/conversations/{id}/transcript.json")).await.text).unwrap();
    let first = &transcript["turns"][0];
    assert!(first["end_ms"].as_u64() >= first["start_ms"].as_u64());
    app.stop().await;
}

#[cfg(feature = "voice")]
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_held_button_makes_one_turn_of_what_was_said_under_it() {
    let app = hearing(sound::whisper()).await;
    let (_, _, mut talk) = call(&app).await;
    for (press, name) in [("p-1", "votre-nom"), ("p-2", "numero-de-dossier")] {
        let mut microphone = Microphone::open(&mut talk, press, 0, "push").await;
        microphone.send(&mut talk, &clip(name)).await;
        microphone.stop(&mut talk).await;
        let transcribed = talk.first("transcribed").await;
        assert_eq!((&transcribed["stream"], &transcribed["utterance"]), (&json!(press), &json!(format!("{press}-0"))));
        assert!(transcribed["text"].as_str().unwrap().contains("votre"), "{transcribed}");
    }
    let mut microphone = Microphone::open(&mut talk, "p-3", 0, "push").await;
    microphone.send(&mut talk, &silence(400)).await;
    microphone.stop(&mut talk).await;
    assert_eq!(talk.first("unheard").await["why"], "too_short");
    app.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn words_over_the_characters_voice_cut_it_and_what_it_did_not_say_is_not_told() {
    let app = hearing(always("Attendez, laissez-moi chercher votre dossier.")).await;
    let (visitor, id, mut talk) = call(&app).await;
    talk.send(&json!({"type": "sound", "on": true})).await;
    let (_, replied) = talk.say("Bonjour, où se trouve la fuite exactement ?").await;
    let (reply, text) = (replied["seq"].clone(), replied["text"].as_str().unwrap().to_owned());
    let mut microphone = Microphone::open(&mut talk, "s-1", 0, "free").await;
    talk.send(&json!({"type": "voicing", "reply": reply})).await;
    microphone.send(&mut talk, &[silence(1_000), clip("bonjour-agence")].concat()).await;
    assert_eq!(talk.first("interrupt").await["reply"], reply);
    let voiced = json!({"type": "voiced", "id": "v-1", "reply": reply, "ms": 1_400, "said": 9});
    talk.send(&voiced).await;
    let cut = talk.first("voiced").await;
    let said = cut["said"].as_str().unwrap();
    assert!(text.starts_with(said) && said.chars().count() <= 9 && text.len() > said.len(), "{cut}");
    microphone.send(&mut talk, &silence(1_200)).await;
    let transcribed = talk.first("transcribed").await;
    send_turn(&mut talk, &transcribed).await;
    // The same end told twice is taken once.
    talk.send(&voiced).await;
    assert_eq!(talk.first("voiced").await["seq"], cut["seq"]);

    let transcript: Value =
        serde_json::from_str(&visitor.get(&format!("/conversations/{id}/transcript.json")).await.text).unwrap();
    assert_eq!((&transcript["turns"][1]["text"], &transcript["turns"][1]["interrupted"]), (&json!(said), &json!(true)));
    let events = app.store.events(id.parse().unwrap(), 0).await.unwrap();
    let untold = events.iter().find_map(|event| match &event.happening {
        Happening::Voiced { cut, .. } => cut.clone().map(|cut| cut.untold),
        _ => None,
    });
    let told = events.iter().find_map(|event| match &event.happening {
        Happening::Replied { change, .. } => Some(change.told.clone()),
        _ => None,
    });
    assert_eq!(untold, told, "nine characters tell no fact");
    assert!(told.is_some_and(|told| !told.is_empty()), "the reply would have told one");
    app.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_sign_of_listening_and_an_echo_leave_the_character_the_floor() {
    for (heard, why) in [("D'accord.", "backchannel"), ("", "noise")] {
        let app = hearing(always(heard)).await;
        let (_, _, mut talk) = call(&app).await;
        let (_, replied) = talk.say("Bonjour, je vous écoute.").await;
        let mut microphone = Microphone::open(&mut talk, "s-1", 0, "free").await;
        talk.send(&json!({"type": "voicing", "reply": replied["seq"]})).await;
        microphone.send(&mut talk, &[silence(1_000), clip("d-accord"), silence(1_200)].concat()).await;
        assert_eq!(talk.first("unheard").await["why"], why);
        app.stop().await;
    }
    let words = Arc::new(std::sync::Mutex::new(String::new()));
    let heard = Arc::clone(&words);
    let echo = Transcriber::by(LIMITS, move |_| {
        let heard = heard.lock().unwrap().clone();
        async move { Ok(heard) }
    });
    let app = hearing(echo).await;
    let (_, _, mut talk) = call(&app).await;
    let (_, replied) = talk.say("Bonjour, je vous écoute.").await;
    let reply = replied["text"].as_str().unwrap();
    *words.lock().unwrap() = reply.split_whitespace().take(6).collect::<Vec<_>>().join(" ");
    let mut microphone = Microphone::open(&mut talk, "s-1", 0, "free").await;
    talk.send(&json!({"type": "voicing", "reply": replied["seq"]})).await;
    microphone.send(&mut talk, &[silence(1_000), clip("je-comprends"), silence(1_200)].concat()).await;
    assert_eq!(talk.first("unheard").await["why"], "echo");
    app.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn recognised_words_are_corrected_before_or_after_and_both_versions_are_kept() {
    let app = hearing(always("Bonjour monsieur Belle Cassem.")).await;
    let (visitor, id, mut talk) = call(&app).await;
    let mut microphone = Microphone::open(&mut talk, "s-1", 0, "free").await;
    let transcribed = microphone.say(&mut talk, "bonjour-agence").await;
    talk.send(&turn(&transcribed, "Bonjour, monsieur Belkacem.")).await;
    let said = talk.first("said").await;
    assert_eq!((&said["text"], &said["recognised"]), (&json!("Bonjour, monsieur Belkacem."), &transcribed["text"]));
    talk.first("replied").await;

    let transcribed = microphone.say(&mut talk, "je-comprends").await;
    talk.send(&turn(&transcribed, transcribed["text"].as_str().unwrap())).await;
    let seq = talk.first("said").await["seq"].clone();
    talk.first("replied").await;
    talk.send(&json!({"type": "correct", "id": "c-1", "turn": seq, "text": "Je comprends, monsieur Belkacem."})).await;
    let corrected = talk.first("corrected").await;
    assert_eq!((&corrected["turn"], &corrected["text"]), (&seq, &json!("Je comprends, monsieur Belkacem.")));
    let transcript = visitor.get(&format!("/conversations/{id}/transcript.json")).await.text;
    assert!(transcript.contains("Je comprends, monsieur Belkacem.") && !transcript.contains("Belle Cassem"));

    talk.say("Vous êtes bien au 14 rue des Tilleuls ?").await;
    for (turn, text, code) in [(1, "x", "not_spoken"), (999, "x", "not_spoken"), (2, " ", "empty_turn")] {
        talk.send(&json!({"type": "correct", "id": "c-2", "turn": turn, "text": text})).await;
        assert_eq!(talk.first("error").await["code"], code, "{turn}");
    }
    app.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn without_a_recogniser_the_page_is_told_and_text_goes_on() {
    let app = TestApp::start().await;
    let (_, _, mut talk) = call(&app).await;
    talk.send(&listen("s-1", 0, "free", 16_000)).await;
    assert_eq!(talk.refused().await, ("voice_unavailable".to_owned(), Some("s-1".to_owned())));
    talk.say("Bonjour, je vous écoute.").await;
    app.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn sound_that_cannot_be_taken_is_refused_and_text_goes_on() {
    let app = hearing(always("Bonjour.")).await;
    let (_, _, mut talk) = call(&app).await;
    talk.send(&listen("s-1", 0, "free", 44_100)).await;
    assert_eq!(talk.refused().await.0, "wrong_sample_rate");
    talk.send_bytes(frame(0, &silence(64))).await;
    assert_eq!(talk.refused().await.0, "not_listening");
    let microphone = Microphone::open(&mut talk, "s-2", 0, "free").await;
    for bytes in [vec![0, 0], vec![0, 0, 0, 0], vec![0, 0, 0, 0, 7], frame(0, &silence(600))] {
        talk.send_bytes(bytes).await;
        assert_eq!(talk.refused().await.0, "malformed_audio");
    }
    // Two minutes of sound that nobody can have said since the stream was opened.
    talk.send_bytes(frame(120 * 16_000, &silence(64))).await;
    assert_eq!(talk.refused().await, ("too_far_behind".to_owned(), Some(microphone.stream)));
    talk.send_bytes(frame(0, &silence(64))).await;
    assert_eq!(talk.refused().await.0, "not_listening", "the stream is closed");
    talk.say("Bonjour, je vous écoute.").await;
    app.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn noise_is_no_turn() {
    let app = hearing(always("Bonjour.")).await;
    let (_, _, mut talk) = call(&app).await;
    let mut microphone = Microphone::open(&mut talk, "s-1", 0, "free").await;
    microphone.send(&mut talk, &hiss(8_000)).await;
    // The one turn that comes is the one that was said.
    let transcribed = microphone.say(&mut talk, "bonjour-agence").await;
    assert_eq!(transcribed["text"], "Bonjour.");
    assert!(transcribed["to"].as_u64() > Some(8 * 16_000), "{transcribed}");
    app.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn frames_that_do_not_arrive_are_told_and_the_turn_is_heard() {
    let app = hearing(always("Bonjour.")).await;
    let (_, _, mut talk) = call(&app).await;
    let mut microphone = Microphone::open(&mut talk, "s-1", 0, "free").await;
    let clip = clip("bonjour-agence");
    microphone.send(&mut talk, &clip[..20_480]).await;
    microphone.next += 2_048;
    microphone.send(&mut talk, &[&clip[22_528..], &silence(1_200)].concat()).await;
    assert_eq!(talk.first("error").await["code"], "frames_lost");
    assert_eq!(talk.first("transcribed").await["text"], "Bonjour.");
    app.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_connection_lost_in_mid_sentence_loses_no_word() {
    let app = hearing(always("Bonjour.")).await;
    let (visitor, id, mut talk) = call(&app).await;
    let mut microphone = Microphone::open(&mut talk, "s-1", 0, "free").await;
    let first = microphone.say(&mut talk, "bonjour-agence").await;
    send_turn(&mut talk, &first).await;
    let to = usize::try_from(first["to"].as_u64().unwrap()).unwrap();
    let said = microphone.next;
    let clip = clip("je-comprends");
    microphone.send(&mut talk, &clip[..12_000]).await;
    talk.lose();

    // What was not dealt with comes again, then the rest; and the turn that was taken is not taken twice.
    let mut talk = visitor.join(&id, 3).await;
    talk.first("welcome").await;
    let mut microphone = Microphone::open(&mut talk, "s-1", to, "free").await;
    microphone.send(&mut talk, &silence((said - to) / 16)).await;
    microphone.send(&mut talk, &[&clip[..], &silence(1_200)].concat()).await;
    let second = talk.first("transcribed").await;
    assert_eq!(second["utterance"], format!("s-1-{to}"));
    talk.send(&turn(&first, "Bonjour.")).await;
    assert_eq!(talk.first("said").await["seq"], 2, "the first turn is told again");
    send_turn(&mut talk, &second).await;
    let events = app.store.events(id.parse().unwrap(), 0).await.unwrap();
    let turns = events.iter().filter(|event| matches!(event.happening, Happening::Spoke { .. })).count();
    assert_eq!(turns, 2);
    app.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn while_all_ears_are_taken_words_are_kept_and_come_later() {
    let asked = AtomicUsize::new(0);
    let busy = Transcriber::by(LIMITS, move |_| {
        let answer = if asked.fetch_add(1, Ordering::Relaxed) < 4 {
            Err(TranscribeError::Busy)
        } else {
            Ok("Bonjour.".to_owned())
        };
        async move { answer }
    });
    let app = hearing(busy).await;
    let (_, _, mut talk) = call(&app).await;
    let mut microphone = Microphone::open(&mut talk, "s-1", 0, "push").await;
    microphone.send(&mut talk, &clip("d-accord")).await;
    microphone.stop(&mut talk).await;
    assert_eq!(talk.first("error").await["code"], "transcription_busy");
    assert_eq!(talk.first("transcribed").await["text"], "Bonjour.");
    app.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_cannot_be_transcribed_is_said_to_be_and_text_goes_on() {
    let refuses = Transcriber::by(LIMITS, |_| async { Err(TranscribeError::Refused("no such model".to_owned())) });
    let app = hearing(refuses).await;
    let (_, _, mut talk) = call(&app).await;
    let mut microphone = Microphone::open(&mut talk, "s-1", 0, "free").await;
    microphone.send(&mut talk, &[clip("bonjour-agence"), silence(1_200)].concat()).await;
    assert_eq!(talk.first("error").await["code"], "transcription_failed");
    assert_eq!(talk.first("unheard").await["why"], "failed");
    talk.say("Bonjour, je vous écoute.").await;
    app.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_said_is_kept_only_where_the_organisation_records_and_its_speaker_can_hear_it() {
    for on in [true, false] {
        let speech = Speech { transcriber: Ok(always("Bonjour.")), ..Speech::default() };
        let service = TestApp::builder().speech(speech);
        let app = if on { service.recordings(30) } else { service }.start().await;
        let (visitor, id, mut talk) = call(&app).await;
        let mut microphone = Microphone::open(&mut talk, "s-1", 0, "free").await;
        let transcribed = microphone.say(&mut talk, "bonjour-agence").await;
        send_turn(&mut talk, &transcribed).await;
        let utterance = transcribed["utterance"].as_str().unwrap();
        let heard = visitor.get(&format!("/conversations/{id}/recordings/{utterance}")).await;
        let expect =
            if on { (StatusCode::OK, "audio/wav") } else { (StatusCode::NOT_FOUND, "application/problem+json") };
        assert_eq!((heard.status, heard.kind.as_str()), expect);
        let kept = app.store.recordings(id.parse().unwrap()).await.unwrap();
        let lasted: Vec<u32> = kept.iter().map(|recorded| recorded.duration_ms).collect();
        assert!(if on { matches!(lasted[..], [3_000..=4_500]) } else { lasted.is_empty() }, "{lasted:?}");
        app.stop().await;
    }
}

#[cfg(feature = "voice")]
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn eight_people_speak_at_once_and_no_word_is_lost() {
    let ears = sound::whisper();
    let app = hearing(ears.clone()).await;
    let people = (0..8).map(|person| {
        let visitor = app.visitor();
        tokio::spawn(async move {
            let id = visitor.open(PHONE).await;
            let mut talk = visitor.join(&id, 0).await;
            talk.first("welcome").await;
            talk.receive().await;
            let mut microphone = Microphone::open(&mut talk, &format!("s-{person}"), 0, "free").await;
            for (name, words) in [
                ("bonjour-agence", "Bonjour, agence de la Rive Claire, je vous écoute."),
                ("au-revoir", "Merci de votre appel, bonne journée, au revoir."),
                ("je-verifie", "Je vérifie tout de suite."),
            ] {
                microphone.play(&mut talk, &[clip(name), silence(1_000)].concat()).await;
                let transcribed = talk.first("transcribed").await;
                assert_eq!(transcribed["text"], words, "person {person}");
            }
        })
    });
    for person in people.collect::<Vec<_>>() {
        person.await.unwrap();
    }
    let figures = ears.figures();
    println!("queue at most {}, waits {:?}, times {:?}", figures.waiting_at_most, figures.waits, figures.times);
    assert_eq!((figures.late, figures.failed), (0, 0));
    let ready: Value = serde_json::from_str(&app.visitor().get("/readyz").await.text).unwrap();
    assert!(ready["speech"]["transcribed"].as_u64() >= Some(24), "the wait is shown: {ready}");
    assert!(ready["speech"]["waited_ms"]["longest"].is_u64(), "{ready}");
    app.stop().await;
}
