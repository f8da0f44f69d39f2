//! What a trainee is set to do.

use askama::Template;

use super::assignments::How;
use super::{filters, french, portrait, site::Site};
use crate::assignment::Progress;
use crate::persona::Channel;

/// One assignment, as the trainee has it.
#[derive(Clone, Debug)]
pub struct Todo {
    /// Its id.
    pub id: String,
    /// Its title.
    pub title: String,
    /// How it is to be done.
    pub how: How,
    /// Whether the due date is over.
    pub overdue: bool,
    /// Whether nothing more may be begun.
    pub closed: bool,
    /// Whether all of it is done.
    pub done: bool,
    /// What is to be done.
    pub pieces: Vec<TodoPiece>,
}

/// One piece of it: a situation, or an exam.
#[derive(Clone, Debug)]
#[expect(clippy::struct_excessive_bools, reason = "each is told in words of its own")]
pub struct TodoPiece {
    /// Persona id, or that of the booklet.
    pub id: String,
    /// Its name.
    pub name: String,
    /// Desk or phone; an exam has both.
    pub channel: Option<Channel>,
    /// How far.
    pub progress: Progress,
    /// Whether it is late.
    pub late: bool,
    /// The best result.
    pub best: Option<u8>,
    /// Tries left.
    pub left: Option<u32>,
    /// Where a try under way goes on.
    pub resume: Option<String>,
    /// Where the best try is read.
    pub report: Option<String>,
    /// Where a new try is posted, if one may begin.
    pub start: Option<String>,
    /// Where the situation is read before.
    pub brief: Option<String>,
    /// Whether the trainee is not offered it any more.
    pub gone: bool,
    /// Whether hints are chosen for a new try.
    pub hints: bool,
    /// Whether speaking is.
    pub aloud: bool,
    /// When the try under way was begun.
    pub when: Option<String>,
}

impl TodoPiece {
    /// The drawing's address.
    pub fn portrait(&self) -> String {
        portrait::portrait(&self.id)
    }

    /// `desk` or `phone`, for styles.
    pub fn channel_code(&self) -> &'static str {
        self.channel.map_or("desk", french::channel_code)
    }

    /// « Au téléphone ».
    pub fn channel_name(&self) -> Option<&'static str> {
        self.channel.map(french::channel)
    }

    /// « à faire ».
    pub fn words(&self) -> &'static str {
        match self.progress {
            Progress::ToDo => "à faire",
            Progress::UnderWay => "commencé",
            Progress::Done => "fait",
        }
    }

    /// « reste 1 essai ».
    pub fn left_text(&self) -> Option<String> {
        self.left.map(|left| match left {
            0 => "plus d’essai".to_owned(),
            1 => "reste 1\u{a0}essai".to_owned(),
            n => format!("restent {n}\u{a0}essais"),
        })
    }

    /// What the button says.
    pub fn verb(&self) -> &'static str {
        match (self.progress, self.channel) {
            (Progress::Done, _) => "Réessayer",
            (_, Some(Channel::Phone)) => "Décrocher",
            (_, Some(Channel::Desk)) => "Accueillir",
            (_, None) => "Ouvrir le livret",
        }
    }
}

/// Everything a trainee is set to do.
#[derive(Clone, Debug, Template)]
#[template(path = "pages/my_assignments.html", config = "web/askama.toml")]
pub struct MyAssignments {
    /// Around the page.
    pub site: Site,
    /// What may be begun.
    pub open: Vec<Todo>,
    /// What is closed.
    pub closed: Vec<Todo>,
}

impl MyAssignments {
    /// Two assignments, one of them closed.
    pub fn sample() -> MyAssignments {
        MyAssignments { site: sample_site(), open: vec![Todo::sample()], closed: vec![Todo::sample_closed()] }
    }

    /// Nothing to do.
    pub fn sample_empty() -> MyAssignments {
        MyAssignments { site: sample_site(), open: Vec::new(), closed: Vec::new() }
    }
}

fn sample_site() -> Site {
    let viewer = super::Viewer { name: Some("Nadia Benali".into()), trainer: false, administrator: false };
    Site { viewer, ..Site::sample() }
}

impl Todo {
    /// Two situations, one done.
    pub fn sample() -> Todo {
        let piece = |id: &str, name: &str, channel, progress, best| TodoPiece {
            id: id.into(),
            name: name.into(),
            channel: Some(channel),
            progress,
            late: false,
            best,
            left: Some(1),
            resume: None,
            report: best.map(|_| super::paths::scorecard("conv_01JD9Z0000000000000000000B")),
            start: Some(super::paths::start_assigned("asg_01JD9Z0000000000000000000A", id)),
            brief: Some(super::paths::situation_assigned(id, "asg_01JD9Z0000000000000000000A")),
            gone: false,
            hints: false,
            aloud: false,
            when: None,
        };
        Todo {
            id: "asg_01JD9Z0000000000000000000A".into(),
            title: "Apaiser avant d’expliquer".into(),
            how: How::sample(),
            overdue: false,
            closed: false,
            done: false,
            pieces: vec![
                piece("fuite-colere", "Troisième appel pour une fuite", Channel::Phone, Progress::Done, Some(64)),
                piece("voisin-bruit", "Les gens du dessus", Channel::Desk, Progress::ToDo, None),
            ],
        }
    }

    /// Closed before all of it was done.
    pub fn sample_closed() -> Todo {
        let mut todo = Todo::sample();
        todo.id = "asg_01JD9Z0000000000000000000B".into();
        todo.title = "Prise en main".into();
        todo.closed = true;
        todo.overdue = true;
        for piece in &mut todo.pieces {
            piece.start = None;
            piece.left = Some(0);
        }
        todo
    }
}
