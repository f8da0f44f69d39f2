//! What a trainer sets a group to do: the list, one of them with everyone's standing, and the form.

use askama::Template;

use super::handoff::Problem;
use super::{filters, french, paths, site::Site};
use crate::assignment::{Mode, Progress};

/// How an assignment is to be done.
#[derive(Clone, Debug)]
pub struct How {
    /// The last day: « 4 décembre 2026 ».
    pub due: Option<String>,
    /// Tries of each piece.
    pub attempts: Option<u32>,
    /// Whether hints may be shown.
    pub hints: bool,
    /// Written or spoken.
    pub mode: Mode,
    /// Whether it is an exam: its own rules hold there.
    pub booklet: bool,
}

impl How {
    /// « jusqu’au 4 décembre 2026 inclus ».
    pub fn due_text(&self) -> String {
        match &self.due {
            Some(day) => format!("jusqu’au {day} inclus"),
            None => "sans date limite".to_owned(),
        }
    }

    /// « 2 essais par situation ».
    pub fn attempts_text(&self) -> String {
        let of = if self.booklet { "" } else { " par situation" };
        match self.attempts {
            Some(n) => format!("{}{of}", french::count(n.into(), "essai")),
            None => "essais libres".to_owned(),
        }
    }

    /// « par écrit ».
    pub fn mode_text(&self) -> &'static str {
        match self.mode {
            Mode::Text => "par écrit",
            Mode::Voice => "à voix haute",
            Mode::Either => "à l’écrit ou à voix haute",
        }
    }

    /// « conseils permis ».
    pub fn hints_text(&self) -> Option<&'static str> {
        (!self.booklet).then_some(if self.hints { "conseils permis" } else { "sans conseils" })
    }

    pub(super) fn sample() -> How {
        How {
            due: Some("4 décembre 2026".into()), attempts: Some(2), hints: false, mode: Mode::Either, booklet: false
        }
    }
}

/// What a group is set to do.
#[derive(Clone, Debug, Template)]
#[template(path = "pages/assignments.html", config = "web/askama.toml")]
pub struct Assignments {
    /// Around the page.
    pub site: Site,
    /// Group id.
    pub group_id: String,
    /// Its name.
    pub group: String,
    /// How many trainees are in it.
    pub members: u64,
    /// The latest first.
    pub lines: Vec<SetLine>,
}

/// One assignment in the list.
#[derive(Clone, Debug)]
pub struct SetLine {
    /// Its id.
    pub id: String,
    /// Its title.
    pub title: String,
    /// What is to be done.
    pub what: String,
    /// How.
    pub how: How,
    /// Whether its due date is over.
    pub overdue: bool,
    /// Whether it is closed.
    pub closed: bool,
    /// How many trainees have done all of it.
    pub done: u64,
}

impl Assignments {
    /// Where one of them is.
    pub fn href(&self, id: &str) -> String {
        paths::assignment(&self.group_id, id)
    }

    /// Where a new one is made.
    pub fn new_href(&self) -> String {
        paths::new_assignment(&self.group_id)
    }

    /// The group's page.
    pub fn group_href(&self) -> String {
        paths::group(&self.group_id)
    }

    /// « 3 sur 8 l’ont fait ».
    pub fn done_text(&self, done: &u64) -> String {
        match (*done, self.members) {
            (_, 0) => "personne dans ce groupe".to_owned(),
            (0, _) => "personne ne l’a encore fait".to_owned(),
            (1, members) => format!("1 sur {members} l’a fait"),
            (done, members) => format!("{done} sur {members} l’ont fait"),
        }
    }

    /// A group at work.
    pub fn sample() -> Assignments {
        let line = |id: &str, title: &str, what: &str, closed: bool, done: u64| SetLine {
            id: id.into(),
            title: title.into(),
            what: what.into(),
            how: How::sample(),
            overdue: closed,
            closed,
            done,
        };
        Assignments {
            site: Site::sample_for_trainer(),
            group_id: "grp_01JD9Z0000000000000000000A".into(),
            group: "Promotion de novembre".into(),
            members: 8,
            lines: vec![
                line(
                    "asg_01JD9Z0000000000000000000A",
                    "Apaiser avant d’expliquer",
                    "Troisième appel pour une fuite et Les gens du dessus",
                    false,
                    3,
                ),
                line("asg_01JD9Z0000000000000000000B", "Prise en main", "Le froid au sixième", true, 8),
            ],
        }
    }

    /// A group without work.
    pub fn sample_empty() -> Assignments {
        Assignments { lines: Vec::new(), members: 0, ..Assignments::sample() }
    }
}

/// One assignment, with where everyone stands.
#[derive(Clone, Debug, Template)]
#[template(path = "pages/assignment.html", config = "web/askama.toml")]
pub struct AssignmentPage {
    /// Around the page.
    pub site: Site,
    /// Group id.
    pub group_id: String,
    /// Its name.
    pub group: String,
    /// The assignment's id.
    pub id: String,
    /// Its title.
    pub title: String,
    /// How it is to be done.
    pub how: How,
    /// Whether it is closed.
    pub closed: bool,
    /// Its pieces.
    pub pieces: Vec<AssignmentPiece>,
    /// One trainee each, by name.
    pub rows: Vec<AssignmentRow>,
    /// Conversations whose marks are kept from the reader, who rates them blind.
    pub blind: u32,
}

/// A piece of an assignment.
#[derive(Clone, Debug)]
pub struct AssignmentPiece {
    /// Its name.
    pub name: String,
    /// Whether the group is not offered it any more, so that nobody can begin it.
    pub gone: bool,
}

/// Where one trainee stands.
#[derive(Clone, Debug)]
pub struct AssignmentRow {
    /// Who.
    pub trainee: String,
    /// With each piece.
    pub cells: Vec<AssignmentCell>,
}

/// Where a trainee stands with one piece.
#[derive(Clone, Debug)]
pub struct AssignmentCell {
    /// How far.
    pub progress: Progress,
    /// The best result.
    pub best: Option<u8>,
    /// Whether it is late.
    pub late: bool,
    /// Tries that count.
    pub used: u32,
    /// Tries left.
    pub left: Option<u32>,
    /// Where the best try, or the one under way, is read.
    pub href: Option<String>,
}

impl AssignmentCell {
    /// « fait, 64 sur 100 ».
    pub fn words(&self) -> String {
        match (self.progress, self.best) {
            (Progress::ToDo, _) => "à faire".to_owned(),
            (Progress::UnderWay, _) => "commencé".to_owned(),
            (Progress::Done, Some(best)) => format!("fait, {best} sur 100"),
            (Progress::Done, None) => "fait".to_owned(),
        }
    }

    /// « 1 essai, reste 1 ».
    pub fn tries_text(&self) -> Option<String> {
        let used = french::count(self.used.into(), "essai");
        match (self.used, self.left) {
            (0, _) => None,
            (_, None) => Some(used),
            (_, Some(left)) => Some(format!("{used}, reste {left}")),
        }
    }

    /// For styles.
    pub fn code(&self) -> &'static str {
        match self.progress {
            Progress::ToDo => "todo",
            Progress::UnderWay => "open",
            Progress::Done => "done",
        }
    }
}

impl AssignmentPage {
    /// Where the list is.
    pub fn list_href(&self) -> String {
        paths::assignments_of(&self.group_id)
    }

    /// The group's page.
    pub fn group_href(&self) -> String {
        paths::group(&self.group_id)
    }

    /// How many pieces nobody can begin any more.
    pub fn gone(&self) -> usize {
        self.pieces.iter().filter(|piece| piece.gone).count()
    }

    /// Where it is changed.
    pub fn edit_href(&self) -> String {
        paths::edit_assignment(&self.group_id, &self.id)
    }

    /// Where it is closed.
    pub fn close_action(&self) -> String {
        paths::close_assignment(&self.group_id, &self.id)
    }

    /// Two situations, three trainees.
    pub fn sample() -> AssignmentPage {
        let cell = |progress, best, late, used, left| AssignmentCell {
            progress,
            best,
            late,
            used,
            left: Some(left),
            href: (progress != Progress::ToDo).then(|| paths::scorecard("conv_01JD9Z0000000000000000000B")),
        };
        let row = |name: &str, cells: Vec<AssignmentCell>| AssignmentRow { trainee: name.into(), cells };
        AssignmentPage {
            site: Site::sample_for_trainer(),
            group_id: "grp_01JD9Z0000000000000000000A".into(),
            group: "Promotion de novembre".into(),
            id: "asg_01JD9Z0000000000000000000A".into(),
            title: "Apaiser avant d’expliquer".into(),
            how: How::sample(),
            closed: false,
            pieces: vec![
                AssignmentPiece { name: "Troisième appel pour une fuite".into(), gone: false },
                AssignmentPiece { name: "Les gens du dessus".into(), gone: false },
            ],
            rows: vec![
                row(
                    "Lucas Moreau",
                    vec![cell(Progress::Done, Some(64), false, 1, 1), cell(Progress::UnderWay, None, false, 1, 1)],
                ),
                row(
                    "Nadia Benali",
                    vec![cell(Progress::Done, Some(88), true, 2, 0), cell(Progress::Done, None, false, 1, 1)],
                ),
                row(
                    "Yann Le Goff",
                    vec![cell(Progress::ToDo, None, false, 0, 2), cell(Progress::ToDo, None, true, 0, 2)],
                ),
            ],
            blind: 0,
        }
    }

    /// Closed, in a group without trainees.
    pub fn sample_closed() -> AssignmentPage {
        AssignmentPage { closed: true, rows: Vec::new(), ..AssignmentPage::sample() }
    }

    /// With a situation that was withdrawn from the group since.
    pub fn sample_gone() -> AssignmentPage {
        let mut page = AssignmentPage::sample();
        if let Some(piece) = page.pieces.last_mut() {
            piece.gone = true;
        }
        page
    }
}

/// The form that makes or changes an assignment.
#[derive(Clone, Debug, Template)]
#[template(path = "pages/assignment_form.html", config = "web/askama.toml")]
#[expect(clippy::struct_excessive_bools, reason = "each is a box of the form")]
pub struct AssignmentForm {
    /// Around the page.
    pub site: Site,
    /// Group id.
    pub group_id: String,
    /// Its name.
    pub group: String,
    /// The id of the one that is changed; `None` for a new one.
    pub editing: Option<String>,
    /// The title.
    pub title: String,
    /// Whether an exam was chosen.
    pub by_booklet: bool,
    /// The situations that can be set.
    pub situations: Vec<SituationChoice>,
    /// The exams that can be set: id and title.
    pub booklets: Vec<(String, String)>,
    /// The exam chosen.
    pub booklet: String,
    /// Whether everyone gets the same draw.
    pub same_draw: bool,
    /// The last day, as a date field has it.
    pub due: String,
    /// Tries, or empty.
    pub attempts: String,
    /// Whether hints may be shown.
    pub hints: bool,
    /// The mode's name.
    pub mode: String,
    /// Whether the service transcribes speech.
    pub voice: bool,
    /// What is wrong.
    pub problems: Vec<Problem>,
}

/// One situation to choose.
#[derive(Clone, Debug)]
pub struct SituationChoice {
    /// Persona id.
    pub id: String,
    /// Its title.
    pub title: String,
    /// « Au téléphone, soutenue »; or that the group is not offered it any more.
    pub about: String,
    /// Whether it is chosen.
    pub chosen: bool,
}

impl AssignmentForm {
    /// Where the form is posted.
    pub fn action(&self) -> String {
        match &self.editing {
            Some(id) => paths::edit_assignment(&self.group_id, id),
            None => paths::assignments_of(&self.group_id),
        }
    }

    /// Where it goes without saving.
    pub fn back_href(&self) -> String {
        match &self.editing {
            Some(id) => paths::assignment(&self.group_id, id),
            None => paths::assignments_of(&self.group_id),
        }
    }

    /// Whether an exam is the one chosen.
    pub fn is_booklet(&self, id: &str) -> bool {
        self.booklet == id
    }

    /// The fault of a field.
    pub fn problem(&self, field: &str) -> Option<&Problem> {
        self.problems.iter().find(|problem| problem.field == field)
    }

    /// A new one.
    pub fn sample() -> AssignmentForm {
        let choice = |id: &str, title: &str, about: &str, chosen| SituationChoice {
            id: id.into(),
            title: title.into(),
            about: about.into(),
            chosen,
        };
        AssignmentForm {
            site: Site::sample_for_trainer(),
            group_id: "grp_01JD9Z0000000000000000000A".into(),
            group: "Promotion de novembre".into(),
            editing: None,
            title: "Apaiser avant d’expliquer".into(),
            by_booklet: false,
            situations: vec![
                choice("voisin-bruit", "Les gens du dessus", "Au comptoir, soutenue", true),
                choice("fuite-colere", "Troisième appel pour une fuite", "Au téléphone, soutenue", true),
                choice("odeur-gaz", "Ça sent le gaz dans l’escalier", "Au téléphone, exigeante", false),
            ],
            booklets: vec![("bloc1".into(), "Bloc 1 : quatre situations d’accueil".into())],
            booklet: String::new(),
            same_draw: true,
            due: "2026-12-04".into(),
            attempts: "2".into(),
            hints: false,
            mode: "either".into(),
            voice: true,
            problems: Vec::new(),
        }
    }

    /// Sent with faults.
    pub fn sample_faulty() -> AssignmentForm {
        let problem = |field, text: &str| Problem { field, text: text.into() };
        AssignmentForm {
            editing: Some("asg_01JD9Z0000000000000000000A".into()),
            title: String::new(),
            voice: false,
            problems: vec![
                problem("title", "Donnez un titre à ce travail."),
                problem("situations", "Choisissez au moins une situation."),
                problem("due", "Cette date est passée. Choisissez-en une à venir, ou laissez ce champ vide."),
            ],
            ..AssignmentForm::sample()
        }
    }
}
