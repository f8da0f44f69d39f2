//! One long stream for each condition: turns with silences between, and what else is to be heard.

use crate::noise;
use crate::script::Kind;
use crate::voice::{Material, Silence};

/// What is to be heard beside the turns.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Condition {
    Clean,
    /// So many decibels below speech.
    Pink(u8),
    Hum,
    Keys,
    /// Speech 20 dB softer.
    Quiet,
    /// The character's voice through loudspeakers, so many decibels below the trainee; nobody speaks over it.
    Echo(u8),
    /// The same, and every turn is begun over it; it stops 300 ms after the listener has noticed.
    Over(u8),
}

impl Condition {
    pub(crate) const ALL: &[Condition] = &[
        Condition::Clean,
        Condition::Pink(20),
        Condition::Pink(10),
        Condition::Pink(5),
        Condition::Hum,
        Condition::Keys,
        Condition::Quiet,
        Condition::Echo(25),
        Condition::Echo(15),
        Condition::Echo(10),
        Condition::Over(25),
        Condition::Over(15),
        Condition::Over(10),
    ];

    pub(crate) fn name(self) -> String {
        match self {
            Condition::Clean => "clean".into(),
            Condition::Pink(snr) => format!("pink noise, {snr} dB"),
            Condition::Hum => "hum, 10 dB".into(),
            Condition::Keys => "key clicks".into(),
            Condition::Quiet => "quiet speech, −20 dB".into(),
            Condition::Echo(down) => format!("echo between turns, −{down} dB"),
            Condition::Over(down) => format!("spoken over echo, −{down} dB"),
        }
    }
}

/// A turn in the stream, in samples.
#[derive(Clone, Debug)]
pub(crate) struct Truth {
    pub(crate) kind: Kind,
    pub(crate) begins: usize,
    /// After the last word.
    pub(crate) ends: usize,
    /// Each silence in it and after it.
    pub(crate) silences: Vec<Silence>,
}

/// A reply of the character in the stream.
#[derive(Clone, Debug)]
pub(crate) struct Reply {
    pub(crate) begins: usize,
    /// When the page says that the voice ended.
    pub(crate) ends: usize,
    /// What comes through the microphone, tail included.
    pub(crate) echo: Vec<f64>,
}

/// What the microphone hears, and what is true.
pub(crate) struct Scene {
    /// Everything but replies.
    pub(crate) sound: Vec<f64>,
    pub(crate) truth: Vec<Truth>,
    pub(crate) replies: Vec<Reply>,
}

/// The microphone's own noise, 52 dB below speech.
const HISS: f64 = 52.0;

impl Scene {
    pub(crate) fn new(material: &Material, condition: Condition) -> Scene {
        let mut random = fastrand::Rng::with_seed(7);
        let mut scene = Scene { sound: vec![0.0; 16_000], truth: Vec::new(), replies: Vec::new() };
        let gain = if condition == Condition::Quiet { 0.1 } else { 1.0 };
        let mut voices = material.replies.iter().cycle();
        // The first turn is answered, as in a conversation: the character never speaks before it is spoken to.
        for (n, turn) in material.turns.iter().enumerate() {
            if let (Condition::Echo(down) | Condition::Over(down), true) = (condition, n > 0) {
                let voice = voices.next().expect("a cycle");
                let begins = scene.sound.len();
                let echo = noise::through_the_room(voice, 10f64.powf(-f64::from(down) / 20.0));
                scene.replies.push(Reply { begins, ends: begins + voice.len(), echo });
                let until = match condition {
                    Condition::Over(_) => random.usize(24_000..voice.len() - 16_000),
                    _ => voice.len() + random.usize(9_600..24_000),
                };
                scene.silence(until);
            }
            let begins = scene.sound.len();
            scene.sound.extend(turn.samples.iter().map(|sample| f64::from(*sample) / 32_768.0 * gain));
            let silences =
                turn.silences.iter().map(|silence| Silence { at: begins + silence.at, ..*silence }).collect();
            scene.truth.push(Truth { kind: turn.kind, begins, ends: scene.sound.len(), silences });
            let until = random.usize(40_000..56_000);
            scene.silence(until);
        }
        let rest = scene.sound.len();
        scene.add(&noise::pink(rest, HISS, 1));
        match condition {
            Condition::Pink(snr) => scene.add(&noise::pink(rest, f64::from(snr), 2)),
            Condition::Hum => scene.add(&noise::hum(rest)),
            Condition::Keys => scene.add(&noise::keys(rest, 3)),
            _ => {}
        }
        scene
    }

    fn silence(&mut self, length: usize) {
        self.sound.resize(self.sound.len() + length, 0.0);
    }

    fn add(&mut self, noise: &[f64]) {
        for (sample, noise) in self.sound.iter_mut().zip(noise) {
            *sample += noise;
        }
    }
}
