//! What the listener promises, with a voice made of pulses and resonances.

use proptest::prelude::*;

use super::*;
use crate::speech::voice::{Vowel, spoken, talk};

fn quiet(ms: u64) -> Vec<i16> {
    // A microphone is never perfectly silent.
    let mut random = fastrand::Rng::with_seed(ms);
    (0..samples(ms)).map(|_| random.i16(-8..=8)).collect()
}

fn listened(listener: &mut Listener, sound: &[i16]) -> Vec<Edge> {
    sound.chunks(1_024).flat_map(|frame| listener.push(frame)).collect()
}

fn edges(parts: &[Vec<i16>]) -> Vec<Edge> {
    listened(&mut Listener::new(Endpointing::default(), 0), &parts.concat())
}

/// What happened, without samples.
fn names(edges: &[Edge]) -> Vec<&'static str> {
    edges
        .iter()
        .map(|edge| match edge {
            Edge::Began { .. } => "began",
            Edge::Paused => "paused",
            Edge::Resumed => "resumed",
            Edge::Ended(_) => "ended",
            Edge::Chunk(_) => "chunk",
            Edge::Dropped { .. } => "dropped",
        })
        .collect()
}

fn segments(edges: Vec<Edge>) -> Vec<Segment> {
    edges
        .into_iter()
        .filter_map(|edge| match edge {
            Edge::Ended(segment) | Edge::Chunk(segment) => Some(segment),
            _ => None,
        })
        .collect()
}

/// A click: a few milliseconds of noise.
fn click() -> Vec<i16> {
    let mut random = fastrand::Rng::with_seed(9);
    (0..200).map(|n| random.i16(-9_000..9_000) / (1 + n / 40)).collect()
}

#[test]
fn a_sentence_is_a_turn_with_all_its_sound_and_what_was_just_before() {
    let told = edges(&[quiet(1_000), talk(1_500), quiet(1_500)]);
    assert_eq!(names(&told), ["began", "paused", "ended"]);
    let [segment] = &segments(told)[..] else { panic!() };
    assert!(segment.speech_from.abs_diff(samples(1_000)) < samples(80), "{}", segment.speech_from);
    assert!(segment.speech_to.abs_diff(samples(2_500)) < samples(120), "{}", segment.speech_to);
    assert_eq!(segment.from, segment.speech_from - BEFORE);
    assert_eq!(segment.cut, segment.speech_to + AFTER);
    assert_eq!(segment.cut - segment.from, segment.samples.len() as u64);
    let sound = [quiet(1_000), talk(1_500), quiet(1_500)].concat();
    assert_eq!(segment.samples, sound[segment.from as usize..segment.cut as usize]);
}

#[test]
fn what_ends_a_turn_and_what_does_not() {
    let held = || spoken(&[(120.0, 117.0, Vowel::Eu, Vowel::Eu, 450)]);
    let yes = || spoken(&[(130.0, 140.0, Vowel::Ou, Vowel::I, 200)]);
    let check = |parts: &[Vec<i16>], expected: &[&str]| assert_eq!(names(&edges(parts)), expected);
    check(&[quiet(600), yes(), quiet(900)], &["began", "paused", "ended"]);
    check(
        &[quiet(600), talk(900), quiet(450), talk(900), quiet(900)],
        &["began", "paused", "resumed", "paused", "ended"],
    );
    check(
        &[quiet(600), talk(900), quiet(900), talk(900), quiet(900)],
        &["began", "paused", "ended", "began", "paused", "ended"],
    );
    check(
        &[quiet(600), talk(900), held(), quiet(1_200), talk(900), quiet(900)],
        &["began", "paused", "resumed", "paused", "ended"],
    );
    check(&[quiet(600), click(), quiet(200), click(), quiet(1_000)], &[]);
    check(&[quiet(3_000)], &[]);
    check(&[vec![0; 48_000]], &[]);
}

#[test]
fn a_knock_that_began_like_speech_is_dropped() {
    let told = edges(&[quiet(600), spoken(&[(110.0, 100.0, Vowel::Ou, Vowel::Ou, 70)]), quiet(1_000)]);
    match &told[..] {
        [] => {}
        [Edge::Began { at }, .., Edge::Dropped { from, to }] => assert!(from == at && to > from),
        other => panic!("{:?}", names(other)),
    }
}

#[test]
fn words_that_stay_open_earn_a_longer_silence_and_only_that_one() {
    let mut listener = Listener::new(Endpointing::default(), 0);
    listener.wait_longer();
    assert_eq!(names(&listened(&mut listener, &[quiet(600), talk(900)].concat())), ["began"]);
    listener.wait_longer();
    assert_eq!(names(&listened(&mut listener, &quiet(400))), ["paused"]);
    listener.wait_longer();
    assert_eq!(
        names(&listened(&mut listener, &[quiet(800), talk(600), quiet(900)].concat())),
        ["resumed", "paused", "ended"]
    );
}

#[test]
fn settings_out_of_range_are_brought_into_it() {
    for (pause_ms, sooner, later) in [(0, 200, 600), (60_000, 2_800, 3_400)] {
        let settings = Endpointing { pause_ms, hesitation_ms: 0, held: false };
        let mut listener = Listener::new(settings, 0);
        listened(&mut listener, &[quiet(600), talk(900), quiet(sooner)].concat());
        assert!(listener.speaking(), "{pause_ms}");
        listened(&mut listener, &quiet(later - sooner));
        assert!(!listener.speaking(), "{pause_ms}");
    }
}

#[test]
fn a_held_button_ends_the_turn_only_when_released_and_silence_after_it_is_no_speech() {
    let mut listener = Listener::new(Endpointing { held: true, ..Endpointing::default() }, 0);
    let told = listened(&mut listener, &[quiet(300), talk(1_000), quiet(5_000), talk(500)].concat());
    assert_eq!(names(&told), ["began", "paused", "resumed"]);
    let heard_to = listener.heard_to();
    let Some(Edge::Ended(segment)) = listener.finish() else { panic!() };
    assert_eq!((segment.cut, segment.speech_to), (heard_to, heard_to));
    assert_eq!((listener.finish(), listener.speaking()), (None, false));
    let told = listened(&mut listener, &[talk(1_000), quiet(40_000)].concat());
    assert_eq!(names(&told), ["began", "paused", "chunk"]);
    let Some(Edge::Ended(rest)) = listener.finish() else { panic!() };
    assert_eq!(rest.speech_from, rest.speech_to);
}

#[test]
fn a_word_in_the_last_moment_before_release_is_a_turn_and_silence_is_none() {
    let mut listener = Listener::new(Endpointing::default(), 0);
    listened(&mut listener, &[quiet(500), talk(110)].concat());
    assert!(matches!(listener.finish(), Some(Edge::Ended(_))));
    listened(&mut listener, &quiet(2_000));
    assert_eq!(listener.finish(), None);
}

#[test]
fn so_far_is_what_the_end_will_bring() {
    let mut listener = Listener::new(Endpointing::default(), 0);
    assert_eq!(listener.so_far(), None);
    listened(&mut listener, &[quiet(600), talk(900), quiet(450)].concat());
    let ahead = listener.so_far().unwrap();
    let ended = segments(listened(&mut listener, &quiet(600)));
    assert_eq!(ended, [ahead]);
}

#[test]
fn a_monologue_comes_in_pieces_cut_where_it_is_quiet_that_lose_nothing() {
    let sentence = || [talk(7_700), quiet(300)].concat();
    let sound: Vec<i16> =
        [quiet(700)].into_iter().chain((0..10).map(|_| sentence())).chain([quiet(900)]).flatten().collect();
    let told = listened(&mut Listener::new(Endpointing::default(), 0), &sound);
    assert_eq!(names(&told).iter().filter(|name| **name == "began").count(), 1);
    let parts = segments(told);
    assert!(parts.len() >= 3);
    for part in &parts {
        assert!(part.samples.len() <= MAX_CHUNK);
        assert_eq!(part.samples, sound[part.from as usize..part.cut as usize]);
    }
    for two in parts.windows(2) {
        assert_eq!((two[0].cut, two[0].cut), (two[1].from, two[1].speech_from));
        let around = &sound[two[0].cut as usize - 800..two[0].cut as usize + 800];
        assert!(level(around) < -60.0, "cut in a word: {} dB", level(around));
    }
}

#[test]
fn hours_of_silence_and_half_an_hour_of_words_keep_memory_bounded() {
    let mut listener = Listener::new(Endpointing::default(), 0);
    let minute = quiet(10_000);
    for _ in 0..12 {
        assert!(listener.push(&minute).is_empty());
        assert!(listener.kept.capacity() <= 2 * RING, "{}", listener.kept.capacity());
    }
    let words = talk(20_000);
    for _ in 0..12 {
        listener.push(&words);
        assert!(listener.kept.capacity() <= 2 * MAX_CHUNK, "{}", listener.kept.capacity());
    }
    listener.finish();
    listener.push(&minute);
    assert!(listener.kept.capacity() <= 2 * RING, "{}", listener.kept.capacity());
}

#[test]
fn a_stream_taken_up_again_numbers_on_and_loses_nothing() {
    let sound = [quiet(700), talk(1_000), quiet(900), quiet(300), talk(1_200), quiet(900)].concat();
    let mut first = Listener::new(Endpointing::default(), 0);
    // The connection is lost in the middle of the second turn.
    let told = listened(&mut first, &sound[..samples(3_600) as usize]);
    assert_eq!(names(&told), ["began", "paused", "ended", "began"]);
    let [before] = &segments(told)[..] else { panic!() };
    for from in [before.cut, first.kept_from()] {
        let mut again = Listener::new(Endpointing::default(), from);
        assert_eq!((again.heard_to(), again.kept_from()), (from, from));
        let told = listened(&mut again, &sound[from as usize..]);
        assert_eq!(names(&told), ["began", "paused", "ended"]);
        let [after] = &segments(told)[..] else { panic!() };
        assert!(after.from >= before.cut && after.from < samples(2_900));
        assert!(after.speech_from.abs_diff(samples(2_900)) < samples(80));
        assert_eq!(after.samples, sound[after.from as usize..after.cut as usize]);
    }
}

#[test]
fn a_stream_taken_up_in_mid_word_begins_there() {
    let sound = [talk(1_200), quiet(900)].concat();
    let mut listener = Listener::new(Endpointing::default(), 77_777);
    let [segment] = &segments(listened(&mut listener, &sound))[..] else { panic!() };
    assert_eq!(segment.from, 77_777);
    assert_eq!(segment.samples, sound[..segment.samples.len()]);
}

/// The same sound, so many decibels softer.
fn softer(sound: &[i16], decibels: f32) -> Vec<i16> {
    sound.iter().map(|sample| (f32::from(*sample) * 10f32.powf(-decibels / 20.0)) as i16).collect()
}

#[test]
fn echo_alone_is_no_turn_and_a_person_over_it_is() {
    for down in [30.0, 20.0, 12.0] {
        let mut listener = Listener::new(Endpointing::default(), 0);
        let echo = softer(&talk(4_000), down);
        // The same sound without telling is a turn, so that this test can fail.
        assert_eq!(names(&listened(&mut Listener::new(Endpointing::default(), 0), &echo))[..1], ["began"], "{down}");
        listener.playing(true);
        assert_eq!(names(&listened(&mut listener, &echo)), [""; 0], "{down}");
        let mut both = softer(&talk(3_000), down);
        for (sample, word) in both[16_000..].iter_mut().zip(talk(2_000)) {
            *sample = sample.saturating_add(word);
        }
        let told = listened(&mut listener, &both);
        let Some(Edge::Began { at }) = told.first() else { panic!("{down}: {:?}", names(&told)) };
        assert!(at.abs_diff(samples(5_000)) < samples(200), "{down}: began at {at}");
    }
}

#[test]
fn soon_after_the_voice_ended_a_softer_person_is_heard() {
    let mut listener = Listener::new(Endpointing::default(), 0);
    listener.playing(true);
    assert_eq!(names(&listened(&mut listener, &softer(&talk(4_000), 10.0))), [""; 0]);
    listener.playing(false);
    let told = listened(&mut listener, &[quiet(300), softer(&talk(1_000), 12.0), quiet(900)].concat());
    assert_eq!(names(&told), ["began", "paused", "ended"]);
}

#[test]
fn a_person_who_was_speaking_goes_on_when_the_voice_begins() {
    let mut listener = Listener::new(Endpointing::default(), 0);
    assert_eq!(names(&listened(&mut listener, &[quiet(600), talk(1_000)].concat())), ["began"]);
    listener.playing(true);
    let told = listened(&mut listener, &talk(4_000));
    assert!(names(&told).iter().all(|name| matches!(*name, "paused" | "resumed")) && listener.speaking());
}

#[test]
fn a_turn_that_was_echo_after_all_raises_the_gate() {
    let mut listener = Listener::new(Endpointing::default(), 0);
    listener.playing(true);
    // A headset at first: nothing comes back. Then loudspeakers.
    assert!(listened(&mut listener, &quiet(2_000)).is_empty());
    let echo = softer(&talk(2_000), 12.0);
    assert_eq!(names(&listened(&mut listener, &[echo.clone(), quiet(900)].concat()))[..1], ["began"]);
    listener.echoed();
    assert_eq!(names(&listened(&mut listener, &[echo, quiet(900)].concat())), [""; 0]);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(12))]

    #[test]
    fn how_the_sound_is_cut_into_pieces_changes_nothing(cuts in proptest::collection::vec(1usize..9_000, 1..40)) {
        let sound = [quiet(500), talk(800), quiet(1_000), click(), talk(300), quiet(700)].concat();
        let whole = Listener::new(Endpointing::default(), 5).push(&sound);
        prop_assert!(whole.len() >= 4);
        let mut listener = Listener::new(Endpointing::default(), 5);
        let (mut told, mut rest) = (Vec::new(), &sound[..]);
        for length in cuts.iter().cycle() {
            let (now, later) = rest.split_at((*length).min(rest.len()));
            told.extend(listener.push(now));
            rest = later;
            if rest.is_empty() { break }
        }
        prop_assert_eq!(told, whole);
    }

    #[test]
    fn no_samples_make_it_panic_and_segments_are_what_was_heard(
        bursts in proptest::collection::vec((any::<i16>(), 1usize..4_000, any::<bool>(), any::<u8>()), 1..60),
    ) {
        let mut listener = Listener::new(Endpointing { pause_ms: 300, ..Endpointing::default() }, 0);
        let (mut sound, mut told) = (Vec::new(), Vec::new());
        for (value, length, noise, act) in bursts {
            let mut random = fastrand::Rng::with_seed(length as u64);
            let burst: Vec<i16> = (0..length).map(|n| match (noise, n % 2) {
                (true, _) => random.i16(..),
                (false, 0) => value,
                (false, _) => value.wrapping_neg(),
            }).chain(talk(u32::from(act % 3) * 100)).collect();
            match act % 7 {
                0 => listener.playing(true),
                1 => listener.playing(false),
                2 => listener.wait_longer(),
                3 => told.extend(listener.finish()),
                4 => listener.echoed(),
                _ => {}
            }
            told.extend(listener.push(&burst));
            sound.extend(burst);
            prop_assert_eq!(listener.heard_to(), sound.len() as u64);
        }
        told.extend(listener.finish());
        let mut dealt_with = 0;
        for segment in segments(told) {
            prop_assert!(segment.from >= dealt_with && segment.from <= segment.speech_from);
            prop_assert!(segment.speech_from <= segment.speech_to && segment.speech_to <= segment.cut);
            prop_assert_eq!(&segment.samples[..], &sound[segment.from as usize..segment.cut as usize]);
            dealt_with = segment.cut;
        }
    }
}
