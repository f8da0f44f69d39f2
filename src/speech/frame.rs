//! A piece of sound as it travels in a binary frame of the socket.
//!
//! Input: bytes. Output: [`Frame`]. Invariant: 1 to [`MOST`] samples, 16 kHz, mono.

/// Samples in a frame at most: half a second.
pub const MOST: usize = 8_000;

/// A piece of a stream.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Frame {
    /// Number of its first sample in the stream.
    pub first: u64,
    /// The samples.
    pub samples: Vec<i16>,
}

/// Bytes that are not a piece of sound.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum FrameError {
    /// No number, or no sample after it.
    #[error("read a frame of {0} bytes: a number and at least one sample expected")]
    Short(usize),
    /// Half a sample at the end.
    #[error("read a frame that ends in half a sample")]
    Odd,
    /// More than [`MOST`] samples.
    #[error("read a frame of {0} samples: {MOST} at most")]
    Long(usize),
}

impl Frame {
    /// Reads a frame: the number of its first sample (32 bits), then 16-bit samples, all little endian.
    pub fn read(bytes: &[u8]) -> Result<Frame, FrameError> {
        let short = FrameError::Short(bytes.len());
        let (number, sound) = bytes.split_first_chunk::<4>().ok_or(short)?;
        let (samples, rest) = sound.as_chunks::<2>();
        if !rest.is_empty() {
            return Err(FrameError::Odd);
        }
        match samples.len() {
            0 => Err(short),
            many if many > MOST => Err(FrameError::Long(many)),
            _ => Ok(Frame {
                first: u32::from_le_bytes(*number).into(),
                samples: samples.iter().map(|bytes| i16::from_le_bytes(*bytes)).collect(),
            }),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_frame_is_a_number_and_samples() {
        let frame = Frame::read(&[0, 4, 0, 0, 1, 0, 0xff, 0xff]).unwrap();
        assert_eq!(frame, Frame { first: 1_024, samples: vec![1, -1] });
    }

    #[test]
    fn what_is_no_sound_is_refused() {
        fn check(bytes: &[u8], expect: FrameError) {
            assert_eq!(Frame::read(bytes), Err(expect));
        }
        check(&[], FrameError::Short(0));
        check(&[0, 0, 0, 0], FrameError::Short(4));
        check(&[0, 0, 0, 0, 1], FrameError::Odd);
        check(&vec![0; 4 + 2 * (MOST + 1)], FrameError::Long(MOST + 1));
        assert!(Frame::read(&vec![0; 4 + 2 * MOST]).is_ok());
    }
}
