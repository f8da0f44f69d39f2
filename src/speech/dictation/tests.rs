//! Real clips, silence between them, and an engine that says what the test wants.

use std::sync::Mutex;
use std::time::Duration;

use futures_util::FutureExt;

use super::*;
use crate::speech::{Limits, TranscribeError};

/// « Agence des Tilleuls, bonjour, je vous écoute. »
const CLIP: &[u8] = include_bytes!("../../../tests/data/voice/bonjour-agence.wav");

const LIMITS: Limits = Limits { places: 1, queue: 4, deadline: Duration::from_secs(30) };

type Answer = Result<&'static str, TranscribeError>;

/// Answers in turn, the last one for ever.
fn engine(answers: &[Answer]) -> Transcriber {
    let answers: Mutex<VecDeque<Answer>> = Mutex::new(answers.iter().cloned().collect());
    Transcriber::by(LIMITS, move |_| {
        let mut answers = answers.lock().unwrap();
        let answer = if answers.len() > 1 { answers.pop_front() } else { answers.front().cloned() };
        async move { answer.unwrap_or(Ok("")).map(str::to_owned) }
    })
}

fn wishes(held: bool) -> Wishes {
    Wishes { held, pause_ms: 600, keep_sound: false, hint: "".into() }
}

fn dictation(transcriber: &Transcriber, from: u64, held: bool) -> Dictation {
    let now = Timestamp::from_second(1_772_442_000).unwrap();
    Dictation::new("s".to_owned(), from, wishes(held), transcriber.clone(), now)
}

/// The clip's samples.
fn clip() -> Vec<i16> {
    hound::WavReader::new(CLIP).unwrap().into_samples::<i16>().map(Result::unwrap).collect()
}

fn silence(ms: usize) -> Vec<i16> {
    vec![0; ms * 16]
}

/// Sends sound in frames, from where the dictation is; then hears all it has to tell.
async fn say(dictation: &mut Dictation, samples: &[i16]) -> Vec<Noticed> {
    let mut noticed = Vec::new();
    for samples in samples.chunks(1_024) {
        let frame = Frame { first: dictation.next, samples: samples.to_vec() };
        dictation.hear(&frame).unwrap();
        noticed.extend(told(dictation, Duration::ZERO).await);
    }
    noticed.extend(told(dictation, Duration::from_secs(20)).await);
    noticed
}

/// What comes within that time.
async fn told(dictation: &mut Dictation, within: Duration) -> Vec<Noticed> {
    let mut noticed = Vec::new();
    while let Ok(next) = tokio::time::timeout(within, dictation.next()).await {
        noticed.push(next);
    }
    noticed
}

fn said(noticed: &[Noticed]) -> Vec<(String, String)> {
    let said = |noticed: &Noticed| match noticed {
        Noticed::Said(said) => Some((said.utterance.clone(), said.text.clone())),
        _ => None,
    };
    noticed.iter().filter_map(said).collect()
}

#[tokio::test(start_paused = true)]
async fn a_turn_is_told_from_its_first_sound_to_its_words() {
    let mut dictation = dictation(&engine(&[Ok("Bonjour.")]), 0, false);
    let noticed = say(&mut dictation, &[silence(300), clip(), silence(1_200)].concat()).await;
    assert_eq!(noticed.first(), Some(&Noticed::Speech(true)));
    assert!(noticed.contains(&Noticed::Partial("Bonjour.".to_owned())), "{noticed:?}");
    let at = |wanted: &Noticed| noticed.iter().position(|other| other == wanted).unwrap();
    let Some(Noticed::Said(turn)) = noticed.last() else { panic!("{noticed:?}") };
    assert!(at(&Noticed::Speech(false)) < noticed.len() - 1);
    assert_eq!((turn.utterance.as_str(), turn.text.as_str()), ("s-0", "Bonjour."));
    let lasted = turn.ended_at.duration_since(turn.began_at).as_millis();
    assert!((2_000..4_000).contains(&lasted), "{lasted} ms");
    assert!(turn.sound.is_empty(), "sound is dropped unless it is wanted");
}

#[tokio::test(start_paused = true)]
async fn sound_sent_again_from_where_it_was_dealt_with_has_the_same_id() {
    let sound = [clip(), silence(1_500), clip(), silence(1_500)].concat();
    let mut first = dictation(&engine(&[Ok("Bonjour.")]), 0, false);
    let noticed = say(&mut first, &sound).await;
    let turns = said(&noticed);
    assert_eq!(turns.len(), 2);
    let to = noticed.iter().find_map(|noticed| if let Noticed::Said(said) = noticed { Some(said.to) } else { None });
    let to = to.unwrap();
    let mut again = dictation(&engine(&[Ok("Bonjour.")]), to, false);
    let rest = &sound[usize::try_from(to).unwrap()..];
    assert_eq!(said(&say(&mut again, rest).await), turns[1..]);
}

#[tokio::test(start_paused = true)]
async fn sound_without_words_is_noise() {
    let mut dictation = dictation(&engine(&[Ok("")]), 0, false);
    let noticed = say(&mut dictation, &[clip(), silence(1_200)].concat()).await;
    assert!(matches!(noticed.last(), Some(Noticed::Unheard { why: Unheard::Noise, .. })), "{noticed:?}");
    assert_eq!(said(&noticed), []);
}

#[tokio::test(start_paused = true)]
async fn over_the_characters_voice_only_words_take_the_floor() {
    const REPLY: &str = "Ça fait trois fois que j'appelle pour ma fuite, et personne ne vient jamais.";
    async fn check(heard: &'static str, expect: Option<Unheard>) {
        let mut dictation = dictation(&engine(&[Ok(heard)]), 0, false);
        dictation.voicing(7, REPLY);
        let noticed = say(&mut dictation, &[silence(1_000), clip(), silence(1_200)].concat()).await;
        let interrupts = noticed.iter().filter(|noticed| **noticed == Noticed::Interrupts { reply: 7 }).count();
        match expect {
            None => {
                assert_eq!(interrupts, 1, "{heard}: {noticed:?}");
                assert_eq!(said(&noticed), [("s-0".to_owned(), heard.to_owned())]);
                let at = noticed.iter().position(|noticed| *noticed == Noticed::Interrupts { reply: 7 });
                assert!(at < Some(noticed.len() - 1), "it is told before the turn is over");
            }
            Some(why) => {
                assert_eq!(interrupts, 0, "{heard}: {noticed:?}");
                let [Noticed::Unheard { why: found, .. }] = noticed[..] else { panic!("{heard}: {noticed:?}") };
                assert_eq!(found, why, "{heard}");
            }
        }
    }
    check("Attendez, monsieur, laissez-moi vérifier votre dossier.", None).await;
    check("trois fois que j'appelle pour ma fuite", Some(Unheard::Echo)).await;
    check("D'accord.", Some(Unheard::Backchannel)).await;
    check("", Some(Unheard::Noise)).await;
}

#[tokio::test(start_paused = true)]
async fn a_sign_of_listening_after_the_voice_is_an_answer() {
    let mut dictation = dictation(&engine(&[Ok("Oui.")]), 0, false);
    dictation.voicing(7, "Vous m'entendez, au moins ?");
    let mut noticed = say(&mut dictation, &[&silence(1_000)[..], &clip()[..16_000]].concat()).await;
    dictation.voiced();
    noticed.extend(say(&mut dictation, &[&clip()[16_000..], &silence(1_200)].concat()).await);
    assert_eq!(said(&noticed), [("s-0".to_owned(), "Oui.".to_owned())]);
    assert!(!noticed.iter().any(|noticed| matches!(noticed, Noticed::Interrupts { .. })));
}

#[tokio::test(start_paused = true)]
async fn a_voice_that_insists_takes_the_floor_even_where_nobody_is_free_to_understand_it() {
    let mut dictation = dictation(&engine(&[Err(TranscribeError::Busy)]), 0, false);
    dictation.voicing(7, "Je vous l'ai dit.");
    let noticed = say(&mut dictation, &[silence(1_000), clip(), clip()].concat()).await;
    assert!(noticed.contains(&Noticed::Interrupts { reply: 7 }), "{noticed:?}");
}

#[tokio::test(start_paused = true)]
async fn what_is_lost_on_the_way_is_told_and_what_comes_twice_is_heard_once() {
    let mut dictation = dictation(&engine(&[Ok("Bonjour.")]), 0, false);
    let clip = clip();
    let mut noticed = say(&mut dictation, &clip[..16_384]).await;
    // Two frames twice, then three that never come.
    let again = Frame { first: 14_336, samples: clip[14_336..16_384].to_vec() };
    dictation.hear(&again).unwrap();
    assert_eq!(dictation.next, 16_384);
    let later = Frame { first: 19_456, samples: clip[19_456..20_480].to_vec() };
    dictation.hear(&later).unwrap();
    noticed.extend(say(&mut dictation, &[&clip[20_480..], &silence(1_200)].concat()).await);
    assert_eq!(noticed.iter().filter(|n| **n == Noticed::Trouble(Trouble::FramesLost)).count(), 1);
    assert_eq!(said(&noticed).len(), 1, "{noticed:?}");
}

#[tokio::test(start_paused = true)]
async fn nobody_free_is_told_once_and_the_words_come_later() {
    let busy = || Err(TranscribeError::Busy);
    let mut dictation = dictation(&engine(&[busy(), busy(), busy(), busy(), busy(), busy(), Ok("Bonjour.")]), 0, false);
    let noticed = say(&mut dictation, &[clip(), silence(1_200)].concat()).await;
    let told = noticed.iter().filter(|noticed| **noticed == Noticed::Trouble(Trouble::Busy)).count();
    assert_eq!((told, said(&noticed).len()), (1, 1), "{noticed:?}");
}

#[tokio::test(start_paused = true)]
async fn what_cannot_be_transcribed_is_told_and_the_next_turn_is_heard() {
    let failed = || Err(TranscribeError::Failed("no".to_owned()));
    let mut answers = vec![failed(); 7];
    answers.push(Ok("Bonjour."));
    let mut dictation = dictation(&engine(&answers), 0, true);
    let mut noticed = say(&mut dictation, &clip()[..12_000]).await;
    dictation.finish();
    noticed.extend(told(&mut dictation, Duration::from_secs(20)).await);
    assert!(noticed.contains(&Noticed::Trouble(Trouble::Failed)), "{noticed:?}");
    assert!(matches!(noticed.last(), Some(Noticed::Unheard { why: Unheard::Failed, .. })), "{noticed:?}");
    let mut answered = Vec::new();
    for _ in 0..4 {
        answered = say(&mut dictation, &clip()).await;
        dictation.finish();
        answered.extend(told(&mut dictation, Duration::from_secs(20)).await);
    }
    assert_eq!(said(&answered).len(), 1, "{answered:?}");
}

#[tokio::test(start_paused = true)]
async fn a_monologue_of_half_an_hour_becomes_turns_of_three_minutes_with_all_their_words() {
    let mut dictation = dictation(&engine(&[Ok("et puis")]), 0, false);
    let clip: Vec<i16> = clip().into_iter().skip(4_000).take(36_000).collect();
    let mut sound = clip.iter().copied().cycle();
    let mut noticed = Vec::new();
    for _ in 0..30 * 60 {
        tokio::time::advance(Duration::from_secs(1)).await;
        let samples: Vec<i16> = sound.by_ref().take(8_000).collect();
        let frame = Frame { first: dictation.next, samples };
        dictation.hear(&frame).unwrap();
        let samples: Vec<i16> = sound.by_ref().take(8_000).collect();
        dictation.hear(&Frame { first: dictation.next, samples }).unwrap();
        while let Some(next) = dictation.next().now_or_never() {
            noticed.push(next);
        }
    }
    let told = noticed.iter().filter(|noticed| **noticed == Noticed::Trouble(Trouble::Monologue)).count();
    let turns = said(&noticed);
    assert_eq!((told, turns.len()), (9, 9));
    assert!(turns.iter().all(|(_, text)| text.matches("et puis").count() >= 6), "{turns:?}");
}

#[tokio::test(start_paused = true)]
async fn a_held_button_ends_the_turn_by_its_release_alone() {
    let mut first = dictation(&engine(&[Ok("Bonjour.")]), 0, true);
    let noticed = say(&mut first, &[clip(), silence(2_000), clip()].concat()).await;
    assert_eq!(said(&noticed), [], "silence does not end it");
    first.stop();
    let noticed = told(&mut first, Duration::from_secs(1)).await;
    assert_eq!(said(&noticed).len(), 1);
    assert!(first.is_done());

    let mut over = dictation(&engine(&[Ok("Attendez, je cherche votre dossier.")]), 0, true);
    over.voicing(7, "Je vous l'ai déjà dit.");
    let noticed = say(&mut over, &clip()).await;
    assert!(noticed.contains(&Noticed::Interrupts { reply: 7 }), "a pressed button is heard at once: {noticed:?}");

    let mut nothing = dictation(&engine(&[Ok("Bonjour.")]), 0, true);
    say(&mut nothing, &silence(500)).await;
    nothing.stop();
    let noticed = told(&mut nothing, Duration::from_secs(1)).await;
    assert!(matches!(noticed[..], [Noticed::Unheard { why: Unheard::TooShort, .. }]), "{noticed:?}");
}

#[tokio::test(start_paused = true)]
async fn the_silence_after_the_last_word_is_not_transcribed() {
    let longest = std::sync::Arc::new(Mutex::new(0));
    let asked = std::sync::Arc::clone(&longest);
    let transcriber = Transcriber::by(LIMITS, move |clip| {
        let mut longest = asked.lock().unwrap();
        *longest = clip.samples.len().max(*longest);
        async { Ok("Bonjour.".to_owned()) }
    });
    let mut dictation = dictation(&transcriber, 0, true);
    say(&mut dictation, &[clip(), silence(9_000)].concat()).await;
    dictation.stop();
    told(&mut dictation, Duration::from_secs(1)).await;
    let longest = *longest.lock().unwrap();
    assert!(longest < clip().len() + 16_000, "{longest} samples");
}

#[tokio::test(start_paused = true)]
async fn sound_far_ahead_of_the_clock_is_refused() {
    let mut dictation = dictation(&engine(&[Ok("")]), 0, false);
    let far = |first| Frame { first, samples: vec![0; 1_024] };
    assert_eq!(dictation.hear(&far(80 * 16_000)), Ok(()));
    assert_eq!(dictation.hear(&far(95 * 16_000)), Err(TooFarBehind));
}

#[tokio::test(start_paused = true)]
async fn transcribing_more_slowly_than_speaking_is_told_once() {
    let slow = Transcriber::by(LIMITS, |_| async {
        tokio::time::sleep(Duration::from_secs(9)).await;
        Ok("Bonjour.".to_owned())
    });
    let mut dictation = dictation(&slow, 0, false);
    let mut noticed = Vec::new();
    for _ in 0..4 {
        tokio::time::advance(Duration::from_secs(20)).await;
        noticed.extend(say(&mut dictation, &[clip(), silence(1_200)].concat()).await);
    }
    assert_eq!(said(&noticed).len(), 4);
    let told = noticed.iter().filter(|noticed| **noticed == Noticed::Trouble(Trouble::Slow)).count();
    assert_eq!(told, 1, "{noticed:?}");
}
