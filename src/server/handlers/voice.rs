//! A reply's sentences as audio.

use std::sync::Arc;

use axum::extract::{Path, State};
use axum::http::header::CONTENT_TYPE;
use axum::response::{IntoResponse, Response};

use crate::language::sentences;
use crate::server::Comptoir;
use crate::server::code::Code;
use crate::server::failure::Failure;
use crate::server::who::Who;
use crate::speech::voices::{SayError, Sound, Timbre, delivery};
use crate::transcript::Happening;

pub(in crate::server) async fn sentence(
    State(comptoir): State<Arc<Comptoir>>,
    who: Who,
    Path((id, seq, n)): Path<(String, String, String)>,
) -> Result<Response, Failure> {
    let conversation = who.conversation(&comptoir, &id).await?;
    let (Ok(seq), Ok(n)) = (seq.parse::<u32>(), n.parse::<usize>()) else { return Err(Code::NotFound.into()) };
    if !comptoir.speech.voices.are_here() {
        return Err(Code::NotFound.into());
    }
    if !comptoir.voice_limits.take(conversation.visitor, comptoir.now()) {
        return Err(Code::TooManyMessages.into());
    }
    let event = comptoir.store.events(conversation.id, seq).await?.into_iter().next();
    let Some(Happening::Replied { text, change, .. }) =
        event.filter(|event| event.seq == seq).map(|event| event.happening)
    else {
        return Err(Code::NotFound.into());
    };
    let sentence = sentences(&text).into_iter().nth(n).ok_or(Code::NotFound)?;
    let stage = comptoir.stages.of_version(&conversation.persona, &conversation.persona_hash).await?;
    let stage = stage.ok_or(Code::SituationBroken)?;
    let caller = &stage.persona.file().caller;
    let timbre = Timbre { sex: caller.sex, age: caller.age };
    let Sound { media_type, bytes } = comptoir.speech.voices.say(sentence, timbre, delivery(change.tension)).await?;
    Ok(([(CONTENT_TYPE, media_type)], bytes).into_response())
}

impl From<SayError> for Failure {
    fn from(error: SayError) -> Failure {
        Failure::because(Code::ReplyUnspoken, error)
    }
}
