//! `comptoir voice test FILE.wav`.

use std::path::{Path, PathBuf};
use std::time::Duration;

use super::Told;
use super::models::seconds;
use crate::config::{Recogniser, Recognition};
use crate::speech::pcm::{self, MOST_MINUTES, WavError};
use crate::speech::{Clip, Edge, Endpointing, Listener, Segment, TranscribeError, Urgency};

/// Arguments of `voice test`.
#[derive(Debug, clap::Args)]
pub(super) struct Arguments {
    /// The WAV file.
    file: PathBuf,
    /// The model to try, by its name or as a file.
    #[arg(long, value_name = "NAME|FILE")]
    model: Option<String>,
    #[command(flatten)]
    recognition: Recognition,
}

pub(super) async fn run(arguments: &Arguments) -> Result<(), Told> {
    let samples = read(&arguments.file)?;
    let mut recognition = arguments.recognition.clone();
    recognition.voice_model = arguments.model.clone().or(recognition.voice_model);
    let made = tokio::task::spawn_blocking(move || recognition.recogniser()).await;
    let made = made.map_err(|error| Told(format!("le modèle n'a pas pu être lu : {error}")))?;
    let Recogniser { transcriber, name } = made.map_err(|error| Told(error.to_string()))?;
    let lasts = |samples: usize| Duration::from_millis(pcm::ms(samples as u64)).as_secs_f64();
    println!("{} : {}", arguments.file.display(), seconds(lasts(samples.len())));
    let (mut spoken, mut took) = (0.0, 0.0);
    for Segment { speech_from, speech_to, samples, .. } in speech(&samples) {
        let length = lasts(samples.len());
        let clip = Clip { samples, hint: "".into(), urgency: Urgency::Final };
        let words = transcriber.transcribe(clip).await.map_err(|error| Told(told(&error)))?;
        let at = |sample: u64| seconds(Duration::from_millis(pcm::ms(sample)).as_secs_f64());
        let text = if words.text.is_empty() { "(aucun mot)" } else { &words.text };
        println!("{} à {} : {text} ({})", at(speech_from), at(speech_to), seconds(words.took.as_secs_f64()));
        spoken += length;
        took += words.took.as_secs_f64();
    }
    transcriber.stop().await;
    if spoken == 0.0 {
        println!("Aucune parole n'a été trouvée dans ce fichier.");
    } else {
        let factor = format!("{:.2}", took / spoken).replace('.', ",");
        println!("{name} : {} de parole reconnue en {}, soit {factor} fois sa durée.", seconds(spoken), seconds(took));
        if took > spoken {
            println!("C'est plus long que la parole : choisissez un modèle plus petit (comptoir voice list).");
        }
    }
    Ok(())
}

/// The pieces of a recording in which someone speaks, each short enough to be recognised at once.
fn speech(samples: &[i16]) -> Vec<Segment> {
    let mut listener = Listener::new(Endpointing::default(), 0);
    let mut edges = listener.push(samples);
    edges.extend(listener.finish());
    let segment = |edge| match edge {
        Edge::Ended(segment) | Edge::Chunk(segment) => Some(segment),
        Edge::Began { .. } | Edge::Paused | Edge::Resumed | Edge::Dropped { .. } => None,
    };
    edges.into_iter().filter_map(segment).filter(|segment| segment.speech_to > segment.speech_from).collect()
}

fn read(path: &Path) -> Result<Vec<i16>, Told> {
    let shown = path.display();
    let bytes = std::fs::read(path).map_err(|error| Told(format!("« {shown} » ne peut pas être lu : {error}")))?;
    pcm::read_wav(&bytes, MOST_MINUTES).map_err(|error| {
        Told(match error {
            WavError::NotWav => format!("« {shown} » n'est pas un fichier WAV. Convertissez-le d'abord"),
            WavError::Empty => format!("« {shown} » ne contient aucun son"),
            WavError::TooLong { minutes, most } => {
                format!("« {shown} » dure {minutes} minutes : {most} au plus. Découpez-le")
            }
            WavError::Compressed(_) | WavError::Samples { .. } => {
                format!("« {shown} » est un WAV d'un format particulier : enregistrez-le en PCM 16 bits")
            }
            WavError::Rate(_) | WavError::Damaged(_) | WavError::Convert { .. } => {
                format!("« {shown} » est abîmé, ou n'est pas un enregistrement")
            }
        })
    })
}

fn told(error: &TranscribeError) -> String {
    match error {
        TranscribeError::Late => {
            "la reconnaissance prend trop de temps. Choisissez un modèle plus petit (comptoir voice list)".to_owned()
        }
        TranscribeError::Refused(why) => {
            format!("le service de transcription refuse : vérifiez sa clé et son modèle ({why})")
        }
        TranscribeError::Failed(why) => format!("la reconnaissance a échoué ({why})"),
        TranscribeError::Busy | TranscribeError::Stopped | TranscribeError::TooLong(_) => {
            format!("la reconnaissance a échoué ({error})")
        }
    }
}
