//! The addresses of the pages, for templates, redirections and the router.
//!
//! Invariant: every address that a template writes comes from here.

/// The gallery.
pub const GALLERY: &str = "/";
/// Past conversations.
pub const CONVERSATIONS: &str = "/conversations";
/// What this is and where the criteria come from.
pub const ABOUT: &str = "/about";
/// What models do and use, where figures are shown.
pub const MODEL: &str = "/model";
/// Declaration of accessibility.
pub const ACCESSIBILITY: &str = "/accessibility";
/// Where styles, scripts, fonts and portraits stand: the files of `web/` (css, js, fonts, portraits, images).
pub const ASSETS: &str = "/assets";

/// The brief of a situation.
pub fn situation(persona: &str) -> String {
    format!("/situations/{persona}")
}

/// Where the brief's form is posted (`hints=on` or nothing): it opens a conversation.
pub fn start(persona: &str) -> String {
    format!("/situations/{persona}/conversations")
}

/// A conversation under way.
pub fn conversation(id: &str) -> String {
    format!("/conversations/{id}")
}

/// Its WebSocket.
pub fn socket(id: &str) -> String {
    format!("/conversations/{id}/socket")
}

/// Where the sound of its replies is: `/{seq}/{sentence}` follows.
pub fn voice(id: &str) -> String {
    format!("/conversations/{id}/voice")
}

/// The handoff note: shown, and posted (`service`, `urgency`, `summary`).
pub fn handoff(id: &str) -> String {
    format!("/conversations/{id}/handoff")
}

/// The scorecard.
pub fn scorecard(id: &str) -> String {
    format!("/conversations/{id}/scorecard")
}

/// Where the scorecard that a model completes stands, as JSON.
pub fn rereading(id: &str) -> String {
    format!("/conversations/{id}/rereading")
}

/// One recording, to listen to.
pub fn recording(id: &str, utterance: &str) -> String {
    format!("/conversations/{id}/recordings/{utterance}")
}

/// Where recordings are deleted: posted with an `utterance`, or without one for all of them.
pub fn delete_recordings(id: &str) -> String {
    format!("/conversations/{id}/recordings/delete")
}

/// A second try, posted: from the start, or with `from` (the `seq` of a turn of the trainee) from just before it.
pub fn again(id: &str) -> String {
    format!("/conversations/{id}/again")
}
