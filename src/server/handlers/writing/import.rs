//! A file handed in.

use std::sync::Arc;

use axum::extract::multipart::{MultipartError, MultipartRejection};
use axum::extract::{Multipart, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};

use super::list::{blank, id_fault, taken};
use super::{Bounded, Desk, title_of};
use crate::content::Kind;
use crate::fault::Fault;
use crate::server::Comptoir;
use crate::server::code::Code;
use crate::server::failure::Failure;
use crate::server::handlers::page;
use crate::server::pages::paths;
use crate::server::pages::writing::{SyntaxFault, WritingNew};
use crate::server::who::Who;
use crate::store::{NewSituation, StoreError};
use crate::writing::{self, ImportError, Imported, LARGEST};

/// How many faults of syntax are shown.
const SHOWN: usize = 12;

/// What was handed in.
#[derive(Debug, Default)]
struct HandedIn {
    file: Vec<u8>,
    text: String,
    id: String,
}

pub(in crate::server) async fn import(
    State(comptoir): State<Arc<Comptoir>>,
    who: Who,
    _: Bounded,
    form: Result<Multipart, MultipartRejection>,
) -> Result<Response, Failure> {
    let trainer = who.trainer()?;
    let given = read(form.map_err(|_| Code::BadForm)?).await?;
    let desk = Desk::open(&comptoir).await?;
    let taken = taken(&comptoir, &desk.content).await?;
    // A file counts before a text that stands in the other field.
    let (field, bytes) =
        if given.file.is_empty() { ("text", given.text.as_bytes()) } else { ("file", &given.file[..]) };
    let (fault, syntax) = match writing::import("fiche.toml", bytes) {
        Ok(imported) => {
            let id = if given.id.is_empty() { imported.id.clone().unwrap_or_default() } else { given.id.clone() };
            let fault = if id.is_empty() {
                Some(("id", "La fiche n'a pas d'identifiant utilisable : donnez-lui-en un.".to_owned()))
            } else {
                id_fault(&id, &taken)
            };
            match fault {
                None => match keep(&comptoir, trainer.id, &id, &imported).await {
                    Ok(()) => {
                        comptoir.audit(&who, "situation.imported", Some(id.clone()), None).await?;
                        return Ok(Redirect::to(&paths::situation_form(&id)).into_response());
                    }
                    Err(StoreError::Conflict) => {
                        (("id", format!("L'identifiant « {id} » est déjà pris : choisissez-en un autre.")), Vec::new())
                    }
                    Err(error) => return Err(error.into()),
                },
                Some(fault) => (fault, Vec::new()),
            }
        }
        Err(ImportError::TooLarge) => return Err(Code::FileTooLarge.into()),
        Err(error) => refused(field, error),
    };
    let blank = blank(&comptoir, &who, trainer, &desk.content, "").await?;
    let (import_id, text) = (given.id, given.text);
    let mut page = page(&WritingNew { import_id, text, import_fault: Some(fault), syntax, ..blank });
    *page.status_mut() = StatusCode::UNPROCESSABLE_ENTITY;
    Ok(page)
}

async fn keep(
    comptoir: &Comptoir,
    maker: crate::id::VisitorId,
    id: &str,
    imported: &Imported,
) -> Result<(), StoreError> {
    // Under another id, the text says so too.
    let renamed = (imported.id.as_deref() != Some(id)).then(|| writing::copy(&imported.text, id, "")).flatten();
    let draft = renamed.as_deref().unwrap_or(&imported.text);
    let title = title_of(id, draft);
    let copied_from = imported.id.as_deref().filter(|from| *from != id);
    let new = NewSituation { id, maker, copied_from, title: &title, draft, at: comptoir.now() };
    comptoir.store.add_situation(&new).await
}

/// Reads the fields; a file that is too large is given up as soon as that is known.
async fn read(mut form: Multipart) -> Result<HandedIn, Failure> {
    let mut given = HandedIn::default();
    while let Some(mut field) = form.next_field().await.map_err(|error| told(&error))? {
        let name = field.name().unwrap_or_default().to_owned();
        let mut bytes = Vec::new();
        while let Some(chunk) = field.chunk().await.map_err(|error| told(&error))? {
            if bytes.len() + chunk.len() > LARGEST {
                return Err(Code::FileTooLarge.into());
            }
            bytes.extend_from_slice(&chunk);
        }
        match name.as_str() {
            "file" => given.file = bytes,
            "text" => given.text = String::from_utf8_lossy(&bytes).replace("\r\n", "\n"),
            "id" => String::from_utf8_lossy(&bytes).trim().clone_into(&mut given.id),
            _ => {}
        }
    }
    Ok(given)
}

fn told(error: &MultipartError) -> Failure {
    let code = if error.status() == StatusCode::PAYLOAD_TOO_LARGE { Code::FileTooLarge } else { Code::BadForm };
    code.into()
}

/// What is said of a file that is no situation.
fn refused(field: &'static str, error: ImportError) -> ((&'static str, String), Vec<SyntaxFault>) {
    let what = if field == "file" { "Ce fichier" } else { "Ce texte" };
    let text = match &error {
        ImportError::Empty if field == "text" => "Choisissez un fichier, ou collez le texte d'une fiche.".to_owned(),
        ImportError::Empty => "Ce fichier est vide.".to_owned(),
        ImportError::Encoding { wide: true } => {
            format!(
                "{what} est en UTF-16 (« Unicode » dans certains éditeurs) : enregistrez-le en UTF-8, puis recommencez."
            )
        }
        ImportError::Encoding { wide: false } => {
            format!("{what} n'est pas en UTF-8 : enregistrez-le dans ce codage depuis votre éditeur, puis recommencez.")
        }
        ImportError::Syntax(_) => format!("{what} n'est pas une fiche TOML lisible : corrigez les lignes indiquées."),
        ImportError::Other(Kind::Rubric) => format!("{what} est une grille, pas une fiche de situation."),
        ImportError::Other(_) => format!("{what} est un annuaire, pas une fiche de situation."),
        ImportError::TooLarge => format!("{what} est trop gros : 2 Mo au plus."),
    };
    let line = |fault: Fault| SyntaxFault {
        line: fault.line,
        excerpt: fault.excerpt.chars().take(120).collect(),
        rule: fault.rule,
        fix: fault.fix,
    };
    let faults = if let ImportError::Syntax(faults) = error { faults } else { Vec::new() };
    ((field, text), faults.into_iter().take(SHOWN).map(line).collect())
}
