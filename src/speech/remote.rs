//! Recognition by a service: OpenAI's `/audio/transcriptions`, or one that answers like it.
//!
//! Input: clips. Output: raw words. Invariant: French is asked for, and the words reach nobody but the caller: neither
//! they nor an answer that cannot be read are logged.

use std::time::Duration;

use reqwest::multipart::{Form, Part};
use serde::Deserialize;

use super::pcm;
use super::service::{Answer, CallError, Caller, Patience, Service};
use super::transcriber::{Clip, Limits, TranscribeError, Transcriber};

/// Calls at the same time.
const AT_ONCE: usize = 4;

/// From being handed in to the words: as long as a person would wait before saying it again.
const DEADLINE: Duration = Duration::from_secs(30);

/// How patient one is with a call.
const PATIENCE: Patience = Patience {
    at_once: AT_ONCE,
    deadline: DEADLINE,
    silence: Duration::from_secs(20),
    tries: 3,
    longest_wait: Duration::from_secs(3),
    longest_answer: 1024 * 1024,
};

/// The longest hint, in characters: whisper keeps about that much of a prompt.
const LONGEST_HINT: usize = 800;

/// Recognition by a service.
#[derive(Clone, Debug)]
pub struct RemoteSettings {
    /// Which.
    pub service: Service,
    /// Final clips that may wait for their call.
    pub queue: usize,
}

impl Transcriber {
    /// Recognises speech by a service. Nothing is called yet.
    pub fn remote(settings: RemoteSettings) -> Result<Transcriber, CallError> {
        let caller = Caller::new(settings.service, PATIENCE)?;
        let limits = Limits { places: AT_ONCE, queue: settings.queue, deadline: DEADLINE };
        Ok(Transcriber::by(limits, move |clip| recognise(caller.clone(), clip)))
    }
}

async fn recognise(caller: Caller, clip: Clip) -> Result<String, TranscribeError> {
    let wav = bytes::Bytes::from(pcm::write_wav(&clip.samples));
    let hint: String = clip.hint.chars().take(LONGEST_HINT).collect();
    let model = caller.service().model.clone();
    drop(clip);
    let form = |request: reqwest::RequestBuilder| {
        let length = wav.len() as u64;
        let file = Part::stream_with_length(wav.clone(), length).file_name("parole.wav");
        let file = file.mime_str("audio/wav").expect("a media type that is one");
        let mut form = Form::new()
            .part("file", file)
            .text("model", model.clone())
            .text("language", "fr")
            .text("response_format", "json")
            .text("temperature", "0");
        if !hint.trim().is_empty() {
            form = form.text("prompt", hint.clone());
        }
        request.multipart(form)
    };
    let answer = caller.post("/audio/transcriptions", form).await.map_err(|error| match error {
        CallError::Late => TranscribeError::Late,
        CallError::Refused { .. } => TranscribeError::Refused(error.to_string()),
        error => TranscribeError::Failed(error.to_string()),
    })?;
    words(&answer).ok_or_else(|| TranscribeError::Failed("understand the service's answer".to_owned()))
}

/// The words of an answer: all that is wanted of it, whatever else it holds.
fn words(answer: &Answer) -> Option<String> {
    #[derive(Deserialize)]
    struct Transcription {
        text: Option<String>,
        segments: Option<Vec<Segment>>,
    }
    #[derive(Deserialize)]
    struct Segment {
        text: String,
    }
    match serde_json::from_slice::<Transcription>(&answer.bytes) {
        Ok(Transcription { text: Some(text), .. }) => Some(text),
        Ok(Transcription { segments: Some(segments), .. }) => {
            Some(segments.into_iter().map(|segment| segment.text).collect())
        }
        // Some know no JSON and answer in plain text.
        _ if answer.media_type == "text/plain" => String::from_utf8(answer.bytes.to_vec()).ok(),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use axum::http::header::CONTENT_TYPE;

    use super::*;
    use crate::speech::Urgency;
    use crate::speech::stub::{Given, Stub};

    fn clip() -> Clip {
        Clip { samples: vec![1000; 16_000], hint: "M. Belkacem, Rive Claire".into(), urgency: Urgency::Final }
    }

    async fn heard(given: impl Fn(usize) -> Given + Send + Sync + 'static) -> (Result<String, TranscribeError>, Stub) {
        let stub = Stub::answering(given).await;
        let settings = RemoteSettings { service: stub.service(Some("sk-1"), "whisper-fr"), queue: 4 };
        let transcriber = Transcriber::remote(settings).unwrap();
        (transcriber.transcribe(clip()).await.map(|words| words.text), stub)
    }

    fn json(text: &str) -> Given {
        (200, vec![(CONTENT_TYPE, "application/json".into())], text.into())
    }

    #[tokio::test]
    async fn a_clip_goes_out_as_french_wav_with_its_names_and_comes_back_as_words() {
        let (words, stub) = heard(|_| json(r#"{"text": " Bonjour monsieur Belkacem.", "x": [1]}"#)).await;
        assert_eq!(words.unwrap(), "Bonjour monsieur Belkacem.");
        let asked = stub.asked();
        assert_eq!((asked.len(), asked[0].path.as_str()), (1, "/v1/audio/transcriptions"));
        assert_eq!(asked[0].authorization.as_deref(), Some("Bearer sk-1"));
        assert!(asked[0].media_type.starts_with("multipart/form-data"), "{}", asked[0].media_type);
        let body = String::from_utf8_lossy(&asked[0].body).into_owned();
        for (name, value) in [
            ("model", "whisper-fr"),
            ("language", "fr"),
            ("response_format", "json"),
            ("prompt", "M. Belkacem, Rive Claire"),
        ] {
            assert!(body.contains(&format!("name=\"{name}\"\r\n\r\n{value}\r\n")), "{name} in {body}");
        }
        let wav = &asked[0].body[body.find("RIFF").unwrap()..];
        assert_eq!(pcm::read_wav(&wav[..44 + 32_000], 1).unwrap(), clip().samples);
    }

    #[tokio::test]
    async fn answers_of_several_kinds_are_understood() {
        async fn check(given: Given, expect: Option<&str>) {
            let told = format!("{given:?}");
            let (words, _stub) = heard(move |_| given.clone()).await;
            assert_eq!(words.ok().as_deref(), expect, "{told}");
        }
        check(json(r#"{"segments": [{"text": "Bonjour"}, {"text": " madame."}]}"#), Some("Bonjour madame.")).await;
        check((200, vec![(CONTENT_TYPE, "text/plain; charset=utf-8".into())], b"Oui.\n".to_vec()), Some("Oui.")).await;
        check(json(r#"{"text": ""}"#), Some("")).await;
        check(json(r#"{"result": "Oui."}"#), None).await;
        check((200, vec![(CONTENT_TYPE, "text/html".into())], b"<html>".to_vec()), None).await;
    }

    #[tokio::test]
    async fn trouble_is_told_apart_and_passing_trouble_is_overcome() {
        let (words, stub) =
            heard(|turn| if turn < 2 { (503, vec![], vec![]) } else { json(r#"{"text": "Oui."}"#) }).await;
        assert_eq!((words.unwrap().as_str(), stub.asked().len()), ("Oui.", 3));
        let (words, _stub) = heard(|_| (401, vec![], br#"{"error": {"message": "wrong key sk-1"}}"#.to_vec())).await;
        let error = words.unwrap_err();
        assert!(matches!(&error, TranscribeError::Refused(told) if told.contains("401")), "{error}");
        assert!(!error.to_string().contains("sk-1"), "{error}");
        let (words, stub) = heard(|_| (500, vec![], vec![])).await;
        assert!(matches!(words, Err(TranscribeError::Failed(told)) if told.contains("500")));
        assert_eq!(stub.asked().len(), 3);
    }
}
