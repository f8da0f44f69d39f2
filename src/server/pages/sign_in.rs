//! Where one signs in, and what links that let someone in show.

use askama::Template;

use super::{filters, form::Form, paths, site::Site};

/// Signing in with login and password.
#[derive(Clone, Debug, Template)]
#[template(path = "pages/sign_in.html", config = "web/askama.toml")]
pub struct SignIn {
    /// Around the page.
    pub site: Site,
    /// The login typed, and what is wrong.
    pub form: Form,
    /// Where to go on, on this site.
    pub next: Option<String>,
    /// In how many minutes one may try again, after too many wrong passwords.
    pub locked: Option<u64>,
    /// Whether one may rehearse without an account.
    pub guests: bool,
}

impl SignIn {
    /// Somebody comes.
    pub fn sample() -> SignIn {
        SignIn { site: Site::sample(), form: Form::default(), next: None, locked: None, guests: true }
    }

    /// A wrong password.
    pub fn sample_wrong() -> SignIn {
        let mut form = Form::default().with("login", "claire.martin");
        form.fault("password", SignIn::WRONG);
        SignIn { form, next: Some("/groups".into()), guests: false, ..SignIn::sample() }
    }

    /// Too many of them.
    pub fn sample_locked() -> SignIn {
        SignIn { form: Form::default().with("login", "claire.martin"), locked: Some(5), ..SignIn::sample() }
    }

    /// What a wrong login and a wrong password are told alike.
    pub const WRONG: &str = "Cet identifiant et ce mot de passe ne vont pas ensemble. Vérifiez les deux.";
}

/// What a link to choose a password is for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Welcoming {
    /// The first account.
    First,
    /// A colleague who was invited, under that name.
    Invited(String),
    /// Somebody who has an account and needs another password.
    Again(String),
}

/// Choosing login and password, by a link that works once.
#[derive(Clone, Debug, Template)]
#[template(path = "pages/welcome.html", config = "web/askama.toml")]
pub struct WelcomePage {
    /// Around the page.
    pub site: Site,
    /// The link's token.
    pub token: String,
    /// What the link is for.
    pub welcoming: Welcoming,
    /// What was typed.
    pub form: Form,
}

impl WelcomePage {
    /// Where the form is posted.
    pub fn action(&self) -> String {
        paths::welcome(&self.token)
    }

    /// The first account.
    pub fn sample() -> WelcomePage {
        let token = "ab".repeat(32);
        WelcomePage { site: Site::sample(), token, welcoming: Welcoming::First, form: Form::default() }
    }

    /// A colleague, with a password that is too short.
    pub fn sample_faulty() -> WelcomePage {
        let mut form = Form::default().with("login", "marc.petit");
        form.fault("password", "Choisissez un mot de passe d’au moins 10 caractères, une courte phrase par exemple.");
        WelcomePage { welcoming: Welcoming::Invited("Marc Petit".into()), form, ..WelcomePage::sample() }
    }
}

/// A personal link: the button that signs in.
#[derive(Clone, Debug, Template)]
#[template(path = "pages/personal_link.html", config = "web/askama.toml")]
pub struct PersonalLink {
    /// Around the page.
    pub site: Site,
    /// The link's token.
    pub token: String,
    /// Whose it is.
    pub name: String,
}

impl PersonalLink {
    /// Where the button posts.
    pub fn action(&self) -> String {
        paths::personal_link(&self.token)
    }

    /// Somebody comes back.
    pub fn sample() -> PersonalLink {
        PersonalLink { site: Site::sample(), token: "ab".repeat(32), name: "Nadia B.".into() }
    }
}

/// A link that lets nobody in any more, or a code that is locked: why, and what to do.
#[derive(Clone, Debug, Template)]
#[template(path = "pages/link_gone.html", config = "web/askama.toml")]
pub struct LinkGone {
    /// Around the page.
    pub site: Site,
    /// What is wrong.
    pub title: &'static str,
    /// What to do.
    pub advice: String,
}

impl LinkGone {
    /// A link that was used.
    pub fn sample() -> LinkGone {
        LinkGone {
            site: Site::sample(),
            title: "Ce lien a déjà servi",
            advice:
                "Il ne sert qu’une fois. Connectez-vous avec l’identifiant et le mot de passe que vous avez choisis ; \
                     si vous ne les avez plus, demandez un nouveau lien à la personne qui vous a invité."
                    .into(),
        }
    }
}
