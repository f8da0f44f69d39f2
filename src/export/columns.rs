//! The columns of the tables, under French headings.
//!
//! Invariant: a heading and its cell are made side by side, so that they never part ways.

use std::collections::BTreeMap;

use super::Row;
use super::cell::Cell;
use super::row::MarkRow;
use crate::content::Content;

/// Where each indicator stands in the rubrics.
pub(super) fn order(content: &Content) -> BTreeMap<&str, usize> {
    content.rubrics().flat_map(|rubric| rubric.indicators()).map(|indicator| indicator.id.as_str()).zip(0..).collect()
}

/// One column: its heading, what it means, its cell.
pub(super) struct Column<R> {
    pub(super) heading: String,
    pub(super) about: String,
    pub(super) cell: Box<dyn Fn(&R) -> Cell + Send + Sync>,
}

fn column<R>(heading: &str, about: &str, cell: impl Fn(&R) -> Cell + Send + Sync + 'static) -> Column<R> {
    Column { heading: heading.to_owned(), about: about.to_owned(), cell: Box::new(cell) }
}

/// One line a conversation.
pub(super) fn of_conversations(content: &Content) -> Vec<Column<Row>> {
    let mut columns = vec![
        column("Stagiaire", "Le nom sous lequel le formateur connaît la personne.", |row: &Row| {
            Cell::words(row.trainee.as_str())
        }),
        column("Situation", "Le titre de la situation.", |row: &Row| Cell::words(row.title.as_str())),
        column("Canal", "Au comptoir ou au téléphone.", |row: &Row| Cell::words(channel(row.channel))),
        column("Début", "Date et heure de Paris.", |row: &Row| Cell::Moment(row.started_at)),
        column("Fin", "Date et heure de Paris ; vide tant que l’échange est ouvert.", |row: &Row| {
            row.ended_at.map_or(Cell::Empty, Cell::Moment)
        }),
        column(
            "Durée réelle (min)",
            "Temps passé sur l’échange ; une pause de plus de cinq minutes en compte cinq.",
            |row: &Row| row.seconds.map_or(Cell::Empty, Cell::Minutes),
        ),
        column("Durée prévue (min)", "Durée indiquée par la fiche de la situation.", |row: &Row| {
            Cell::figure(row.expected_minutes)
        }),
        column("Reprise", "« oui » si l’échange repart d’un tour d’un échange précédent.", |row: &Row| {
            Cell::words(if row.again { "oui" } else { "non" })
        }),
        column("Travail demandé", "Le travail dans le cadre duquel l’échange a eu lieu.", |row: &Row| {
            Cell::words(row.assignment.as_deref().unwrap_or_default())
        }),
        column("Livret", "L’identifiant du livret dont l’échange fait partie.", |row: &Row| {
            Cell::words(row.booklet.as_deref().unwrap_or_default())
        }),
        column(
            "État",
            "« ouvert », « terminé », « coté » (proposition automatique) ou « relu » (le formateur a tranché).",
            |row: &Row| Cell::words(state(row.state)),
        ),
        column("Résultat", "Moyenne des axes qui s’appliquent, de 0 à 100.", |row: &Row| Cell::figure(row.overall)),
    ];
    let mut seen: Vec<&str> = Vec::new();
    for axis in content.rubrics().flat_map(|rubric| &rubric.file().axis) {
        if !seen.contains(&axis.id.as_str()) {
            seen.push(&axis.id);
            let id = axis.id.clone();
            let about = format!("Axe, de 0 à 100 : {}", axis.about);
            columns
                .push(column(&axis.name, &about, move |row: &Row| Cell::figure(row.axes.get(&id).copied().flatten())));
        }
    }
    let mut seen: Vec<&str> = Vec::new();
    for indicator in content.rubrics().flat_map(|rubric| rubric.indicators()) {
        if !seen.contains(&indicator.id.as_str()) {
            seen.push(&indicator.id);
            let id = indicator.id.clone();
            let about = format!("{} 2 observé, 1 partiel, 0 non observé, vide sans objet.", sentence(&indicator.label));
            columns
                .push(column(&format!("CR {}", indicator.id), &about, move |row: &Row| Cell::figure(row.level(&id))));
        }
    }
    columns.extend([
        column("Échange", "L’identifiant de l’échange.", |row: &Row| Cell::words(row.conversation.as_str())),
        column("Fiche", "L’identifiant de la situation.", |row: &Row| Cell::words(row.situation.as_str())),
        column("Version de la fiche", "Empreinte SHA-256 du fichier de la situation.", |row: &Row| {
            Cell::words(row.situation_version.as_str())
        }),
        column("Version de la grille", "Empreinte SHA-256 du fichier de la grille.", |row: &Row| {
            Cell::words(row.rubric_version.as_deref().unwrap_or_default())
        }),
        column("Règles", "Version du programme qui a coté.", |row: &Row| {
            Cell::words(row.engine.as_deref().unwrap_or_default())
        }),
    ]);
    columns
}

/// A mark with the conversation it is of.
pub(super) type Marked<'r> = (&'r Row, &'r MarkRow);

/// The headings of the table of marks, with what they mean.
pub(super) const OF_MARKS: [(&str, &str); 11] = [
    ("Stagiaire", "Le nom sous lequel le formateur connaît la personne."),
    ("Situation", "Le titre de la situation."),
    ("Début", "Date et heure de Paris."),
    ("Axe", "L’axe dont l’indicateur fait partie."),
    ("CR", "L’indicateur : « 5.1.b » est le second tiret du critère 5.1 du référentiel."),
    ("Indicateur", "Son libellé dans le référentiel."),
    ("Niveau", "2 observé, 1 partiel, 0 non observé, vide sans objet."),
    ("Niveau en mots", "Le même, en mots."),
    ("Tour", "Le tour de parole où se lit la preuve, à partir de 1."),
    ("Citation", "Les mots du stagiaire qui le montrent."),
    ("Échange", "L’identifiant de l’échange."),
];

/// What marks are called: indicator to axis and label.
pub(super) struct Names(BTreeMap<String, (String, String)>);

impl Names {
    pub(super) fn of(content: &Content) -> Names {
        let mut names = BTreeMap::new();
        for rubric in content.rubrics() {
            for indicator in rubric.indicators() {
                let axis = rubric.axis(&indicator.axis).map_or(indicator.axis.as_str(), |axis| &axis.name);
                let entry = names.entry(indicator.id.clone());
                entry.or_insert_with(|| (axis.to_owned(), indicator.label.clone()));
            }
        }
        Names(names)
    }

    /// The cells of a mark, in the order of [`OF_MARKS`].
    pub(super) fn cells(&self, (row, mark): Marked<'_>) -> [Cell; 11] {
        let (axis, label) = self.0.get(&mark.indicator).map_or(("", ""), |(axis, label)| (axis, label));
        [
            Cell::words(row.trainee.as_str()),
            Cell::words(row.title.as_str()),
            Cell::Moment(row.started_at),
            Cell::words(axis),
            Cell::words(mark.indicator.as_str()),
            Cell::words(label),
            Cell::figure(mark.level),
            Cell::words(level(mark.level)),
            Cell::figure(mark.turn.map(|turn| u64::from(turn) + 1)),
            Cell::words(mark.quote.as_deref().unwrap_or_default()),
            Cell::words(row.conversation.as_str()),
        ]
    }
}

fn channel(code: &str) -> &'static str {
    if code == "desk" { "Au comptoir" } else { "Au téléphone" }
}

pub(super) fn state(code: &str) -> &'static str {
    match code {
        "open" => "ouvert",
        "ended" => "terminé",
        "reviewed" => "relu",
        _ => "coté",
    }
}

fn level(level: Option<u8>) -> &'static str {
    match level {
        Some(2) => "observé",
        Some(1) => "partiel",
        Some(_) => "non observé",
        None => "sans objet",
    }
}

fn sentence(words: &str) -> String {
    let words = words.trim_end();
    if words.ends_with(['.', '?', '!']) { words.to_owned() } else { format!("{words}.") }
}
