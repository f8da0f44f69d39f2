//! Who is behind a request: nobody known, a guest, or a person with an account.
//!
//! Input: the `Cookie` header. Output: [`Who`], which decides what may be read and changed. Invariant: every decision on
//! access is made here, and what is not allowed is either unknown (another's things) or refused by role; tokens stand in
//! cookies only. `docs/security.md` has the table.

use std::sync::{Arc, OnceLock};
use std::time::Duration;

use axum::extract::FromRequestParts;
use axum::http::header::COOKIE;
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderValue};

use super::Comptoir;
use super::code::Code;
use super::failure::Failure;
use super::pages::Viewer;
use crate::clock::Timestamp;
use crate::entropy::token;
use crate::id::{AssignmentId, BookletId, ConversationId, GroupId, VisitorId};
use crate::store::{Account, Assignment, Conversation, Group, StoreError, StoredBooklet, TokenDigest};

/// A guest's cookie, and that of a browser that is signed in.
const GUEST: &str = "comptoir_guest";
const SESSION: &str = "comptoir_session";

/// A year: an exam is prepared over months. The CNIL accepts up to thirteen.
const GUEST_FOR: Duration = Duration::from_hours(8760);

/// How long a browser stays signed in without being used: a trainee's over a holiday, that of someone who sees the work of
/// others over a working day.
const TRAINEE_FOR: Duration = Duration::from_hours(1440);
const STAFF_FOR: Duration = Duration::from_hours(12);

/// A session's use is noted this often at most.
const NOTED_EVERY: Duration = Duration::from_mins(5);

/// Who asks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Who {
    /// Nobody known.
    Nobody,
    /// A guest.
    Guest(VisitorId),
    /// A person with an account.
    Signed(Signed),
}

/// A person with an account.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Signed {
    pub(super) id: VisitorId,
    pub(super) name: String,
    pub(super) trainer: bool,
    pub(super) administrator: bool,
    /// The digest of this browser's token.
    pub(super) session: TokenDigest,
}

/// In which quality someone reads a conversation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Reading {
    /// It is theirs.
    Own,
    /// They lead a group that its owner is in.
    Trainer,
}

/// Where whoever is behind a request is told, for the page that says that it failed.
pub(super) type Seen = Arc<OnceLock<Viewer>>;

impl FromRequestParts<Arc<Comptoir>> for Who {
    type Rejection = Failure;

    async fn from_request_parts(parts: &mut Parts, comptoir: &Arc<Comptoir>) -> Result<Who, Failure> {
        let who = known(&parts.headers, comptoir).await?;
        if let Some(seen) = parts.extensions.get::<Seen>() {
            let _ = seen.set(who.viewer());
        }
        Ok(who)
    }
}

async fn known(headers: &HeaderMap, comptoir: &Comptoir) -> Result<Who, Failure> {
    if let Some(token) = token_of(headers, SESSION) {
        let (digest, now) = (TokenDigest::of(token), comptoir.now());
        if let Some(session) = comptoir.store.session(&digest, now).await? {
            let account = session.account;
            if now.duration_since(session.seen_at).unsigned_abs() > NOTED_EVERY {
                comptoir.store.keep_session(&digest, now, until(now, &account)).await?;
            }
            let Account { id, name, trainer, administrator, .. } = account;
            return Ok(Who::Signed(Signed { id, name, trainer, administrator, session: digest }));
        }
    }
    match token_of(headers, GUEST) {
        Some(token) if takes_guests(comptoir).await? => {
            let visitor = comptoir.store.visitor(&TokenDigest::of(token)).await?;
            Ok(visitor.map_or(Who::Nobody, Who::Guest))
        }
        _ => Ok(Who::Nobody),
    }
}

/// The setting with which an administrator closes the door to guests: `off`.
pub(super) const GUESTS: &str = "guests";

/// Whether people without an account may rehearse: where the start allows it, and nobody has closed the door since.
pub(super) async fn takes_guests(comptoir: &Comptoir) -> Result<bool, Failure> {
    Ok(comptoir.settings.guests && comptoir.store.setting(GUESTS).await?.as_deref() != Some("off"))
}

/// Until when a session lasts that is used now.
fn until(now: Timestamp, account: &Account) -> Timestamp {
    let staff = account.trainer || account.administrator;
    now + if staff { STAFF_FOR } else { TRAINEE_FOR }
}

impl Signed {
    /// Somebody whose browser is only now being signed in, for the log.
    pub(super) fn of(account: &Account) -> Signed {
        let Account { id, name, trainer, administrator, .. } = account.clone();
        Signed { id, name, trainer, administrator, session: TokenDigest::of("") }
    }
}

impl Who {
    /// Who rehearses, if known.
    pub(super) fn visitor(&self) -> Option<VisitorId> {
        match self {
            Who::Nobody => None,
            Who::Guest(id) | Who::Signed(Signed { id, .. }) => Some(*id),
        }
    }

    /// A person with an account.
    pub(super) fn signed(&self) -> Result<&Signed, Code> {
        match self {
            Who::Signed(signed) => Ok(signed),
            Who::Nobody | Who::Guest(_) => Err(Code::SignInNeeded),
        }
    }

    /// Somebody who leads groups.
    pub(super) fn trainer(&self) -> Result<&Signed, Code> {
        let signed = self.signed()?;
        if signed.trainer { Ok(signed) } else { Err(Code::NotAllowed) }
    }

    /// Somebody who sees accounts, settings and the log.
    pub(super) fn administrator(&self) -> Result<&Signed, Code> {
        let signed = self.signed()?;
        if signed.administrator { Ok(signed) } else { Err(Code::NotAllowed) }
    }

    /// Their own conversation; another's, or none, is unknown.
    pub(super) async fn conversation(&self, comptoir: &Comptoir, id: &str) -> Result<Conversation, Failure> {
        match self.readable(comptoir, id).await? {
            (conversation, Reading::Own) => Ok(conversation),
            (_, Reading::Trainer) => Err(Code::UnknownConversation.into()),
        }
    }

    /// A conversation they may read: their own, or as trainer of its owner. Any other is unknown.
    pub(super) async fn readable(&self, comptoir: &Comptoir, id: &str) -> Result<(Conversation, Reading), Failure> {
        let id: ConversationId = id.parse()?;
        let visitor = self.visitor().ok_or(Code::UnknownConversation)?;
        let conversation = comptoir.store.conversation(id).await?.ok_or(Code::UnknownConversation)?;
        if conversation.visitor == visitor {
            return Ok((conversation, Reading::Own));
        }
        match self {
            Who::Signed(signed) if signed.trainer && comptoir.store.may_read(signed.id, &conversation).await? => {
                Ok((conversation, Reading::Trainer))
            }
            _ => Err(Code::UnknownConversation.into()),
        }
    }

    /// A conversation that they read as trainer of its owner. Any other is unknown, their own too.
    pub(super) async fn trained(&self, comptoir: &Comptoir, id: &str) -> Result<(Conversation, &Signed), Failure> {
        let trainer = self.trainer()?;
        match self.readable(comptoir, id).await? {
            (conversation, Reading::Trainer) => Ok((conversation, trainer)),
            (_, Reading::Own) => Err(Code::UnknownConversation.into()),
        }
    }

    /// Whether they, still signed in here, may still read a conversation as trainer of its owner.
    pub(super) async fn still_reads(
        &self,
        comptoir: &Comptoir,
        conversation: &Conversation,
    ) -> Result<bool, StoreError> {
        let Who::Signed(signed) = self else { return Ok(false) };
        let session = comptoir.store.session(&signed.session, comptoir.now()).await?;
        if !session.is_some_and(|session| session.account.trainer && session.account.closed_at.is_none()) {
            return Ok(false);
        }
        comptoir.store.may_read(signed.id, conversation).await
    }

    /// A booklet they may read: the one they sit, or as trainer of whoever sits it. Any other is unknown.
    pub(super) async fn readable_booklet(
        &self,
        comptoir: &Comptoir,
        id: &str,
    ) -> Result<(StoredBooklet, Reading), Failure> {
        let id: BookletId = id.parse().map_err(|_| Code::UnknownBooklet)?;
        let visitor = self.visitor().ok_or(Code::UnknownBooklet)?;
        let booklet = comptoir.store.booklet(id).await?.ok_or(Code::UnknownBooklet)?;
        if booklet.visitor == visitor {
            return Ok((booklet, Reading::Own));
        }
        match self {
            Who::Signed(signed) if signed.trainer && comptoir.store.may_read_booklet(signed.id, &booklet).await? => {
                Ok((booklet, Reading::Trainer))
            }
            _ => Err(Code::UnknownBooklet.into()),
        }
    }

    /// The booklet they sit; another's, or none, is unknown.
    pub(super) async fn booklet(&self, comptoir: &Comptoir, id: &str) -> Result<StoredBooklet, Failure> {
        match self.readable_booklet(comptoir, id).await? {
            (booklet, Reading::Own) => Ok(booklet),
            (_, Reading::Trainer) => Err(Code::UnknownBooklet.into()),
        }
    }

    /// A booklet that they read as trainer of whoever sits it.
    pub(super) async fn trained_booklet(
        &self,
        comptoir: &Comptoir,
        id: &str,
    ) -> Result<(StoredBooklet, &Signed), Failure> {
        let trainer = self.trainer()?;
        match self.readable_booklet(comptoir, id).await? {
            (booklet, Reading::Trainer) => Ok((booklet, trainer)),
            (_, Reading::Own) => Err(Code::UnknownBooklet.into()),
        }
    }

    /// A group they lead; another's, or none, is unknown.
    pub(super) async fn group(&self, comptoir: &Comptoir, id: &str) -> Result<Group, Failure> {
        let trainer = self.trainer()?;
        let id: GroupId = id.parse().map_err(|_| Code::UnknownGroup)?;
        if !comptoir.store.is_trainer_of(trainer.id, id).await? {
            return Err(Code::UnknownGroup.into());
        }
        Ok(comptoir.store.group(id).await?.ok_or(Code::UnknownGroup)?)
    }

    /// What a group they are in is set to do; anything else is unknown.
    pub(super) async fn assigned(&self, comptoir: &Comptoir, id: &str) -> Result<Assignment, Failure> {
        let member = self.signed()?;
        let id: AssignmentId = id.parse().map_err(|_| Code::UnknownAssignment)?;
        let assignment = comptoir.store.assignment(id).await?.ok_or(Code::UnknownAssignment)?;
        if !comptoir.store.is_assigned(member.id, &assignment).await? {
            return Err(Code::UnknownAssignment.into());
        }
        Ok(assignment)
    }

    /// What a group they lead is set to do; anything else is unknown.
    pub(super) async fn assignment(
        &self,
        comptoir: &Comptoir,
        group: &str,
        id: &str,
    ) -> Result<(Group, Assignment), Failure> {
        let group = self.group(comptoir, group).await?;
        let id: AssignmentId = id.parse().map_err(|_| Code::UnknownAssignment)?;
        let assignment = comptoir.store.assignment(id).await?;
        let assignment = assignment.filter(|assignment| assignment.group == group.id).ok_or(Code::UnknownAssignment)?;
        Ok((group, assignment))
    }

    /// Somebody of their groups; anyone else is unknown.
    pub(super) async fn trainee(&self, comptoir: &Comptoir, id: &str) -> Result<Account, Failure> {
        let trainer = self.trainer()?;
        let id: VisitorId = id.parse().map_err(|_| Code::UnknownPerson)?;
        if !comptoir.store.trains(trainer.id, id).await? {
            return Err(Code::UnknownPerson.into());
        }
        Ok(comptoir.store.account(id).await?.ok_or(Code::UnknownPerson)?)
    }

    /// Who rehearses: the person, or a guest, taken in with a new cookie if unknown and where guests may come.
    pub(super) async fn welcome(&self, comptoir: &Comptoir) -> Result<(VisitorId, Option<HeaderValue>), Failure> {
        if let Some(visitor) = self.visitor() {
            return Ok((visitor, None));
        }
        if !takes_guests(comptoir).await? {
            return Err(Code::SignInNeeded.into());
        }
        let visitor = VisitorId::new(comptoir.ulid());
        let token = token(comptoir.entropy.as_ref());
        comptoir.store.add_visitor(visitor, &TokenDigest::of(&token), comptoir.now()).await?;
        Ok((visitor, Some(cookie(comptoir, GUEST, &token, GUEST_FOR)?)))
    }

    /// What pages show of them.
    pub(super) fn viewer(&self) -> Viewer {
        match self {
            Who::Nobody | Who::Guest(_) => Viewer::default(),
            Who::Signed(signed) => {
                Viewer { name: Some(signed.name.clone()), trainer: signed.trainer, administrator: signed.administrator }
            }
        }
    }
}

/// Signs an account in: the cookie that goes to the browser. A guest's cookie stays: what a guest did is still theirs.
pub(super) async fn sign_in(comptoir: &Comptoir, account: &Account) -> Result<HeaderValue, Failure> {
    let (token, now) = (token(comptoir.entropy.as_ref()), comptoir.now());
    let lasts = if account.trainer || account.administrator { STAFF_FOR } else { TRAINEE_FOR };
    comptoir.store.open_session(&TokenDigest::of(&token), account.id, now, until(now, account)).await?;
    cookie(comptoir, SESSION, &token, lasts)
}

/// Signs this browser out: the cookie that goes to it.
pub(super) async fn sign_out(comptoir: &Comptoir, signed: &Signed) -> Result<HeaderValue, Failure> {
    comptoir.store.end_session(&signed.session).await?;
    cookie(comptoir, SESSION, "", Duration::ZERO)
}

/// The cookie that makes a browser forget that it was a guest's, once what the guest did has gone to an account.
pub(super) fn forget_guest(comptoir: &Comptoir) -> Result<HeaderValue, Failure> {
    cookie(comptoir, GUEST, "", Duration::ZERO)
}

/// The guest that this browser is, beside whoever is signed in.
pub(super) async fn guest_of(comptoir: &Comptoir, headers: &HeaderMap) -> Result<Option<VisitorId>, Failure> {
    match token_of(headers, GUEST) {
        Some(token) => Ok(comptoir.store.visitor(&TokenDigest::of(token)).await?),
        None => Ok(None),
    }
}

fn cookie(comptoir: &Comptoir, name: &str, token: &str, lasts: Duration) -> Result<HeaderValue, Failure> {
    let secure = comptoir.settings.public_url.as_ref().is_some_and(super::PublicUrl::is_secure);
    let text = format!(
        "{name}={token}; Path=/; Max-Age={}; HttpOnly; SameSite=Lax{}",
        lasts.as_secs(),
        if secure { "; Secure" } else { "" }
    );
    HeaderValue::from_str(&text).map_err(Failure::internal)
}

fn token_of<'h>(headers: &'h HeaderMap, name: &str) -> Option<&'h str> {
    let pairs = headers.get_all(COOKIE).iter().filter_map(|value| value.to_str().ok()).flat_map(|text| text.split(';'));
    let mut tokens = pairs.filter_map(|pair| pair.trim().strip_prefix(name)?.strip_prefix('='));
    tokens.find(|token| token.len() == 64 && token.bytes().all(|byte| byte.is_ascii_hexdigit()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_token_is_found_among_other_cookies_and_anything_else_is_nobody() {
        fn check(cookie: &str, expect: Option<&str>) {
            let headers = HeaderMap::from_iter([(COOKIE, HeaderValue::from_str(cookie).unwrap())]);
            assert_eq!(token_of(&headers, GUEST), expect, "{cookie}");
        }
        let token = "ab".repeat(32);
        check(&format!("theme=dark; comptoir_guest={token}; x=y"), Some(&token));
        check(&format!("comptoir_guest_old={token}"), None);
        check("comptoir_guest=abc", None);
        check(&format!("comptoir_guest={}", "é".repeat(32)), None);
        check("", None);
    }
}
