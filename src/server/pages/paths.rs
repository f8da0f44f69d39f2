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

/// Where one joins a group.
pub const JOIN: &str = "/join";
/// The groups one leads.
pub const GROUPS: &str = "/groups";
/// What one is set to do.
pub const ASSIGNMENTS: &str = "/assignments";
/// The exams one has sat and can sit.
pub const BOOKLETS: &str = "/booklets";
/// The conversations of one's groups that are under way.
pub const LIVE: &str = "/live";
/// The situations one has written.
pub const WRITING: &str = "/writing";
/// Transcripts to practise marking on.
pub const CALIBRATION: &str = "/calibration";
/// One's own account.
pub const ACCOUNT: &str = "/account";
/// All accounts.
pub const ACCOUNTS: &str = "/accounts";
/// Who saw or changed what.
pub const AUDIT: &str = "/audit";
/// What the organisation sets from within.
pub const SETTINGS: &str = "/settings";
/// What is recorded, who sees it, and which rights one has.
pub const RIGHTS: &str = "/rights";

/// What a group's trainers have to review.
pub fn group_reviews(id: &str) -> String {
    format!("/groups/{id}/reviews")
}

/// A prepared exchange: rated, and posted.
pub fn calibration_exercise(name: &str) -> String {
    format!("/calibration/{name}")
}

/// A finished rating beside the reference.
pub fn calibration_rating(name: &str, id: &str) -> String {
    format!("/calibration/{name}/{id}")
}

/// Where one signs in, and goes on from there to a page of this service.
pub fn sign_in(next: Option<&str>) -> String {
    match next.filter(|next| *next != GALLERY) {
        Some(next) => format!("/sign-in?next={}", escaped(next)),
        None => "/sign-in".to_owned(),
    }
}

/// A link that makes the first account, or sets a password.
pub fn welcome(token: &str) -> String {
    format!("/welcome/{token}")
}

/// A personal link.
pub fn personal_link(token: &str) -> String {
    format!("/link/{token}")
}

/// Where one joins a group by its code.
pub fn join(code: &str) -> String {
    format!("/join/{code}")
}

/// A group at a glance.
pub fn group(id: &str) -> String {
    format!("/groups/{id}")
}

/// What a person of one's groups did.
pub fn person(id: &str) -> String {
    format!("/people/{id}")
}

/// Who is in a group, and how one joins it.
pub fn group_members(id: &str) -> String {
    format!("/groups/{id}/members")
}

/// Where an account is changed.
pub fn account(id: &str) -> String {
    format!("/accounts/{id}")
}

/// Where everything held on somebody is made into a file.
pub fn account_export(id: &str) -> String {
    format!("/accounts/{id}/export")
}

/// The lines of the log about somebody or something.
pub fn log_about(id: &str) -> String {
    format!("{AUDIT}?about={}", escaped(id))
}

/// Older lines of the log.
pub fn log(about: &str, kind: &str, before: &str) -> String {
    format!("{AUDIT}?about={}&kind={}&before={}", escaped(about), escaped(kind), escaped(before))
}

/// Where someone may be sent after signing in: a page of this service, as `next` gives it, and nowhere else.
pub fn inside(next: &str) -> Option<&str> {
    // `//host` and `/\\host` lead to another site.
    let leads_in = next.starts_with('/') && !next[1..].starts_with(['/', '\\']);
    let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '/' | '-' | '_' | '.' | '?' | '=' | '&' | '%');
    (leads_in && next.len() <= 500 && next.chars().all(plain)).then_some(next)
}

/// A path as a value of a query.
fn escaped(path: &str) -> String {
    let keep = |c: char| c.is_ascii_alphanumeric() || matches!(c, '/' | '-' | '_' | '.');
    path.chars().filter(|c| keep(*c)).collect()
}

/// A situation being written, as a form.
pub fn situation_form(id: &str) -> String {
    format!("{WRITING}/{id}")
}

/// Its text.
pub fn situation_text(id: &str) -> String {
    format!("{WRITING}/{id}/text")
}

/// Its versions, and for whom it is published.
pub fn situation_versions(id: &str) -> String {
    format!("{WRITING}/{id}/versions")
}

/// Your own record.
pub const RECORD: &str = "/record";

/// What a group rehearsed, as a file: `csv`, `xlsx` or `json`.
pub fn group_export(id: &str, ending: &str) -> String {
    format!("/groups/{id}/export.{ending}")
}

/// A trainee's record as a file.
pub fn person_export(id: &str, ending: &str) -> String {
    format!("/people/{id}/export.{ending}")
}

/// Your own record as a file.
pub fn record_export(ending: &str) -> String {
    format!("/record/export.{ending}")
}

/// The moment of a conversation, on its scorecard.
pub fn moment(id: &str, turn: usize) -> String {
    format!("/conversations/{id}/scorecard#tour-{turn}")
}

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

/// What a group is set to do; posted, a new assignment.
pub fn assignments_of(group: &str) -> String {
    format!("/groups/{group}/assignments")
}

/// The form of a new assignment.
pub fn new_assignment(group: &str) -> String {
    format!("/groups/{group}/assignments/new")
}

/// One assignment, with where everyone stands.
pub fn assignment(group: &str, id: &str) -> String {
    format!("/groups/{group}/assignments/{id}")
}

/// Where it is changed: shown, and posted.
pub fn edit_assignment(group: &str, id: &str) -> String {
    format!("/groups/{group}/assignments/{id}/edit")
}

/// Where it is closed or opened again, posted.
pub fn close_assignment(group: &str, id: &str) -> String {
    format!("/groups/{group}/assignments/{id}/close")
}

/// Where a conversation is begun under an assignment, posted.
pub fn start_assigned(assignment: &str, persona: &str) -> String {
    format!("/assignments/{assignment}/situations/{persona}/conversations")
}

/// Where the exam of an assignment is opened, posted.
pub fn start_booklet(assignment: &str) -> String {
    format!("/assignments/{assignment}/booklet")
}

/// The brief of a situation, under an assignment.
pub fn situation_assigned(persona: &str, assignment: &str) -> String {
    format!("/situations/{persona}?assignment={assignment}")
}

/// One sitting of an exam.
pub fn booklet(id: &str) -> String {
    format!("/booklets/{id}")
}

/// The report of one sitting.
pub fn booklet_report(id: &str) -> String {
    format!("/booklets/{id}/report")
}

/// Where a trainer follows it.
pub fn follow(id: &str) -> String {
    format!("/conversations/{id}/live")
}

/// The WebSocket on which a trainer follows it.
pub fn follow_socket(id: &str) -> String {
    format!("/conversations/{id}/live/socket")
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

/// A trainer's review: shown, and posted.
pub fn review(id: &str) -> String {
    format!("/conversations/{id}/review")
}

/// Two blind ratings side by side; posted, they are settled.
pub fn review_compare(id: &str) -> String {
    format!("/conversations/{id}/review/compare")
}

/// Where a second trainer is asked to rate blind, and where that is given up.
pub fn review_second(id: &str) -> String {
    format!("/conversations/{id}/review/second")
}

/// Where a trainee asks for a person's marks.
pub fn review_request(id: &str) -> String {
    format!("/conversations/{id}/review/request")
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

/// Where the pages of a booklet tell that they are open.
pub fn booklet_ping(id: &str) -> String {
    format!("/booklets/{id}/ping")
}

/// Where a booklet is stopped before its end.
pub fn booklet_stop(id: &str) -> String {
    format!("/booklets/{id}/stop")
}

/// One part of a booklet: shown, and posted.
pub fn booklet_step(id: &str, step: u16) -> String {
    format!("/booklets/{id}/steps/{step}")
}

/// Where a part is entered: its time runs from then on.
pub fn booklet_enter(id: &str, step: u16) -> String {
    format!("/booklets/{id}/steps/{step}/enter")
}

/// Where the conversation of a part is opened, or gone on with.
pub fn booklet_meet(id: &str, step: u16) -> String {
    format!("/booklets/{id}/steps/{step}/conversation")
}

/// Where a trainer judges what is open.
pub fn booklet_marks(id: &str) -> String {
    format!("/booklets/{id}/marks")
}

/// Where a trainer grants extra time.
pub fn booklet_time(id: &str) -> String {
    format!("/booklets/{id}/time")
}
