//! Samples: 16 kHz, mono, 16 bits, which is what every part here hears; and WAV files to and from them.
//!
//! Input: a WAV file of any usual format, rate and number of channels. Output: samples, or what is wrong with the file.
//! Invariant: whatever the bytes, reading them ends in samples or in an error that a person can act on.

use std::io::Cursor;

use hound::{SampleFormat, WavReader, WavSpec, WavWriter};
use rubato::audioadapter_buffers::direct::InterleavedSlice;
use rubato::{Fft, FixedSync, Resampler};

/// Samples a second, everywhere past the edges.
pub const RATE: u32 = 16_000;

/// The longest file read, in minutes.
pub const MOST_MINUTES: u32 = 60;

/// Rates that recordings have, in samples a second: a bad telephone line to studio equipment.
const RATES: std::ops::RangeInclusive<u32> = 4_000..=384_000;

/// Frames resampled at a time.
const CHUNK: usize = 4_096;

/// How long so many samples last, in milliseconds, rounded down.
pub const fn ms(samples: u64) -> u64 {
    samples * 1_000 / RATE as u64
}

/// How many samples last so many milliseconds.
pub const fn samples(ms: u64) -> u64 {
    ms * RATE as u64 / 1_000
}

/// A WAV file that cannot be heard.
#[derive(Debug, thiserror::Error)]
pub enum WavError {
    /// Something else under that name.
    #[error("read the sound: this is not a WAV file")]
    NotWav,
    /// A WAV file around another format; its number in the registry of formats.
    #[error("read the sound: the WAV file is compressed (format {0}), save it as PCM")]
    Compressed(u16),
    /// Numbers of a kind nobody writes: 64-bit floats, 12 bits.
    #[error("read the sound: samples of {bits} bits are not understood, save it with 16")]
    Samples {
        /// Bits of one sample.
        bits: u16,
    },
    /// A rate that no recording has.
    #[error("read the sound: {0} samples a second is not the rate of a recording")]
    Rate(u32),
    /// Nothing between beginning and end.
    #[error("read the sound: the file holds no samples")]
    Empty,
    /// Longer than asked for.
    #[error("read the sound: it lasts {minutes} minutes, {most} at most")]
    TooLong {
        /// Begun minutes.
        minutes: u32,
        /// What is taken.
        most: u32,
    },
    /// The header contradicts itself.
    #[error("read the sound: the WAV file is damaged")]
    Damaged(#[source] hound::Error),
    /// The converter refused.
    #[error("convert the sound from {rate} samples a second")]
    Convert {
        /// Samples a second in the file.
        rate: u32,
        /// What it said.
        #[source]
        source: Box<dyn std::error::Error + Send + Sync>,
    },
}

/// Reads a WAV file as 16 kHz mono: 8 to 32 bits or float, channels are averaged, other rates converted.
///
/// A length that a program writing to a pipe could not know, or a file cut short, is taken as « until the end ».
pub fn read_wav(bytes: &[u8], most_minutes: u32) -> Result<Vec<i16>, WavError> {
    let (bytes, format) = mended(bytes).ok_or(WavError::NotWav)?;
    if !matches!(format, 1 | 3 | 0xFFFE) {
        return Err(WavError::Compressed(format));
    }
    let reader = WavReader::new(Cursor::new(bytes)).map_err(|error| match error {
        hound::Error::Unsupported => WavError::Compressed(format),
        other => WavError::Damaged(other),
    })?;
    let (spec, frames) = (reader.spec(), u64::from(reader.duration()));
    if !RATES.contains(&spec.sample_rate) {
        return Err(WavError::Rate(spec.sample_rate));
    }
    if frames == 0 {
        return Err(WavError::Empty);
    }
    if frames > u64::from(most_minutes) * 60 * u64::from(spec.sample_rate) {
        let minutes = frames.div_ceil(60 * u64::from(spec.sample_rate));
        return Err(WavError::TooLong { minutes: u32::try_from(minutes).unwrap_or(u32::MAX), most: most_minutes });
    }
    let mono = mono(reader, spec)?;
    if spec.sample_rate == RATE {
        return Ok(mono.into_iter().map(quantised).collect());
    }
    resampled(&mono, spec.sample_rate)
        .map(|samples| samples.into_iter().map(quantised).collect())
        .map_err(|source| WavError::Convert { rate: spec.sample_rate, source })
}

/// A WAV file of these samples: 16 kHz, mono, 16 bits.
pub fn write_wav(samples: &[i16]) -> Vec<u8> {
    let spec = WavSpec { channels: 1, sample_rate: RATE, bits_per_sample: 16, sample_format: SampleFormat::Int };
    let mut file = Cursor::new(Vec::with_capacity(44 + 2 * samples.len()));
    let mut writer = WavWriter::new(&mut file, spec).expect("memory takes a header");
    {
        let mut block = writer.get_i16_writer(u32::try_from(samples.len()).expect("less than a day of sound"));
        for sample in samples {
            block.write_sample(*sample);
        }
        block.flush().expect("memory takes what it was sized for");
    }
    writer.finalize().expect("memory takes its header again");
    file.into_inner()
}

/// Averages the channels; values from -1 to 1.
fn mono(mut reader: WavReader<Cursor<Vec<u8>>>, spec: WavSpec) -> Result<Vec<f32>, WavError> {
    let told = |error| match error {
        hound::Error::Unsupported | hound::Error::TooWide | hound::Error::InvalidSampleFormat => {
            WavError::Samples { bits: spec.bits_per_sample }
        }
        other => WavError::Damaged(other),
    };
    let all: Result<Vec<f32>, hound::Error> = match spec.sample_format {
        SampleFormat::Float => reader.samples::<f32>().collect(),
        SampleFormat::Int => {
            let full = 2f32.powi(i32::from(spec.bits_per_sample) - 1);
            #[expect(clippy::cast_precision_loss, reason = "24 bits are kept, sixteen are wanted")]
            reader.samples::<i32>().map(|sample| sample.map(|value| value as f32 / full)).collect()
        }
    };
    let channels = usize::from(spec.channels);
    let share = 1.0 / f32::from(spec.channels);
    Ok(all.map_err(told)?.chunks_exact(channels).map(|frame| frame.iter().sum::<f32>() * share).collect())
}

/// The same sound at [`RATE`].
fn resampled(mono: &[f32], rate: u32) -> Result<Vec<f32>, Box<dyn std::error::Error + Send + Sync>> {
    let clean: Vec<f32> =
        mono.iter().map(|value| if value.is_finite() { value.clamp(-2.0, 2.0) } else { 0.0 }).collect();
    let mut converter = Fft::<f32>::new(rate as usize, RATE as usize, CHUNK, 1, FixedSync::Both)?;
    let input = InterleavedSlice::new(&clean, 1, clean.len())?;
    Ok(converter.process_all(&input, clean.len(), None)?.take_data())
}

fn quantised(value: f32) -> i16 {
    #[expect(clippy::cast_possible_truncation, reason = "clamped; `as` makes not-a-number 0")]
    let sample = (value * 32_768.0).round().clamp(-32_768.0, 32_767.0) as i16;
    sample
}

/// The file with a length that is true, and its format's number; nothing if this is no WAV file.
fn mended(bytes: &[u8]) -> Option<(Vec<u8>, u16)> {
    let number = |at: usize| bytes.get(at..at + 4).map(|four| u32::from_le_bytes([four[0], four[1], four[2], four[3]]));
    if bytes.get(..4)? != b"RIFF" || bytes.get(8..12)? != b"WAVE" {
        return None;
    }
    let (mut at, mut format, mut frame) = (12, 0, 1);
    while let (Some(name), Some(length)) = (bytes.get(at..at + 4), number(at + 4)) {
        let body = at + 8;
        match name {
            b"fmt " => {
                let two = |at: usize| bytes.get(at..at + 2).map(|two| u16::from_le_bytes([two[0], two[1]]));
                format = two(body)?;
                frame = usize::from(two(body + 12)?).max(1);
            }
            b"data" => {
                let there = bytes.len() - body;
                let told = usize::try_from(length).unwrap_or(usize::MAX);
                // `4 GiB - 1` and the like: the writer did not know. Otherwise a cut file.
                let true_length = if told > there { there / frame * frame } else { told };
                let mut whole = bytes[..body + true_length].to_vec();
                whole[at + 4..body].copy_from_slice(&u32::try_from(true_length).ok()?.to_le_bytes());
                return Some((whole, format));
            }
            _ => {}
        }
        at = body.checked_add(usize::try_from(length).ok()?)?;
    }
    Some((bytes.to_vec(), format))
}

#[cfg(test)]
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_precision_loss,
    clippy::cast_sign_loss,
    reason = "tones of a second"
)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// A tone as a file of this kind.
    fn file(spec: WavSpec, seconds: f32) -> Vec<u8> {
        let mut file = Cursor::new(Vec::new());
        let mut writer = WavWriter::new(&mut file, spec).unwrap();
        let frames = (spec.sample_rate as f32 * seconds) as usize;
        for n in 0..frames {
            let value = 0.5 * (n as f32 * 440.0 * std::f32::consts::TAU / spec.sample_rate as f32).sin();
            for _ in 0..spec.channels {
                match spec.sample_format {
                    SampleFormat::Float => writer.write_sample(value).unwrap(),
                    SampleFormat::Int => {
                        let full = 2f32.powi(i32::from(spec.bits_per_sample) - 1) - 1.0;
                        writer.write_sample((value * full) as i32).unwrap();
                    }
                }
            }
        }
        writer.finalize().unwrap();
        file.into_inner()
    }

    fn spec(rate: u32, channels: u16, bits: u16, sample_format: SampleFormat) -> WavSpec {
        WavSpec { channels, sample_rate: rate, bits_per_sample: bits, sample_format }
    }

    fn cd() -> Vec<u8> {
        file(spec(44_100, 2, 16, SampleFormat::Int), 0.5)
    }

    #[test]
    fn any_usual_file_becomes_the_same_tone_at_16_khz() {
        for (rate, channels, bits, format) in [
            (16_000, 1, 16, SampleFormat::Int),
            (8_000, 1, 8, SampleFormat::Int),
            (11_025, 1, 16, SampleFormat::Int),
            (22_050, 1, 16, SampleFormat::Int),
            (44_100, 2, 16, SampleFormat::Int),
            (48_000, 2, 24, SampleFormat::Int),
            (48_000, 6, 32, SampleFormat::Int),
            (96_000, 1, 32, SampleFormat::Float),
            (47_999, 1, 16, SampleFormat::Int),
        ] {
            let heard = read_wav(&file(spec(rate, channels, bits, format), 0.5), 1).unwrap();
            assert!(heard.len().abs_diff(8_000) <= 2, "{rate} {channels} {bits}: {} samples", heard.len());
            let middle = &heard[1_600..6_400];
            let crossings = middle.windows(2).filter(|two| (two[0] < 0) != (two[1] < 0)).count();
            assert!(crossings.abs_diff(264) <= 2, "{rate} {channels} {bits}: {crossings} crossings");
            let peak = middle.iter().map(|value| value.unsigned_abs()).max().unwrap();
            assert!(peak.abs_diff(16_384) < 400, "{rate} {channels} {bits}: peak {peak}");
        }
    }

    #[test]
    fn a_file_that_cannot_be_heard_says_why() {
        let check = |bytes: &[u8], expected: &str| assert_eq!(read_wav(bytes, 1).unwrap_err().to_string(), expected);
        check(b"", "read the sound: this is not a WAV file");
        check(b"ID3 some other music", "read the sound: this is not a WAV file");
        let mut compressed = cd();
        compressed[20] = 0x55;
        check(&compressed, "read the sound: the WAV file is compressed (format 85), save it as PCM");
        check(&file(spec(16_000, 1, 16, SampleFormat::Int), 0.0), "read the sound: the file holds no samples");
        check(&file(spec(8_000, 1, 8, SampleFormat::Int), 61.0), "read the sound: it lasts 2 minutes, 1 at most");
        check(
            &file(spec(100, 1, 16, SampleFormat::Int), 1.0),
            "read the sound: 100 samples a second is not the rate of a recording",
        );
        check(&cd()[..20], "read the sound: this is not a WAV file");
        check(&cd()[..40], "read the sound: the WAV file is damaged");
    }

    #[test]
    fn a_length_nobody_knew_and_a_cut_file_read_until_the_end() {
        let mut piped = file(spec(16_000, 1, 16, SampleFormat::Int), 0.5);
        let data = piped.windows(4).position(|four| four == b"data").unwrap();
        piped[data + 4..data + 8].copy_from_slice(&0x7FFF_F000u32.to_le_bytes());
        assert_eq!(read_wav(&piped, 1).unwrap().len(), 8_000);
        piped.truncate(piped.len() - 1_001);
        assert_eq!(read_wav(&piped, 1).unwrap().len(), 7_499);
    }

    #[test]
    fn what_is_written_reads_as_it_was() {
        let samples: Vec<i16> = (0..1_000).map(|n| (n * 61 % 65_536 - 32_768) as i16).collect();
        assert_eq!(read_wav(&write_wav(&samples), 1).unwrap(), samples);
        assert!(matches!(read_wav(&write_wav(&[]), 1), Err(WavError::Empty)));
    }

    #[test]
    fn samples_and_milliseconds_agree() {
        assert_eq!((ms(16_000), ms(255), samples(16), samples(600)), (1_000, 15, 256, 9_600));
    }

    proptest! {
        #[test]
        fn no_bytes_make_reading_panic(mut bytes in proptest::collection::vec(any::<u8>(), 0..200), from in 0usize..60) {
            let _ = read_wav(&bytes, 1);
            // A true header with random damage goes deeper.
            let mut damaged = cd();
            for (place, byte) in bytes.drain(..).enumerate().take(4) {
                damaged[from + place] = byte;
            }
            let _ = read_wav(&damaged, 1);
        }
    }
}
