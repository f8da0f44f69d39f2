//! The whisper models we know: where they are, what they weigh, what they are good for in French.
//!
//! Output: [`MODELS`], best for French first. Invariant: a checksum stands here only where independent published sources
//! agree on it; without one, a download is compared with what its server declares, and says so.
//!
//! The checksums of whisper.cpp's own files are those of their Git LFS pointers at the pinned revision. Those of the
//! French models are published by nobody but their server; their sizes follow from the format, layer by layer.

/// A model that can be installed by its name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Model {
    /// Its name.
    pub name: &'static str,
    /// Its file in the models folder.
    pub file: &'static str,
    /// Where it comes from.
    pub url: &'static str,
    /// Length of the file.
    pub bytes: u64,
    /// SHA-256 of the file, hexadecimal, where it is attested.
    pub sha256: Option<&'static str>,
    /// What it is good for in French: one sentence.
    pub good_for: &'static str,
    /// How it is built.
    pub shape: Shape,
}

/// How a model is built, which decides how long it takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Shape {
    /// Width of its layers.
    pub width: u32,
    /// Layers of the encoder, which hears.
    pub encoder: u32,
    /// Layers of the decoder, which writes.
    pub decoder: u32,
    /// How its numbers are stored, as the header of a ggml file says it.
    pub stored: Stored,
}

/// How the numbers of a model are stored.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Stored {
    /// 16 bits.
    F16,
    /// 8 bits.
    Q8,
    /// 5 bits.
    Q5,
    /// 5 bits, with an offset.
    Q51,
}

impl Shape {
    const fn new(width: u32, encoder: u32, decoder: u32, stored: Stored) -> Shape {
        Shape { width, encoder, decoder, stored }
    }

    /// Multiplications for five seconds of speech, in billions: what the time grows with.
    ///
    /// The decoder writes some thirty pieces of words, one after the other, and waits for memory three times as long as
    /// it computes.
    pub fn work(self) -> f64 {
        const PIECES: f64 = 30.0;
        const WAITS: f64 = 3.0;
        const WORDS: f64 = 51_866.0;
        let (width, decoder) = (f64::from(self.width), f64::from(self.decoder));
        self.hearing() + WAITS * PIECES * (decoder * 14.0 * width * width + WORDS * width) / 1e9
    }

    /// The part of it that does not depend on what is said: the encoder, which looks at all of it at once, and what the
    /// decoder makes ready of that.
    pub fn hearing(self) -> f64 {
        const POSITIONS: f64 = 320.0;
        let (width, encoder, decoder) = (f64::from(self.width), f64::from(self.encoder), f64::from(self.decoder));
        let square = width * width;
        let hear = encoder * (12.0 * square * POSITIONS + 2.0 * POSITIONS * POSITIONS * width);
        (hear + decoder * 2.0 * square * POSITIONS) / 1e9
    }

    /// The same, relative to the smallest model.
    pub fn relative_work(self) -> f64 {
        self.work() / TINY.work()
    }
}

const TINY: Shape = Shape::new(384, 4, 4, Stored::F16);
const SMALL: Shape = Shape::new(768, 12, 12, Stored::F16);
const MEDIUM: Shape = Shape::new(1024, 24, 24, Stored::F16);
const LARGE: Shape = Shape::new(1280, 32, 32, Stored::F16);
/// Large with a decoder of four layers.
const TURBO: Shape = Shape::new(1280, 32, 4, Stored::F16);

const fn stored(shape: Shape, stored: Stored) -> Shape {
    Shape { stored, ..shape }
}

macro_rules! whisper_cpp {
    ($file:literal) => {
        concat!("https://huggingface.co/ggerganov/whisper.cpp/resolve/5359861c739e955e79d9a303bcbc70fb988958b1/", $file)
    };
}

macro_rules! bofenghuang {
    ($path:literal) => {
        concat!("https://huggingface.co/bofenghuang/whisper-", $path)
    };
}

/// All of them, best for French first.
pub const MODELS: &[Model] = &[
    Model {
        name: "large-v3-french-distil-dec16",
        file: "ggml-large-v3-french-distil-dec16.bin",
        url: bofenghuang!("large-v3-french-distil-dec16/resolve/main/ggml-model.bin"),
        bytes: 2_254_760_139,
        sha256: None,
        good_for: "Affiné puis distillé pour le français, sans compression : pour un serveur puissant.",
        shape: Shape { decoder: 16, ..LARGE },
    },
    Model {
        name: "large-v3-french-distil-dec16-q5_0",
        file: "ggml-large-v3-french-distil-dec16-q5_0.bin",
        url: bofenghuang!("large-v3-french-distil-dec16/resolve/main/ggml-model-q5_0.bin"),
        bytes: 791_369_259,
        sha256: None,
        good_for: "Affiné puis distillé pour le français : le premier choix quand la machine peut suivre.",
        shape: Shape { decoder: 16, ..stored(LARGE, Stored::Q5) },
    },
    Model {
        name: "large-v3-distil-fr-v0.2",
        file: "ggml-large-v3-distil-fr-v0.2.bin",
        url: bofenghuang!("large-v3-distil-fr-v0.2/resolve/main/ggml-model.bin"),
        bytes: 1_519_521_155,
        sha256: None,
        good_for: "Distillé pour le français, décodeur très court, sans compression.",
        shape: Shape { decoder: 2, ..LARGE },
    },
    Model {
        name: "large-v3-distil-fr-v0.2-q5_0",
        file: "ggml-large-v3-distil-fr-v0.2-q5_0.bin",
        url: bofenghuang!("large-v3-distil-fr-v0.2/resolve/main/ggml-model-q5_0.bin"),
        bytes: 537_819_875,
        sha256: None,
        good_for: "Distillé pour le français, décodeur très court : le plus rapide des grands modèles.",
        shape: Shape { decoder: 2, ..stored(LARGE, Stored::Q5) },
    },
    Model {
        name: "large-v3-q5_0",
        file: "ggml-large-v3-q5_0.bin",
        url: whisper_cpp!("ggml-large-v3-q5_0.bin"),
        bytes: 1_081_140_203,
        sha256: Some("d75795ecff3f83b5faa89d1900604ad8c780abd5739fae406de19f23ecd98ad1"),
        good_for: "Multilingue, précis en français, mais le plus lent de tous.",
        shape: stored(LARGE, Stored::Q5),
    },
    Model {
        name: "large-v3-turbo",
        file: "ggml-large-v3-turbo.bin",
        url: whisper_cpp!("ggml-large-v3-turbo.bin"),
        bytes: 1_624_555_275,
        sha256: Some("1fc70f774d38eb169993ac391eea357ef47c88757ef72ee5943879b7e8e2bc69"),
        good_for: "Multilingue, très bon en français, sans compression.",
        shape: TURBO,
    },
    Model {
        name: "large-v3-turbo-q8_0",
        file: "ggml-large-v3-turbo-q8_0.bin",
        url: whisper_cpp!("ggml-large-v3-turbo-q8_0.bin"),
        bytes: 874_188_075,
        sha256: Some("317eb69c11673c9de1e1f0d459b253999804ec71ac4c23c17ecf5fbe24e259a1"),
        good_for: "Multilingue, très bon en français, en moitié moins de place.",
        shape: stored(TURBO, Stored::Q8),
    },
    Model {
        name: "large-v3-turbo-q5_0",
        file: "ggml-large-v3-turbo-q5_0.bin",
        url: whisper_cpp!("ggml-large-v3-turbo-q5_0.bin"),
        bytes: 574_041_195,
        sha256: Some("394221709cd5ad1f40c46e6031ca61bce88931e6e088c188294c6d5a55ffa7e2"),
        good_for: "Multilingue, très bon en français, en trois fois moins de place.",
        shape: stored(TURBO, Stored::Q5),
    },
    Model {
        name: "medium",
        file: "ggml-medium.bin",
        url: whisper_cpp!("ggml-medium.bin"),
        bytes: 1_533_763_059,
        sha256: Some("6c14d5adee5f86394037b4e4e8b59f1673b6cee10e3cf0b11bbdbee79c156208"),
        good_for: "Bon en français ; large-v3-turbo fait souvent mieux pour un temps proche.",
        shape: MEDIUM,
    },
    Model {
        name: "medium-q5_0",
        file: "ggml-medium-q5_0.bin",
        url: whisper_cpp!("ggml-medium-q5_0.bin"),
        bytes: 539_212_467,
        sha256: Some("19fea4b380c3a618ec4723c3eef2eb785ffba0d0538cf43f8f235e7b3b34220f"),
        good_for: "Bon en français, en trois fois moins de place que medium.",
        shape: stored(MEDIUM, Stored::Q5),
    },
    Model {
        name: "small",
        file: "ggml-small.bin",
        url: whisper_cpp!("ggml-small.bin"),
        bytes: 487_601_967,
        sha256: Some("1be3a9b2063867b937e64e2ec7483364a79917e157fa98c5d94b5c1fffea987b"),
        good_for: "Le choix d'un ordinateur ordinaire : français courant correct, noms propres parfois déformés.",
        shape: SMALL,
    },
    Model {
        name: "small-q8_0",
        file: "ggml-small-q8_0.bin",
        url: whisper_cpp!("ggml-small-q8_0.bin"),
        bytes: 264_464_607,
        sha256: Some("49c8fb02b65e6049d5fa6c04f81f53b867b5ec9540406812c643f177317f779f"),
        good_for: "Comme small, en moitié moins de place.",
        shape: stored(SMALL, Stored::Q8),
    },
    Model {
        name: "small-q5_1",
        file: "ggml-small-q5_1.bin",
        url: whisper_cpp!("ggml-small-q5_1.bin"),
        bytes: 190_085_487,
        sha256: Some("ae85e4a935d7a567bd102fe55afc16bb595bdb618e11b2fc7591bc08120411bb"),
        good_for: "Comme small, un peu moins précis, pour peu de mémoire.",
        shape: stored(SMALL, Stored::Q51),
    },
    Model {
        name: "base",
        file: "ggml-base.bin",
        url: whisper_cpp!("ggml-base.bin"),
        bytes: 147_951_465,
        sha256: Some("60ed5bc3dd14eea856493d334349b405782ddcaf0028d4b5df4088345fba2efe"),
        good_for: "Pour une machine lente : phrases simples, erreurs fréquentes sur les noms, les dates et les montants.",
        shape: Shape::new(512, 6, 6, Stored::F16),
    },
    Model {
        name: "tiny",
        file: "ggml-tiny.bin",
        url: whisper_cpp!("ggml-tiny.bin"),
        bytes: 77_691_713,
        sha256: Some("be07e048e1e599ad46341c8d2a135645097a538221678b7acdd1b1919c6e1b21"),
        good_for: "Pour essayer seulement : beaucoup d'erreurs en français.",
        shape: TINY,
    },
];

/// The model of that name.
pub fn named(name: &str) -> Option<&'static Model> {
    MODELS.iter().find(|model| model.name == name)
}

/// Models to choose from when nobody chose, with the most time each may take for a second of speech. The large ones only
/// where they leave half of the time free: whoever has spoken waits for the words.
const CHOICE: &[(&str, f64)] =
    &[("large-v3-french-distil-dec16-q5_0", 0.5), ("large-v3-distil-fr-v0.2-q5_0", 0.5), ("small", 1.0), ("base", 1.0)];

/// Those models, best first.
pub fn candidates() -> impl Iterator<Item = &'static Model> {
    CHOICE.iter().filter_map(|(name, _)| named(name))
}

/// The best model that keeps up with speech; `pace` tells the seconds a model needs for one of speech.
pub fn recommended(pace: impl Fn(&Model) -> f64) -> &'static Model {
    let fast_enough = |(name, most): &(&str, f64)| named(name).filter(|model| pace(model) <= *most);
    CHOICE.iter().find_map(fast_enough).unwrap_or(&MODELS[MODELS.len() - 1])
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::speech::Sha256;

    #[test]
    fn names_and_files_are_unique_and_every_word_is_in_place() {
        for (n, model) in MODELS.iter().enumerate() {
            for other in &MODELS[..n] {
                assert!(
                    model.name != other.name && model.file != other.file && model.url != other.url,
                    "{}",
                    model.name
                );
            }
            assert_eq!(model.file, format!("ggml-{}.bin", model.name));
            assert!(model.url.starts_with("https://"), "{}", model.url);
            assert!(model.good_for.ends_with('.') && !model.good_for.contains('!'), "{}", model.good_for);
            assert!(model.sha256.is_none_or(|sum| sum.parse::<Sha256>().is_ok()), "{}", model.name);
        }
        assert!(CHOICE.iter().all(|(name, _)| named(name).is_some()));
        assert_eq!(MODELS.last().unwrap().name, "tiny");
    }

    /// A layer more or less of a decoder weighs the same in every file of a width, so the sizes vouch for each other.
    #[test]
    fn the_sizes_of_models_of_one_family_follow_from_each_other() {
        fn check(name: &str, decoder: u64, layer: u64) {
            let turbo = named(if name.ends_with("q5_0") { "large-v3-turbo-q5_0" } else { "large-v3-turbo" }).unwrap();
            // Each of the 24 tensors of a layer from the tenth on has one more digit in its name.
            let digits = |layers: u64| layers.saturating_sub(10) * 24;
            let expect = turbo.bytes + decoder * layer + digits(decoder) - 4 * layer;
            assert_eq!(named(name).unwrap().bytes, expect, "{name}");
        }
        for (name, decoder) in
            [("large-v3-q5_0", 32), ("large-v3-french-distil-dec16-q5_0", 16), ("large-v3-distil-fr-v0.2-q5_0", 2)]
        {
            check(name, decoder, 18_110_660);
        }
        check("large-v3-french-distil-dec16", 16, 52_517_060);
        check("large-v3-distil-fr-v0.2", 2, 52_517_060);
    }

    #[test]
    fn larger_models_take_longer_and_shorter_decoders_less() {
        let relative = |name: &str| named(name).unwrap().shape.relative_work();
        assert!((relative("tiny") - 1.0).abs() < 1e-9);
        let order = ["tiny", "base", "small", "medium", "large-v3-distil-fr-v0.2", "large-v3-turbo", "large-v3-q5_0"];
        for pair in order.windows(2) {
            assert!(relative(pair[0]) < relative(pair[1]), "{pair:?}");
        }
        assert!(relative("large-v3-q5_0") > 1.3 * relative("large-v3-turbo-q5_0"));
    }

    #[test]
    fn the_choice_is_the_best_model_that_the_machine_can_follow() {
        fn check(seconds_of_tiny: f64, expect: &str) {
            let model = recommended(|model| seconds_of_tiny * model.shape.relative_work());
            assert_eq!(model.name, expect, "{seconds_of_tiny}");
        }
        check(0.001, "large-v3-french-distil-dec16-q5_0");
        check(0.0115, "large-v3-distil-fr-v0.2-q5_0");
        check(0.03, "small");
        check(0.2, "base");
        check(2.0, "tiny");
    }
}
