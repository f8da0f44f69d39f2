//! A service that speaks: OpenAI's `/audio/speech`, or one that answers like it.

use std::time::Duration;

use serde_json::json;

use super::{Delivery, Pair, SayError, Sound, Timbre, sound};
use crate::speech::service::{CallError, Caller, Patience, Service};

/// How patient one is with it: somebody is waiting for an answer in a conversation.
const PATIENCE: Patience = Patience {
    at_once: 8,
    deadline: Duration::from_secs(20),
    silence: Duration::from_secs(10),
    tries: 3,
    longest_wait: Duration::from_secs(2),
    longest_answer: 8 * 1024 * 1024,
};

/// A service that speaks. Cheap to clone.
#[derive(Clone, Debug)]
pub struct RemoteVoice {
    caller: Caller,
    voices: Pair,
}

impl RemoteVoice {
    /// Gets ready to call it.
    pub fn new(service: Service, voices: Pair) -> Result<RemoteVoice, CallError> {
        Ok(RemoteVoice { caller: Caller::new(service, PATIENCE)?, voices })
    }

    pub(super) async fn say(&self, text: &str, timbre: Timbre, delivery: Delivery) -> Result<Sound, SayError> {
        let body = json!({
            "model": self.caller.service().model,
            "input": text.trim(),
            "voice": self.voices.of(timbre),
            "response_format": "wav",
            "speed": delivery.factor(),
        });
        let answer = self.caller.post("/audio/speech", |request| request.json(&body)).await;
        let answer = answer.map_err(|error| match error {
            CallError::Late => SayError::Late,
            CallError::TooLong => SayError::TooLong,
            error => SayError::Service(error),
        })?;
        // Some answer in their own format whatever is asked: any that browsers play will do.
        sound::any(&answer.bytes).ok_or(SayError::NotAudio)
    }
}

#[cfg(test)]
mod tests {
    use axum::http::header::CONTENT_TYPE;

    use super::*;
    use crate::persona::Sex;
    use crate::speech::stub::Stub;
    use crate::speech::voices::Voices;
    use crate::speech::voices::sound::tests::sample;

    const WOMAN: Timbre = Timbre { sex: Sex::F, age: 40 };

    fn voices(stub: &Stub) -> Voices {
        let voices = Pair { woman: "nova".into(), man: "onyx".into() };
        Voices::Remote(RemoteVoice::new(stub.service(Some("sk-1"), "tts"), voices).unwrap())
    }

    #[tokio::test]
    async fn a_sentence_is_asked_for_by_voice_and_pace_and_comes_back_as_a_wav() {
        let wav = sample(&[1, 2, 3], u32::MAX);
        let stub = Stub::answering(move |_| (200, vec![(CONTENT_TYPE, "audio/wav".into())], wav.clone())).await;
        let delivery = Delivery { rate: 108, pitch: 100 };
        let sound = voices(&stub).say(" Bonjour. ", WOMAN, delivery).await.unwrap();
        assert_eq!(sound.media_type, "audio/wav");
        let asked = stub.asked();
        assert_eq!(asked.len(), 1);
        assert_eq!(asked[0].path, "/v1/audio/speech");
        assert_eq!(asked[0].media_type, "application/json");
        assert_eq!(asked[0].authorization.as_deref(), Some("Bearer sk-1"));
        let body: serde_json::Value = serde_json::from_slice(&asked[0].body).unwrap();
        let expect =
            json!({"model": "tts", "input": "Bonjour.", "voice": "nova", "response_format": "wav", "speed": 1.08});
        assert_eq!(body, expect);
        let man = Timbre { sex: Sex::M, age: 60 };
        voices(&stub).say("Oui.", man, Delivery::USUAL).await.unwrap();
        let body: serde_json::Value = serde_json::from_slice(&stub.asked()[1].body).unwrap();
        assert_eq!((&body["voice"], &body["speed"]), (&json!("onyx"), &json!(1.0)));
    }

    #[tokio::test]
    async fn what_is_not_audio_is_refused_and_another_format_is_taken() {
        let page = Stub::answering(|_| (200, vec![], b"<html>".to_vec())).await;
        let said = voices(&page).say("Oui.", WOMAN, Delivery::USUAL).await;
        assert_eq!(said, Err(SayError::NotAudio));
        let mp3 = Stub::answering(|_| (200, vec![], vec![0xFF, 0xFB, 0x90, 0x64])).await;
        let said = voices(&mp3).say("Oui.", WOMAN, Delivery::USUAL).await;
        assert_eq!(said.unwrap().media_type, "audio/mpeg");
    }
}
