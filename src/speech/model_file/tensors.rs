//! The tensors of a whisper model: which there must be, of which shape, stored how.
//!
//! Input: the rest of the file, after the vocabulary. Output: whether it holds each tensor once, whole, and nothing
//! else.

use std::collections::BTreeMap;
use std::fmt;
use std::io::{Read, Seek};

use super::reader::Reader;
use super::{ModelFacts, ModelFault};

/// How numbers are stored: ggml's types that whisper models come in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Quantisation {
    name: &'static str,
    /// Its number in a file's header.
    file: u32,
    /// Its number in a tensor's header.
    tensor: i32,
    /// Numbers that are packed together.
    block: u32,
    /// Bytes of one such pack.
    bytes: u32,
}

const fn quantisation(name: &'static str, file: u32, tensor: i32, block: u32, bytes: u32) -> Quantisation {
    Quantisation { name, file, tensor, block, bytes }
}

const F32: Quantisation = quantisation("f32", 0, 0, 1, 4);
const F16: Quantisation = quantisation("f16", 1, 1, 1, 2);
const KNOWN: &[Quantisation] = &[
    F32,
    F16,
    quantisation("bf16", 24, 30, 1, 2),
    quantisation("q4_0", 2, 2, 32, 18),
    quantisation("q4_1", 3, 3, 32, 20),
    quantisation("q5_0", 8, 6, 32, 22),
    quantisation("q5_1", 9, 7, 32, 24),
    quantisation("q8_0", 7, 8, 32, 34),
    quantisation("q2_k", 10, 10, 256, 84),
    quantisation("q3_k", 11, 11, 256, 110),
    quantisation("q4_k", 12, 12, 256, 144),
    quantisation("q5_k", 13, 13, 256, 176),
    quantisation("q6_k", 14, 14, 256, 210),
];

impl Quantisation {
    /// As the file's header names it: thousands are the version of the quantisation, 2 since May 2023.
    pub(super) fn of_file(format: u32) -> Option<Quantisation> {
        let (version, format) = (format / 1_000, format % 1_000);
        let known = KNOWN.iter().copied().find(|known| known.file == format)?;
        // Before version 2 the same names stood for other layouts. No version: written by a converter, not quantised later.
        matches!((version, known.block), (0 | 2, _) | (_, 1)).then_some(known)
    }

    pub(super) fn block(self) -> u32 {
        self.block
    }

    fn bytes_of(self, numbers: u64) -> u64 {
        numbers / u64::from(self.block) * u64::from(self.bytes)
    }
}

impl fmt::Display for Quantisation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name)
    }
}

/// What a tensor must be like: its sides, shortest step first, and how it is stored.
type Shape = ([u32; 3], Quantisation);

/// Walks over every tensor up to the end of the file.
pub(super) fn walk<R: Read + Seek>(reader: &mut Reader<R>, facts: &ModelFacts) -> Result<(), ModelFault> {
    let mut missing = expected(facts);
    while let Some(first) = missing.keys().next() {
        if reader.left() == 0 {
            let inside = format!("the list of tensors: {} of them are missing, {first} first", missing.len());
            return Err(ModelFault::Truncated { at: reader.bytes(), inside });
        }
        tensor(reader, &mut missing)?;
    }
    if reader.left() > 0 { Err(ModelFault::TooLong(reader.left())) } else { Ok(()) }
}

/// Passes over one tensor, and takes it from what is missing.
fn tensor<R: Read + Seek>(reader: &mut Reader<R>, missing: &mut BTreeMap<String, Shape>) -> Result<(), ModelFault> {
    const HEADER: &str = "the header of a tensor";
    let damaged = |told: String| Err(ModelFault::Damaged(told));
    let (sides, length, stored) = (reader.number(HEADER)?, reader.number(HEADER)?, reader.number(HEADER)?);
    let (Ok(sides @ 1..=3), Ok(length @ 1..=96)) = (usize::try_from(sides), usize::try_from(length)) else {
        return damaged("no tensor stands where one should".to_owned());
    };
    let mut found = [1; 3];
    for side in &mut found[..sides] {
        *side = reader.number(HEADER)?;
    }
    let mut name = vec![0; length];
    reader.fill(&mut name, HEADER)?;
    let name = String::from_utf8_lossy(&name).into_owned();
    let Some((shape, quantisation)) = missing.remove(&name) else {
        return damaged(format!("an unknown or repeated tensor {name:?}"));
    };
    if found.map(u32::try_from) != shape.map(Ok) {
        return damaged(format!("{name} is {found:?}, {shape:?} expected"));
    }
    if stored != quantisation.tensor {
        return damaged(format!("{name} is stored in type {stored}, {quantisation} expected"));
    }
    let numbers = shape.iter().map(|side| u64::from(*side)).product();
    reader.skip(quantisation.bytes_of(numbers), &name)
}

/// Every tensor that whisper.cpp looks for.
fn expected(facts: &ModelFacts) -> BTreeMap<String, Shape> {
    let width = facts.width;
    let large = facts.quantisation;
    // Convolutions are never quantised.
    let convolution = if large == F32 { F32 } else { F16 };
    let line = ([width, 1, 1], F32);
    let square = ([width, width, 1], large);
    let mut all = BTreeMap::from([
        ("encoder.positional_embedding".to_owned(), ([width, facts.audio_context, 1], F32)),
        ("encoder.conv1.weight".to_owned(), ([3, facts.mel_bands, width], convolution)),
        ("encoder.conv1.bias".to_owned(), ([1, width, 1], F32)),
        ("encoder.conv2.weight".to_owned(), ([3, width, width], convolution)),
        ("encoder.conv2.bias".to_owned(), ([1, width, 1], F32)),
        ("encoder.ln_post.weight".to_owned(), line),
        ("encoder.ln_post.bias".to_owned(), line),
        ("decoder.positional_embedding".to_owned(), ([width, facts.text_context, 1], F32)),
        ("decoder.token_embedding.weight".to_owned(), ([width, facts.vocabulary(), 1], large)),
        ("decoder.ln.weight".to_owned(), line),
        ("decoder.ln.bias".to_owned(), line),
    ]);
    let encoder = (0..facts.encoder_layers).map(|layer| (format!("encoder.blocks.{layer}"), false));
    let decoder = (0..facts.decoder_layers).map(|layer| (format!("decoder.blocks.{layer}"), true));
    for (block, crosses) in encoder.chain(decoder) {
        let mut add = |name: &str, shape| all.insert(format!("{block}.{name}"), shape);
        add("mlp_ln.weight", line);
        add("mlp_ln.bias", line);
        add("mlp.0.weight", ([width, 4 * width, 1], large));
        add("mlp.0.bias", ([4 * width, 1, 1], F32));
        add("mlp.2.weight", ([4 * width, width, 1], large));
        add("mlp.2.bias", line);
        let attentions: &[&str] = if crosses { &["attn", "cross_attn"] } else { &["attn"] };
        for attention in attentions {
            for (part, biased) in [("query", true), ("key", false), ("value", true), ("out", true)] {
                add(&format!("{attention}.{part}.weight"), square);
                if biased {
                    add(&format!("{attention}.{part}.bias"), line);
                }
            }
            add(&format!("{attention}_ln.weight"), line);
            add(&format!("{attention}_ln.bias"), line);
        }
    }
    all
}
