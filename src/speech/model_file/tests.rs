use std::io::{Cursor, Read, Seek, SeekFrom};
use std::path::Path;
use std::sync::LazyLock;

use proptest::prelude::*;

use super::*;

/// The small model of our own (`tests/data/voice/README.md`).
static MODEL: LazyLock<Vec<u8>> = LazyLock::new(|| {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data/voice/whisper-test-fr.bin");
    std::fs::read(file).unwrap()
});

/// Where its parts begin: magic, header, mel filters, vocabulary, tensors.
const HEADER: usize = 4;
const FILTERS: usize = HEADER + 11 * 4;
const VOCABULARY: usize = FILTERS + 2 * 4 + 80 * 201 * 4;

fn looked_at(bytes: &[u8]) -> Result<ModelFacts, ModelFault> {
    inspect_reader(Cursor::new(bytes), bytes.len() as u64)
}

/// The model with a number of its header changed.
fn with_header(field: usize, value: i32) -> Vec<u8> {
    with(HEADER + 4 * field, &value.to_le_bytes())
}

fn with(at: usize, bytes: &[u8]) -> Vec<u8> {
    let mut model = MODEL.clone();
    model[at..at + bytes.len()].copy_from_slice(bytes);
    model
}

fn check(bytes: &[u8], expected: &str) {
    let fault = looked_at(bytes).expect_err(expected).to_string();
    assert!(fault.contains(expected), "{fault}");
}

#[test]
fn a_sound_file_tells_its_facts() {
    let facts = looked_at(&MODEL).unwrap();
    assert_eq!((facts.languages, facts.vocabulary(), facts.mel_bands), (99, 51_865, 80));
    assert_eq!((facts.audio_context, facts.text_context, facts.width), (1_500, 448, 64));
    assert_eq!((facts.encoder_layers, facts.decoder_layers), (1, 1));
    assert_eq!((facts.quantisation.to_string().as_str(), facts.bytes), ("q4_0", MODEL.len() as u64));
}

#[test]
fn a_file_cut_anywhere_is_refused_and_says_where() {
    for (length, expected) in [
        (1, "truncated at 1 bytes, inside its first four bytes"),
        (HEADER + 6, "inside the header"),
        (FILTERS + 100, "inside the mel filters"),
        (VOCABULARY + 2, "inside the vocabulary"),
        (VOCABULARY + 50, "inside the vocabulary"),
        (MODEL.len() - 1, "inside decoder.token_embedding.weight"),
    ] {
        check(&MODEL[..length], expected);
    }
    for length in (0..MODEL.len()).step_by(1_009) {
        assert!(looked_at(&MODEL[..length]).is_err(), "{length}");
    }
}

#[test]
fn a_file_cut_between_two_tensors_is_refused() {
    let last = b"decoder.token_embedding.weight";
    let name = MODEL.windows(last.len()).position(|bytes| bytes == last).unwrap();
    check(&MODEL[..name - 20], "1 of them are missing, decoder.token_embedding.weight first");
    check(&MODEL[..name - 6], "inside the header of a tensor");
}

#[test]
fn what_follows_the_last_tensor_is_too_much() {
    for extra in [1, 11, 12, 4_000] {
        let longer = [MODEL.as_slice(), &vec![0; extra]].concat();
        check(&longer, &format!("{extra} bytes too many"));
    }
}

#[test]
fn other_files_are_named() {
    for (bytes, expected) in [
        (b"".as_slice(), "the file is empty"),
        (b"GGUF\x03\0\0\0", "GGUF file"),
        (b"PK\x03\x04....", "PyTorch"),
        (b"<!DOCTYPE html><html>", "web page"),
        (b"version https://git-lfs.github.com/spec/v1", "Git LFS"),
        (b"RIFF....WAVE", "it begins otherwise"),
    ] {
        check(bytes, expected);
    }
}

#[test]
fn an_english_model_and_a_newer_one_are_told_apart() {
    check(&with_header(0, 51_864), "English-only");
    check(&with_header(0, 51_900), "another version of whisper.cpp");
    check(&with_header(10, 26), "another version of whisper.cpp: tensors in format 26");
    check(&with_header(10, 1_002), "another version of whisper.cpp: tensors in format 1002");
    assert!(looked_at(&with_header(10, 2_002)).is_ok(), "as whisper.cpp's own tool quantises");
}

#[test]
fn numbers_out_of_range_are_damage() {
    for (field, value, expected) in [
        (0, -1, "the size of the vocabulary is -1"),
        (1, 1_501, "the audio context is 1501"),
        (2, 0, "the encoder's width is 0"),
        (2, 128, "differ in width"),
        (3, 3, "heads do not share"),
        (4, 2, "are missing"),
        (4, i32::MAX, "the encoder's layers"),
        (5, 447, "decoder.positional_embedding is [64, 448, 1]"),
        (9, 128, "mel filters of 80 × 201"),
        (10, 1, "stored in type 2, f16 expected"),
        (10, 12, "a width of 64 cannot be stored as q4_k"),
    ] {
        check(&with_header(field, value), expected);
    }
    check(&with(VOCABULARY, &i32::MAX.to_le_bytes()), "words in a vocabulary of 51865");
    check(&with(VOCABULARY + 4, &u32::MAX.to_le_bytes()), "a word of 4294967295 bytes");
    let blank = VOCABULARY + 4 + 5 * usize::from(b' ') + 4;
    assert_eq!(MODEL[blank - 4..=blank], [1, 0, 0, 0, b' ']);
    check(&with(blank, b"_"), "its vocabulary has no blank");
}

/// Counts what is read.
struct Counted<'a>(Cursor<&'a [u8]>, &'a mut usize);

impl Read for Counted<'_> {
    fn read(&mut self, into: &mut [u8]) -> std::io::Result<usize> {
        let read = self.0.read(into)?;
        *self.1 += read;
        Ok(read)
    }
}

impl Seek for Counted<'_> {
    fn seek(&mut self, to: SeekFrom) -> std::io::Result<u64> {
        self.0.seek(to)
    }
}

#[test]
fn weights_are_not_read() {
    let mut read = 0;
    inspect_reader(Counted(Cursor::new(&MODEL), &mut read), MODEL.len() as u64).unwrap();
    assert!(read < 8_000, "{read} bytes read");
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn flipped_bytes_never_panic(flips in prop::collection::vec((any::<prop::sample::Index>(), 0_usize..3, any::<u8>()), 1..6)) {
        let mut model = MODEL.clone();
        for (index, part, byte) in flips {
            // A third each: the first kilobytes, the vocabulary and tensors' headers, anywhere.
            let within = [FILTERS + 8, 70_000, model.len()][part];
            let from = if part == 1 { VOCABULARY } else { 0 };
            model[from + index.index(within - from)] = byte;
        }
        if let Ok(facts) = looked_at(&model) {
            prop_assert_eq!(facts.width, 64);
        }
    }

    #[test]
    fn noise_never_panics(bytes in prop::collection::vec(any::<u8>(), 0..400), keep in 0_usize..70_000) {
        let noise = [&MODEL[..keep], bytes.as_slice()].concat();
        prop_assert!(looked_at(&noise).is_err());
    }
}
