//! What was rehearsed, as a file: of a group, of a trainee, one's own.
//!
//! Invariant: each export leaves two lines in the log, one before anything goes out, one with the digest of all that
//! went; a failure in between ends the answer as broken, so that half a file never passes for a whole one.

use std::sync::Arc;

use axum::body::Body;
use axum::extract::{MatchedPath, Path, Query, State};
use axum::http::HeaderValue;
use axum::http::header::{CONTENT_DISPOSITION, CONTENT_TYPE};
use axum::response::{IntoResponse, Response};
use bytes::Bytes;
use futures_util::stream;
use serde::Deserialize;
use tokio::sync::mpsc;
use tokio::task::JoinHandle;

use crate::chain::Chain;
use crate::clock::{Timestamp, paris};
use crate::export::{ExportError, Format, Person, Sent, Subject, Titles, send};
use crate::server::Comptoir;
use crate::server::code::Code;
use crate::server::failure::Failure;
use crate::server::who::Who;
use crate::store::Withheld;

/// How many pieces wait for a slow reader.
const AHEAD: usize = 4;

/// What the lines are.
#[derive(Debug, Default, Deserialize)]
pub(in crate::server) struct Rows {
    #[serde(default)]
    rows: String,
}

/// A group's.
pub(in crate::server) async fn of_group(
    State(comptoir): State<Arc<Comptoir>>,
    who: Who,
    Path(id): Path<String>,
    path: MatchedPath,
    Query(rows): Query<Rows>,
) -> Result<Response, Failure> {
    let group = who.group(&comptoir, &id).await?;
    let members = comptoir.store.members(group.id).await?;
    let people = members.into_iter().map(|member| Person { id: member.id, name: member.name, from: member.from });
    let titles = Titles::read(&comptoir.store, comptoir.store.assignment_titles(group.id).await?).await?;
    let subject = Subject {
        id: group.id.to_string(),
        name: group.name,
        people: people.collect(),
        titles,
        withheld: comptoir.store.withheld_from(who.trainer()?.id).await?,
    };
    answer(comptoir, who, "group.exported", subject, format(&path, &rows)?).await
}

/// A trainee's, for their trainer.
pub(in crate::server) async fn of_person(
    State(comptoir): State<Arc<Comptoir>>,
    who: Who,
    Path(id): Path<String>,
    path: MatchedPath,
    Query(rows): Query<Rows>,
) -> Result<Response, Failure> {
    let account = who.trainee(&comptoir, &id).await?;
    let trainer = who.trainer()?.id;
    let from = comptoir.store.trains_from(trainer, account.id).await?.ok_or(Code::UnknownPerson)?;
    let withheld = comptoir.store.withheld_from(trainer).await?;
    let person = Person { id: account.id, name: account.name, from };
    one(comptoir, who, person, withheld, format(&path, &rows)?).await
}

/// One's own.
pub(in crate::server) async fn own(
    State(comptoir): State<Arc<Comptoir>>,
    who: Who,
    path: MatchedPath,
    Query(rows): Query<Rows>,
) -> Result<Response, Failure> {
    let signed = who.signed()?;
    let from = Timestamp::UNIX_EPOCH;
    let begun = comptoir.store.booklets_begun(signed.id, from).await?;
    let person = Person { id: signed.id, name: signed.name.clone(), from };
    one(comptoir, who, person, Withheld::under_way(&begun), format(&path, &rows)?).await
}

async fn one(
    comptoir: Arc<Comptoir>,
    who: Who,
    person: Person,
    withheld: Withheld,
    format: Format,
) -> Result<Response, Failure> {
    let titles = Titles::read(&comptoir.store, comptoir.store.assignment_titles_of(person.id).await?).await?;
    let subject =
        Subject { id: person.id.to_string(), name: person.name.clone(), people: vec![person], titles, withheld };
    answer(comptoir, who, "record.exported", subject, format).await
}

/// By the ending of the address.
fn format(path: &MatchedPath, rows: &Rows) -> Result<Format, Code> {
    match path.as_str().rsplit('.').next() {
        Some("csv") if rows.rows == "marks" => Ok(Format::CsvMarks),
        Some("csv") => Ok(Format::Csv),
        Some("xlsx") => Ok(Format::Xlsx),
        Some("json") => Ok(Format::Json),
        _ => Err(Code::NotFound),
    }
}

async fn answer(
    comptoir: Arc<Comptoir>,
    who: Who,
    action: &'static str,
    subject: Subject,
    format: Format,
) -> Result<Response, Failure> {
    comptoir.audit(&who, action, Some(subject.id.clone()), Some(format!("{}, demandé", format.ending()))).await?;
    let name = file_name(&subject.name, comptoir.now(), format);
    let (sender, receiver) = mpsc::channel(AHEAD);
    let task = tokio::spawn(async move {
        let content = comptoir.library.content();
        let sent = send(&comptoir.store, &content, &subject, format, comptoir.now(), sender).await?;
        tell(&comptoir, &who, action, &subject, format, &sent).await;
        Ok(sent)
    });
    let body = Body::from_stream(stream::unfold(Under { receiver, task: Some(task) }, next));
    let headers = [
        (CONTENT_TYPE, HeaderValue::from_static(format.media_type())),
        (CONTENT_DISPOSITION, HeaderValue::from_str(&name).map_err(Failure::internal)?),
    ];
    Ok((headers, body).into_response())
}

/// An export under way.
struct Under {
    receiver: mpsc::Receiver<Bytes>,
    task: Option<JoinHandle<Result<Sent, ExportError>>>,
}

/// The next piece; behind the last one, how it ended.
async fn next(mut under: Under) -> Option<(Result<Bytes, ExportError>, Under)> {
    if let Some(piece) = under.receiver.recv().await {
        return Some((Ok(piece), under));
    }
    let ended = under.task.take()?.await;
    let error = match ended {
        Ok(Ok(_)) => return None,
        Ok(Err(error)) => error,
        Err(error) => error.into(),
    };
    tracing::error!(error = %Chain(&error), "an export broke off");
    Some((Err(error), under))
}

/// The line with the digest. That it went out is true whether or not the line can be written.
async fn tell(comptoir: &Comptoir, who: &Who, action: &str, subject: &Subject, format: Format, sent: &Sent) {
    let detail = format!(
        "{}, {} échanges, {} octets, SHA-256 {}{}",
        format.ending(),
        sent.conversations,
        sent.bytes,
        sent.digest,
        if sent.whole { "" } else { ", interrompu" }
    );
    if let Err(error) = comptoir.audit(who, action, Some(subject.id.clone()), Some(detail)).await {
        comptoir.metrics.database_error(error.kind());
        tracing::error!(error = %Chain(&error), "an export was not written down");
    }
}

/// « attachment; filename="comptoir-promotion-d-automne-2026-11-22.csv" »: plain letters only.
fn file_name(subject: &str, now: Timestamp, format: Format) -> String {
    let mut plain = String::new();
    for word in
        crate::language::fold(subject).split(|c: char| !c.is_ascii_alphanumeric()).filter(|word| !word.is_empty())
    {
        plain.push('-');
        plain.push_str(word);
    }
    let plain: String = plain.chars().take(60).collect();
    let marks = if format == Format::CsvMarks { "-cotations" } else { "" };
    format!("attachment; filename=\"comptoir{plain}{marks}-{}.{}\"", paris(now).date(), format.ending())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_is_named_by_whom_it_is_of_in_plain_letters() {
        fn check(subject: &str, format: Format, expect: &str) {
            let now: Timestamp = "2026-11-22T13:05:00Z".parse().unwrap();
            assert_eq!(file_name(subject, now, format), format!("attachment; filename=\"{expect}\""));
        }
        check("Promotion d’automne", Format::Xlsx, "comptoir-promotion-d-automne-2026-11-22.xlsx");
        check("Élise \"Zoé\"\r\nX: y", Format::CsvMarks, "comptoir-elise-zoe-x-y-cotations-2026-11-22.csv");
        check("日本", Format::Json, "comptoir-2026-11-22.json");
    }
}
