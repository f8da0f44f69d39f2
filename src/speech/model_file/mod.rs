//! A ggml whisper file, looked at before whisper.cpp sees it: whisper.cpp ends the process on some broken files, and
//! takes others (cut inside their last tensor) without a word.
//!
//! Input: a file. Output: [`ModelFacts`], or the [`ModelFault`] in plain terms. Invariant: only headers and the
//! vocabulary are read; no number in the file makes us allocate more than a few kilobytes.

mod reader;
mod tensors;

use std::fs::File;
use std::io::{self, BufReader, Read, Seek};
use std::path::Path;

use reader::Reader;
pub use tensors::Quantisation;

/// What a sound file says about its model.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ModelFacts {
    /// Bytes of the whole file; about what it takes in memory.
    pub bytes: u64,
    /// Languages it knows, French among them: 99, or 100 since large-v3.
    pub languages: u32,
    /// Bands of the spectrum it looks at: 80, or 128 since large-v3.
    pub mel_bands: u32,
    /// Positions of the audio encoder, each 20 ms: 1500 for the usual 30 s.
    pub audio_context: u32,
    /// Width of its layers: 384 (tiny) to 1280 (large).
    pub width: u32,
    /// Layers of the encoder: 4 (tiny), 6 (base), 12 (small), 24 (medium), 32 (large).
    pub encoder_layers: u32,
    /// Layers of the decoder: as many, or fewer in distilled and turbo models.
    pub decoder_layers: u32,
    /// Positions of the text decoder, prompt included: 448.
    pub text_context: u32,
    /// How its large tensors are stored.
    pub quantisation: Quantisation,
}

/// Why a file is no model that we can use.
#[derive(Debug, thiserror::Error)]
pub enum ModelFault {
    /// The file could not be read.
    #[error("read the model file")]
    Io(#[from] io::Error),
    /// Another kind of file.
    #[error("find a whisper model in ggml format: {0}")]
    NotWhisper(&'static str),
    /// It ends too early: the download broke off.
    #[error("read the model to its end: truncated at {at} bytes, inside {inside}")]
    Truncated {
        /// Its length.
        at: u64,
        /// What is cut.
        inside: String,
    },
    /// More follows after the last tensor.
    #[error("understand the model file: {0} bytes too many at its end")]
    TooLong(u64),
    /// It understands English only (its name usually ends in `.en`).
    #[error("use the model for French: it is an English-only model")]
    EnglishOnly,
    /// Made by a newer (or much older) tool than we know.
    #[error("understand the model file, made for another version of whisper.cpp: {0}")]
    OtherVersion(String),
    /// Numbers that contradict each other: damaged.
    #[error("understand the model file, which is damaged: {0}")]
    Damaged(String),
}

/// Looks at a file.
pub fn inspect(path: &Path) -> Result<ModelFacts, ModelFault> {
    let file = File::open(path)?;
    let bytes = file.metadata()?.len();
    inspect_reader(BufReader::new(file), bytes)
}

/// Looks at anything that holds so many bytes.
pub fn inspect_reader(file: impl Read + Seek, bytes: u64) -> Result<ModelFacts, ModelFault> {
    let mut reader = Reader::new(file, bytes);
    magic(&mut reader)?;
    let facts = header(&mut reader)?;
    mel_filters(&mut reader, &facts)?;
    vocabulary(&mut reader, &facts)?;
    tensors::walk(&mut reader, &facts)?;
    Ok(facts)
}

/// How files begin that people take for models.
const OTHER_KINDS: &[(&[u8; 4], &str)] = &[
    (b"GGUF", "it is a GGUF file, as llama.cpp uses"),
    (b"PK\x03\x04", "it is a PyTorch or zip file: take the file named ggml-….bin"),
    (b"<!do", "it is a web page: the address asked for a login or does not exist"),
    (b"<!DO", "it is a web page: the address asked for a login or does not exist"),
    (b"<htm", "it is a web page: the address asked for a login or does not exist"),
    (b"vers", "it is the pointer of a Git LFS file, not the file"),
];

fn magic<R: Read + Seek>(reader: &mut Reader<R>) -> Result<(), ModelFault> {
    if reader.bytes() == 0 {
        return Err(ModelFault::NotWhisper("the file is empty"));
    }
    let magic = reader.array::<4>("its first four bytes")?;
    if magic == 0x6767_6d6c_u32.to_le_bytes() {
        return Ok(());
    }
    let kind = OTHER_KINDS.iter().find(|(begins, _)| **begins == magic).map_or("it begins otherwise", |(_, kind)| kind);
    Err(ModelFault::NotWhisper(kind))
}

/// Words in the vocabulary of models that speak many languages, before and since large-v3.
const MULTILINGUAL: [u32; 2] = [51_865, 51_866];

fn header<R: Read + Seek>(reader: &mut Reader<R>) -> Result<ModelFacts, ModelFault> {
    let mut number = |name: &'static str, least: u32, most: u32| -> Result<u32, ModelFault> {
        let value = reader.number("the header")?;
        let told = || ModelFault::Damaged(format!("{name} is {value}, between {least} and {most} expected"));
        u32::try_from(value).ok().filter(|value| (least..=most).contains(value)).ok_or_else(told)
    };
    let vocabulary = number("the size of the vocabulary", 1, 1 << 20)?;
    let audio_context = number("the audio context", 1, 1_500)?;
    let width = number("the encoder's width", 1, 8_192)?;
    let heads = number("the encoder's heads", 1, 256)?;
    let encoder_layers = number("the encoder's layers", 1, 48)?;
    let text_context = number("the text context", 32, 4_096)?;
    let text_width = number("the decoder's width", 1, 8_192)?;
    let text_heads = number("the decoder's heads", 1, 256)?;
    let decoder_layers = number("the decoder's layers", 1, 48)?;
    let mel_bands = number("the mel bands", 1, 1_024)?;
    let format = number("the format of its tensors", 0, 1 << 20)?;
    if vocabulary < MULTILINGUAL[0] {
        return Err(ModelFault::EnglishOnly);
    }
    if !MULTILINGUAL.contains(&vocabulary) {
        return Err(ModelFault::OtherVersion(format!("a vocabulary of {vocabulary} words")));
    }
    if text_width != width {
        return Err(ModelFault::Damaged("encoder and decoder differ in width".to_owned()));
    }
    if !width.is_multiple_of(heads) || !width.is_multiple_of(text_heads) {
        return Err(ModelFault::Damaged("the heads do not share the width evenly".to_owned()));
    }
    let quantisation =
        Quantisation::of_file(format).ok_or_else(|| ModelFault::OtherVersion(format!("tensors in format {format}")))?;
    if !width.is_multiple_of(quantisation.block()) {
        return Err(ModelFault::Damaged(format!("a width of {width} cannot be stored as {quantisation}")));
    }
    Ok(ModelFacts {
        bytes: reader.bytes(),
        languages: vocabulary - 51_766,
        mel_bands,
        audio_context,
        width,
        encoder_layers,
        decoder_layers,
        text_context,
        quantisation,
    })
}

/// Points of the Fourier transform that the filters weigh: what whisper.cpp assumes.
const SPECTRUM: i32 = 201;

fn mel_filters<R: Read + Seek>(reader: &mut Reader<R>, facts: &ModelFacts) -> Result<(), ModelFault> {
    let (bands, points) = (reader.number("the mel filters")?, reader.number("the mel filters")?);
    if u32::try_from(bands) != Ok(facts.mel_bands) || points != SPECTRUM {
        let told = format!("mel filters of {bands} × {points}, {} × {SPECTRUM} expected", facts.mel_bands);
        return Err(ModelFault::Damaged(told));
    }
    reader.skip(u64::from(facts.mel_bands) * 201 * 4, "the mel filters")
}

/// The longest word that a vocabulary may hold, in bytes; real ones stay under 256.
const LONGEST_WORD: u64 = 1_024;

fn vocabulary<R: Read + Seek>(reader: &mut Reader<R>, facts: &ModelFacts) -> Result<(), ModelFault> {
    let words = reader.number("the vocabulary")?;
    let most = facts.vocabulary();
    if !(1..=most).contains(&u32::try_from(words).unwrap_or_default()) {
        return Err(ModelFault::Damaged(format!("{words} words in a vocabulary of {most}")));
    }
    let mut blank = false;
    for _ in 0..words {
        let length = u64::from(u32::from_le_bytes(reader.array("the vocabulary")?));
        if length > LONGEST_WORD {
            return Err(ModelFault::Damaged(format!("a word of {length} bytes in the vocabulary")));
        }
        if length == 1 {
            blank |= reader.array::<1>("the vocabulary")? == *b" ";
        } else {
            reader.skip(length, "the vocabulary")?;
        }
    }
    // whisper.cpp looks it up for every clip, and ends the process if it is not there.
    if blank { Ok(()) } else { Err(ModelFault::Damaged("its vocabulary has no blank".to_owned())) }
}

impl ModelFacts {
    /// Words of the vocabulary, marks for languages and times included.
    pub fn vocabulary(&self) -> u32 {
        self.languages + 51_766
    }
}

#[cfg(test)]
mod tests;
