//! Joining a group: the code, the name, what one brings along, the personal link.

use askama::Template;

use super::{filters, form::Form, french, paths, site::Site};

/// Where a code is typed.
#[derive(Clone, Debug, Template)]
#[template(path = "pages/join.html", config = "web/askama.toml")]
pub struct JoinPage {
    /// Around the page.
    pub site: Site,
    /// What was typed.
    pub form: Form,
    /// In how many minutes one may try again, after too many wrong codes.
    pub locked: Option<u64>,
}

impl JoinPage {
    /// Somebody has a code.
    pub fn sample() -> JoinPage {
        JoinPage { site: Site::sample(), form: Form::default(), locked: None }
    }

    /// A wrong one, once too often.
    pub fn sample_locked() -> JoinPage {
        let mut form = Form::default().with("code", "K7QM2XRA");
        form.fault("code", JoinPage::WRONG);
        JoinPage { form, locked: Some(5), ..JoinPage::sample() }
    }

    /// What a code that lets nobody in is told.
    pub const WRONG: &str = "Ce code n’ouvre aucun groupe, ou il n’est plus valable. Relisez-le, ou demandez-en un autre à \
                             votre formateur.";
}

/// The group that a code opens: under which name, and with what.
#[derive(Clone, Debug, Template)]
#[template(path = "pages/join_group.html", config = "web/askama.toml")]
pub struct JoinGroup {
    /// Around the page.
    pub site: Site,
    /// The code.
    pub code: String,
    /// The group's name.
    pub group: String,
    /// Who leads it: « Claire Martin et Marc Petit ».
    pub trainers: String,
    /// How many conversations one has had so far.
    pub mine: u64,
    /// What was typed.
    pub form: Form,
}

impl JoinGroup {
    /// Where the form is posted.
    pub fn action(&self) -> String {
        paths::join(&self.code)
    }

    /// « 3 échanges ».
    pub fn mine_text(&self) -> String {
        french::count(self.mine, "échange")
    }

    /// A guest with three conversations.
    pub fn sample() -> JoinGroup {
        JoinGroup {
            site: Site::sample(),
            code: "K7QM2XRB".into(),
            group: "Promotion novembre 2026".into(),
            trainers: "Claire Martin et Marc Petit".into(),
            mine: 3,
            form: Form::default(),
        }
    }

    /// Somebody with an account, under a name that is taken.
    pub fn sample_taken() -> JoinGroup {
        let mut form = Form::default().with("name", "Nadia B.");
        form.fault("name", JoinGroup::TAKEN);
        JoinGroup { mine: 0, form, ..JoinGroup::sample() }
    }

    /// What a name that somebody else has is told.
    pub const TAKEN: &str = "Quelqu’un porte déjà ce nom dans ce groupe. Si c’est vous, entrez avec votre lien personnel, ou \
                             demandez-en un nouveau à votre formateur ; sinon, ajoutez une initiale.";
}

/// One has joined: the personal link to keep.
#[derive(Clone, Debug, Template)]
#[template(path = "pages/joined.html", config = "web/askama.toml")]
pub struct Joined {
    /// Around the page.
    pub site: Site,
    /// The group's name.
    pub group: String,
    /// One's name.
    pub name: String,
    /// The personal link.
    pub address: String,
    /// How many conversations came along.
    pub brought: u64,
}

impl Joined {
    /// « Vos 3 échanges vous ont suivi. ».
    pub fn brought_text(&self) -> Option<String> {
        match self.brought {
            0 => None,
            1 => Some("Votre échange vous a suivi.".to_owned()),
            n => Some(format!("Vos {} vous ont suivi.", french::count(n, "échange"))),
        }
    }

    /// Somebody who brought two conversations.
    pub fn sample() -> Joined {
        let viewer = super::Viewer { name: Some("Nadia B.".into()), ..super::Viewer::default() };
        Joined {
            site: Site { viewer, ..Site::sample() },
            group: "Promotion novembre 2026".into(),
            name: "Nadia B.".into(),
            address: format!("https://comptoir.example/link/{}", "a7".repeat(32)),
            brought: 2,
        }
    }
}
