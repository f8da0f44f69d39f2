//! What was rehearsed, taken out: as CSV and XLSX for spreadsheets, as JSON for programs.
//!
//! Input: whose conversations ([`Subject`]) and in which [`Format`]. Output: bytes, piece by piece, in a channel, with the
//! digest of all of them ([`Sent`]). Invariant: one page of one person's conversations is in memory at a time, however
//! many there are; what people wrote never becomes a formula.

mod cell;
mod columns;
mod csv;
mod json;
mod row;
mod stream;
mod xlsx;

pub use cell::{Cell, guarded};
pub use row::{MarkRow, Row, Titles};
pub use stream::{ExportError, Person, Sent, Subject, send};

/// The form an export takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// One line a conversation: semicolons, UTF-8 with its mark, as French spreadsheets open it.
    Csv,
    /// One line a mark, the same way.
    CsvMarks,
    /// A workbook: conversations, marks, people, and what the columns mean.
    Xlsx,
    /// One object: conversations with their marks, and people.
    Json,
}

impl Format {
    /// The ending of a file's name.
    pub const fn ending(self) -> &'static str {
        match self {
            Format::Csv | Format::CsvMarks => "csv",
            Format::Xlsx => "xlsx",
            Format::Json => "json",
        }
    }

    /// Its media type.
    pub const fn media_type(self) -> &'static str {
        match self {
            Format::Csv | Format::CsvMarks => "text/csv; charset=utf-8; header=present",
            Format::Xlsx => "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
            Format::Json => "application/json",
        }
    }
}
