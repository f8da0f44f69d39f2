//! One's own account, and one's rights.

use askama::Template;

use super::{About, filters, form::Form, french, site::Site};

/// What is typed to confirm that everything is to be erased.
pub const ERASE_WORD: &str = "effacer";

/// One's own account; a guest's page holds what a guest may do with their data.
#[derive(Clone, Debug, Template)]
#[template(path = "pages/account.html", config = "web/askama.toml")]
pub struct AccountPage {
    /// Around the page.
    pub site: Site,
    /// One's name; a guest has none.
    pub name: Option<String>,
    /// What one signs in with, if anything.
    pub login: Option<String>,
    /// The groups one is in: then the trainers decide on the name.
    pub groups: Vec<String>,
    /// Whether one leads groups or runs the service: then there is no personal link.
    pub staff: bool,
    /// In how many other browsers one is signed in.
    pub others: u64,
    /// A personal link just made.
    pub link: Option<String>,
    /// What was just done.
    pub done: Option<&'static str>,
    /// What was typed.
    pub form: Form,
}

impl AccountPage {
    /// « 2 autres navigateurs ».
    pub fn others_text(&self) -> String {
        match self.others {
            1 => "1\u{a0}autre navigateur".to_owned(),
            n => format!("{n}\u{a0}autres navigateurs"),
        }
    }

    /// « Promotion novembre 2026 ».
    pub fn groups_text(&self) -> String {
        french::list(&self.groups)
    }

    /// What the field of the login holds.
    pub fn login_typed(&self) -> &str {
        match self.form.value("login") {
            "" => self.login.as_deref().unwrap_or_default(),
            typed => typed,
        }
    }

    /// A trainee who comes by a personal link.
    pub fn sample() -> AccountPage {
        let viewer = super::Viewer { name: Some("Nadia B.".into()), ..super::Viewer::default() };
        AccountPage {
            site: Site { viewer, ..Site::sample() },
            name: Some("Nadia B.".into()),
            login: None,
            groups: vec!["Promotion novembre 2026".into()],
            staff: false,
            others: 1,
            link: Some(format!("https://comptoir.example/link/{}", "a7".repeat(32))),
            done: None,
            form: Form::default(),
        }
    }

    /// A trainer, with a wrong password.
    pub fn sample_staff() -> AccountPage {
        let mut form = Form::default();
        form.fault("current", "Ce n’est pas votre mot de passe actuel.");
        AccountPage {
            site: Site::sample_for_trainer(),
            name: Some("Claire Martin".into()),
            login: Some("claire.martin".into()),
            groups: Vec::new(),
            staff: true,
            others: 0,
            link: None,
            done: None,
            form,
        }
    }

    /// A guest.
    pub fn sample_guest() -> AccountPage {
        AccountPage {
            site: Site::sample(),
            name: None,
            staff: false,
            form: Form::default(),
            login: None,
            ..AccountPage::sample_staff()
        }
    }
}

/// What is recorded, who sees it, how long, and what one may ask for.
#[derive(Clone, Debug, Template)]
#[template(path = "pages/rights.html", config = "web/askama.toml")]
pub struct RightsPage {
    /// What the page on the service says of voice and model, and what stands around it.
    pub about: About,
    /// Around the page.
    pub site: Site,
    /// The name of the organisation, if it gave one.
    pub organisation: Option<String>,
    /// Whom to write to, if it said so.
    pub contact: Option<String>,
    /// After how many months conversations are erased.
    pub months: u16,
}

impl RightsPage {
    /// « 12 mois ».
    pub fn months_text(&self) -> String {
        format!("{}\u{a0}mois", self.months)
    }

    /// With everything set.
    pub fn sample() -> RightsPage {
        RightsPage {
            about: About::sample(),
            site: Site::sample(),
            organisation: Some("Centre de formation des Tilleuls".into()),
            contact: Some("donnees@exemple.fr, ou Mme Roy au 01 23 45 67 89".into()),
            months: 12,
        }
    }

    /// A model elsewhere, and nobody named.
    pub fn sample_elsewhere() -> RightsPage {
        RightsPage { about: About::sample_elsewhere(), organisation: None, contact: None, ..RightsPage::sample() }
    }
}
