//! Audio that someone else made, looked at before a browser gets it.
//!
//! Input: bytes. Output: a [`Sound`], or nothing. Invariant: a WAV that passes has a format and samples, and its header
//! tells its true length: what writes to a pipe cannot know it, and says two gigabytes.

use bytes::Bytes;

/// Audio that a browser can play.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sound {
    /// `audio/wav` and the like.
    pub media_type: &'static str,
    /// The file.
    pub bytes: Bytes,
}

/// Any audio a browser knows, by its first bytes.
pub(super) fn any(bytes: &Bytes) -> Option<Sound> {
    let named = |media_type| Some(Sound { media_type, bytes: bytes.clone() });
    match bytes.first_chunk::<4>()? {
        b"RIFF" => wav(bytes),
        b"OggS" => named("audio/ogg"),
        b"fLaC" => named("audio/flac"),
        [b'I', b'D', b'3', _] => named("audio/mpeg"),
        [0xFF, second, ..] if second & 0xE0 == 0xE0 => named("audio/mpeg"),
        _ => None,
    }
}

/// A WAV, with a header that fits it.
pub(super) fn wav(bytes: &[u8]) -> Option<Sound> {
    if bytes.get(..4)? != b"RIFF" || bytes.get(8..12)? != b"WAVE" {
        return None;
    }
    let (mut rest, mut format) = (&bytes[12..], None);
    loop {
        let name = rest.first_chunk::<4>()?;
        let length = usize::try_from(u32::from_le_bytes(*rest.get(4..)?.first_chunk()?)).ok()?;
        let body = &rest[8..];
        let chunk = &body[..length.min(body.len())];
        match name {
            b"fmt " if chunk.len() >= 16 => format = Some(chunk),
            b"data" => return written(format?, chunk),
            _ => {}
        }
        // Chunks begin at even places.
        rest = body.get(length.checked_add(length % 2)?..)?;
    }
}

fn written(format: &[u8], data: &[u8]) -> Option<Sound> {
    let frame = usize::from(u16::from_le_bytes([format[12], format[13]]));
    let whole = data.len().checked_div(frame)? * frame;
    if whole == 0 {
        return None;
    }
    let head = 12 + 8 + format.len() + 8;
    let mut file = Vec::with_capacity(head + whole);
    file.extend_from_slice(b"RIFF");
    file.extend_from_slice(&u32::try_from(head - 8 + whole).ok()?.to_le_bytes());
    file.extend_from_slice(b"WAVEfmt ");
    file.extend_from_slice(&u32::try_from(format.len()).ok()?.to_le_bytes());
    file.extend_from_slice(format);
    file.extend_from_slice(b"data");
    file.extend_from_slice(&u32::try_from(whole).ok()?.to_le_bytes());
    file.extend_from_slice(&data[..whole]);
    Some(Sound { media_type: "audio/wav", bytes: file.into() })
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;

    /// A WAV of 16-bit samples, whose header claims a length.
    pub(in crate::speech) fn sample(samples: &[i16], claimed: u32) -> Vec<u8> {
        let mut file = b"RIFF\xff\xff\xff\x7fWAVELIST\x03\0\0\0abc\0fmt \x10\0\0\0\x01\0\x01\0".to_vec();
        file.extend_from_slice(&22_050_u32.to_le_bytes());
        file.extend_from_slice(&44_100_u32.to_le_bytes());
        file.extend_from_slice(&[2, 0, 16, 0]);
        file.extend_from_slice(b"data");
        file.extend_from_slice(&claimed.to_le_bytes());
        file.extend(samples.iter().flat_map(|sample| sample.to_le_bytes()));
        file
    }

    #[test]
    fn a_wav_from_a_pipe_gets_its_true_length() {
        let sound = wav(&sample(&[1, -2, 3], 0x7fff_f000)).unwrap();
        let mut reader = hound::WavReader::new(sound.bytes.as_ref()).unwrap();
        assert_eq!(reader.spec().sample_rate, 22_050);
        assert_eq!(reader.samples::<i16>().map(Result::unwrap).collect::<Vec<_>>(), [1, -2, 3]);
    }

    #[test]
    fn what_is_not_audio_does_not_pass() {
        let mut odd = sample(&[7, 8], 4);
        odd.pop();
        assert_eq!(wav(&odd).unwrap().bytes.len(), 12 + 24 + 8 + 2, "half a sample is left out");
        assert_eq!(wav(&sample(&[], 0)), None);
        assert_eq!(wav(b"<html>not found</html>"), None);
        assert_eq!(wav(b"RIFF\0\0\0\0WAVE"), None);
        assert_eq!(wav(b"RIFF\0\0\0\0WAVEfmt \xff\xff\xff\xff"), None);
        assert_eq!(any(&Bytes::from_static(b"{\"error\": 1}")), None);
        assert_eq!(any(&Bytes::from_static(b"OggS....")).unwrap().media_type, "audio/ogg");
        assert_eq!(any(&Bytes::from_static(&[0xFF, 0xFB, 0x90, 0])).unwrap().media_type, "audio/mpeg");
    }
}
