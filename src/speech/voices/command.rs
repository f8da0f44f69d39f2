//! A command that reads words and writes WAV: espeak-ng, piper, or one's own.
//!
//! Input: a command line with placeholders, cut once into words as a shell would. Output: audio. Invariant: no shell ever
//! reads the words; the command gets none of the program's secrets, and does not outlive its question.

use std::io;
use std::process::Stdio;
use std::sync::Arc;
use std::time::Duration;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::process::Command;
use tokio::sync::Semaphore;

use super::{Delivery, Pair, SayError, Sound, Timbre, sound};
use crate::persona::Sex;

/// How many run at once: they are short, and whisper needs the processor too.
const AT_ONCE: usize = 2;

/// How long one sentence may take, its turn to run included.
const PATIENCE: Duration = Duration::from_secs(20);

/// The longest audio taken: about a minute and a half at 48 kHz.
const LONGEST: u64 = 8 * 1024 * 1024;

/// Words per minute of a voice at its usual pace, as espeak-ng counts them.
const WORDS_PER_MINUTE: u32 = 165;

/// Variables that hold secrets of ours.
const SECRETS: &[&str] = &["DATABASE_URL", "COMPTOIR_SPEAK_KEY", "COMPTOIR_TRANSCRIBE_KEY"];

/// What may stand in a command line.
const PLACEHOLDERS: &[&str] = &["sex", "age", "voice", "rate", "length", "pitch", "wpm"];

/// A command that speaks. Cheap to clone; clones share the limit of runs at once.
#[derive(Clone, Debug)]
pub struct CommandVoice {
    program: Arc<str>,
    arguments: Arc<[String]>,
    voices: Option<Pair>,
    permits: Arc<Semaphore>,
    patience: Duration,
}

/// Why a command line cannot be used. Its words are for whoever wrote it: French.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum CommandError {
    /// Nothing, or quotes that do not close.
    #[error("une commande est attendue, avec des guillemets fermés, par exemple : espeak-ng -v fr --stdin --stdout")]
    Unreadable,
    /// A placeholder nobody knows.
    #[error("« {{{0}}} » est inconnu ; sont connus : {known}", known = known())]
    Unknown(String),
    /// `{voice}` without voices.
    #[error("la commande contient « {{voice}} » : indiquez aussi les deux voix (COMPTOIR_SPEAK_VOICES=femme,homme)")]
    NoVoices,
}

fn known() -> String {
    PLACEHOLDERS.iter().map(|name| format!("{{{name}}}")).collect::<Vec<_>>().join(", ")
}

impl CommandVoice {
    /// Reads a command line.
    pub fn new(line: &str, voices: Option<Pair>) -> Result<CommandVoice, CommandError> {
        let mut words = shlex::split(line).ok_or(CommandError::Unreadable)?.into_iter();
        let program = words.next().filter(|program| !program.is_empty()).ok_or(CommandError::Unreadable)?;
        let arguments: Vec<String> = words.collect();
        for argument in &arguments {
            for name in names(argument) {
                if !PLACEHOLDERS.contains(&name) {
                    return Err(CommandError::Unknown(name.to_owned()));
                }
                if name == "voice" && voices.is_none() {
                    return Err(CommandError::NoVoices);
                }
            }
        }
        let permits = Arc::new(Semaphore::new(AT_ONCE));
        Ok(CommandVoice { program: program.into(), arguments: arguments.into(), voices, permits, patience: PATIENCE })
    }

    /// The program's name.
    pub fn program(&self) -> &str {
        &self.program
    }

    pub(super) async fn say(&self, text: &str, timbre: Timbre, delivery: Delivery) -> Result<Sound, SayError> {
        let said = async {
            let _permit = self.permits.acquire().await.map_err(|_| SayError::Late)?;
            self.run(text, timbre, delivery).await
        };
        tokio::time::timeout(self.patience, said).await.unwrap_or(Err(SayError::Late))
    }

    async fn run(&self, text: &str, timbre: Timbre, delivery: Delivery) -> Result<Sound, SayError> {
        let not_run =
            |error: io::Error| SayError::NoCommand { program: self.program.to_string(), why: error.to_string() };
        let mut command = Command::new(&*self.program);
        command.args(self.arguments.iter().map(|argument| self.filled(argument, timbre, delivery)));
        // What it writes on stderr may repeat the words: nobody keeps it.
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::null()).kill_on_drop(true);
        for name in SECRETS {
            command.env_remove(name);
        }
        let mut child = command.spawn().map_err(not_run)?;
        let (Some(mut stdin), Some(stdout)) = (child.stdin.take(), child.stdout.take()) else {
            return Err(SayError::Late);
        };
        // One line: several make several files with some programs.
        let line = format!("{}\n", text.split_whitespace().collect::<Vec<_>>().join(" "));
        let write = async move {
            // A program that reads no further than it needs is no trouble: what it wrote tells.
            let _ = stdin.write_all(line.as_bytes()).await;
            drop(stdin);
        };
        let mut bytes = Vec::new();
        let mut stdout = stdout.take(LONGEST + 1);
        let ((), read) = tokio::join!(write, stdout.read_to_end(&mut bytes));
        read.map_err(not_run)?;
        if bytes.len() as u64 > LONGEST {
            return Err(SayError::TooLong);
        }
        let status = child.wait().await.map_err(not_run)?;
        if !status.success() {
            return Err(SayError::Command(status.to_string()));
        }
        sound::wav(&bytes).ok_or(SayError::NotAudio)
    }

    fn filled(&self, argument: &str, timbre: Timbre, delivery: Delivery) -> String {
        let mut filled = argument.to_owned();
        for name in PLACEHOLDERS {
            let value = match *name {
                "sex" => if timbre.sex == Sex::F { "woman" } else { "man" }.to_owned(),
                "age" => timbre.age.to_string(),
                "voice" => self.voices.as_ref().map_or("", |voices| voices.of(timbre)).to_owned(),
                "rate" => format!("{:.2}", delivery.factor()),
                "length" => format!("{:.2}", 1.0 / delivery.factor()),
                // Of 0 to 99, 50 being the voice's own.
                "pitch" => (delivery.pitch / 2).min(99).to_string(),
                _ => (WORDS_PER_MINUTE * u32::from(delivery.rate) / 100).to_string(),
            };
            filled = filled.replace(&format!("{{{name}}}"), &value);
        }
        filled
    }
}

/// The names between braces.
fn names(argument: &str) -> impl Iterator<Item = &str> {
    argument.split('{').skip(1).filter_map(|rest| rest.split_once('}')).map(|(name, _)| name)
}

#[cfg(test)]
#[path = "command_tests.rs"]
mod tests;
