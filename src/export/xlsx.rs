//! A workbook, written to a file of its own while rows come in.
//!
//! Invariant: a worksheet keeps one row in memory; words are cells of text, never formulas.

use std::fs::File;
use std::io::{Seek, SeekFrom};

use rust_xlsxwriter::{DocProperties, ExcelDateTime, Format, Workbook, Worksheet, XlsxError};

use super::Row;
use super::cell::{Cell, tenths};
use super::columns::{Column, Names, OF_MARKS};
use super::stream::{Person, Sum};

/// The most that a cell of a spreadsheet holds.
const LONGEST: usize = 32_767;

/// Column widths by what stands in them.
const WIDE: f64 = 26.0;
const USUAL: f64 = 14.0;

/// A workbook under way.
pub(super) struct Book {
    workbook: Workbook,
    conversations: Sheet,
    marks: Sheet,
    columns: Vec<Column<Row>>,
    names: Names,
}

struct Sheet {
    worksheet: Worksheet,
    next: u32,
    day: Format,
    minutes: Format,
}

impl Sheet {
    fn new(workbook: &mut Workbook, name: &str, headings: &[&str]) -> Result<Sheet, XlsxError> {
        let mut worksheet = workbook.new_worksheet_with_constant_memory()?;
        worksheet.set_name(name)?;
        for (at, heading) in (0..).zip(headings) {
            worksheet.set_column_width(at, if at < 2 { WIDE } else { USUAL })?;
            worksheet.write_string_with_format(0, at, *heading, &Format::new().set_bold())?;
        }
        worksheet.set_freeze_panes(1, 1)?;
        let day = Format::new().set_num_format("dd/mm/yyyy hh:mm");
        Ok(Sheet { worksheet, next: 1, day, minutes: Format::new().set_num_format("0.0") })
    }

    fn line(&mut self, cells: &[Cell]) -> Result<(), XlsxError> {
        for (at, cell) in (0..).zip(cells) {
            self.cell(at, cell)?;
        }
        self.next += 1;
        Ok(())
    }

    fn cell(&mut self, at: u16, cell: &Cell) -> Result<(), XlsxError> {
        let (sheet, row) = (&mut self.worksheet, self.next);
        match cell {
            Cell::Empty => {}
            Cell::Text(words) => {
                let short: String = words.chars().take(LONGEST).collect();
                sheet.write_string(row, at, short)?;
            }
            #[expect(clippy::cast_precision_loss, reason = "counts and scores")]
            Cell::Whole(figure) => {
                sheet.write_number(row, at, *figure as f64)?;
            }
            #[expect(clippy::cast_precision_loss, reason = "minutes of a conversation")]
            Cell::Minutes(seconds) => {
                sheet.write_number_with_format(row, at, tenths(*seconds) as f64 / 10.0, &self.minutes)?;
            }
            Cell::Moment(moment) => {
                let year = u16::try_from(moment.year()).unwrap_or(1900);
                let part = |part: i8| u8::try_from(part).unwrap_or_default();
                let day = ExcelDateTime::from_ymd(year, part(moment.month()), part(moment.day()))?;
                let day = day.and_hms(part(moment.hour()).into(), part(moment.minute()), part(moment.second()))?;
                sheet.write_datetime_with_format(row, at, &day, &self.day)?;
            }
        }
        Ok(())
    }
}

impl Book {
    /// Begins a workbook.
    pub(super) fn new(title: &str, columns: Vec<Column<Row>>, names: Names) -> Result<Book, XlsxError> {
        let mut workbook = Workbook::new();
        workbook.set_properties(&DocProperties::new().set_title(title).set_author("Comptoir"));
        let headings: Vec<&str> = columns.iter().map(|column| column.heading.as_str()).collect();
        let conversations = Sheet::new(&mut workbook, "Échanges", &headings)?;
        let marks = Sheet::new(&mut workbook, "Cotations", &OF_MARKS.map(|(heading, _)| heading))?;
        Ok(Book { workbook, conversations, marks, columns, names })
    }

    /// Writes one conversation with its marks.
    pub(super) fn row(&mut self, row: &Row) -> Result<(), XlsxError> {
        let cells: Vec<Cell> = self.columns.iter().map(|column| (column.cell)(row)).collect();
        self.conversations.line(&cells)?;
        for mark in &row.marks {
            self.marks.line(&self.names.cells((row, mark)))?;
        }
        Ok(())
    }

    /// Writes the people and what the columns mean, and puts the whole into a file that nobody else can open, at its
    /// beginning.
    pub(super) fn finish(mut self, people: &[(Person, Sum)]) -> Result<File, XlsxError> {
        let mut sheet = Sheet::new(
            &mut self.workbook,
            "Stagiaires",
            &["Stagiaire", "Échanges", "Temps passé (min)", "Dernier échange"],
        )?;
        for (person, sum) in people {
            sheet.line(&[
                Cell::words(person.name.as_str()),
                Cell::figure(Some(sum.conversations)),
                Cell::Minutes(sum.seconds),
                sum.last_at.map_or(Cell::Empty, Cell::Moment),
            ])?;
        }
        let mut about = Sheet::new(&mut self.workbook, "Lisez-moi", &["Colonne", "Ce qu’elle contient"])?;
        let of_conversations = self.columns.iter().map(|column| (column.heading.as_str(), column.about.as_str()));
        for (heading, meaning) in of_conversations.chain(OF_MARKS) {
            about.line(&[Cell::words(heading), Cell::words(meaning)])?;
        }
        self.workbook.push_worksheet(self.conversations.worksheet);
        self.workbook.push_worksheet(self.marks.worksheet);
        self.workbook.push_worksheet(sheet.worksheet);
        self.workbook.push_worksheet(about.worksheet);
        let mut file = tempfile::tempfile().map_err(XlsxError::IoError)?;
        self.workbook.save_to_writer(&mut file)?;
        file.seek(SeekFrom::Start(0)).map_err(XlsxError::IoError)?;
        Ok(file)
    }
}
