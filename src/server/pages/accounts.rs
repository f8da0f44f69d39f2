//! What administrators see: accounts, the log, settings. Never a conversation.

use askama::Template;

use super::{filters, form::Form, paths, site::Site};

/// Every account.
#[derive(Clone, Debug, Template)]
#[template(path = "pages/accounts.html", config = "web/askama.toml")]
pub struct AccountsPage {
    /// Around the page.
    pub site: Site,
    /// What names are searched for.
    pub search: String,
    /// How many accounts there are.
    pub count: usize,
    /// Those shown.
    pub accounts: Vec<AccountRow>,
    /// How many more fit the search.
    pub more: usize,
    /// A link just made: for whom, and its address.
    pub link: Option<(String, String)>,
    /// What was just done.
    pub done: Option<&'static str>,
    /// What was typed to invite someone, or what is wrong.
    pub form: Form,
}

/// One account.
#[derive(Clone, Debug)]
pub struct AccountRow {
    /// Its id.
    pub id: String,
    /// The name.
    pub name: String,
    /// What one signs in with.
    pub login: Option<String>,
    /// Whether it leads groups.
    pub trainer: bool,
    /// Whether it runs the service.
    pub administrator: bool,
    /// Since when.
    pub created: String,
    /// When they were last here.
    pub seen: Option<String>,
    /// Since when it is closed.
    pub closed: Option<String>,
    /// Whether it is whoever looks.
    pub me: bool,
}

impl AccountRow {
    /// Where what is changed is posted.
    pub fn action(&self) -> String {
        paths::account(&self.id)
    }

    /// Where the file of their data is.
    pub fn export(&self) -> String {
        paths::account_export(&self.id)
    }

    /// The lines of the log about them.
    pub fn log(&self) -> String {
        paths::log_about(&self.id)
    }

    /// « formateur, administrateur ».
    pub fn roles(&self) -> &'static str {
        match (self.trainer, self.administrator) {
            (true, true) => "formateur et administrateur",
            (true, false) => "formateur",
            (false, true) => "administrateur",
            (false, false) => "stagiaire",
        }
    }
}

impl AccountsPage {
    /// Four people, and a link for a colleague.
    pub fn sample() -> AccountsPage {
        let row = |n: u8, name: &str, login: Option<&str>, trainer, administrator| AccountRow {
            id: format!("vis_01JD9Z000000000000000000{n:02}"),
            name: name.into(),
            login: login.map(str::to_owned),
            trainer,
            administrator,
            created: "18 novembre 2026".into(),
            seen: (n != 3).then(|| "22 novembre 2026 à 9 h 40".to_owned()),
            closed: (n == 4).then(|| "20 novembre 2026".to_owned()),
            me: n == 1,
        };
        AccountsPage {
            site: Site::sample_for_administrator(),
            search: String::new(),
            count: 4,
            accounts: vec![
                row(1, "Anne Roy", Some("anne.roy"), false, true),
                row(2, "Claire Martin", Some("claire.martin"), true, false),
                row(3, "Marc Petit", None, true, false),
                row(4, "Nadia B.", None, false, false),
            ],
            more: 0,
            link: Some(("Marc Petit".into(), format!("https://comptoir.example/welcome/{}", "a7".repeat(32)))),
            done: None,
            form: Form::default(),
        }
    }

    /// Nobody fits.
    pub fn sample_empty() -> AccountsPage {
        let mut form = Form::default();
        form.fault("name", "Écrivez un nom.");
        AccountsPage { search: "zzz".into(), accounts: Vec::new(), link: None, form, ..AccountsPage::sample() }
    }
}

/// The log of who saw or changed what.
#[derive(Clone, Debug, Template)]
#[template(path = "pages/log.html", config = "web/askama.toml")]
pub struct LogPage {
    /// Around the page.
    pub site: Site,
    /// What is searched for: a name or an id.
    pub about: String,
    /// The kinds of lines: value, name, whether it is the one chosen.
    pub kinds: Vec<(&'static str, &'static str, bool)>,
    /// The lines.
    pub lines: Vec<LogLine>,
    /// Where older lines are.
    pub older: Option<String>,
}

/// One line.
#[derive(Clone, Debug)]
pub struct LogLine {
    /// When.
    pub at: String,
    /// Who.
    pub who: String,
    /// What, in French.
    pub what: String,
    /// On whom or what: a name or an id.
    pub on: Option<String>,
    /// The lines about the same.
    pub same: Option<String>,
    /// More.
    pub detail: Option<String>,
}

impl LogPage {
    /// Three lines.
    pub fn sample() -> LogPage {
        let line = |at: &str, who: &str, code: &str, on: Option<&str>, detail: Option<&str>| LogLine {
            at: at.into(),
            who: who.into(),
            what: log_label(code),
            on: on.map(str::to_owned),
            same: on.map(paths::log_about),
            detail: detail.map(str::to_owned),
        };
        LogPage {
            site: Site::sample_for_administrator(),
            about: String::new(),
            kinds: kinds(""),
            lines: vec![
                line(
                    "22 novembre 2026 à 9 h 40",
                    "Claire Martin",
                    "conversation.read",
                    Some("conv_01JD9Z0000000000000000000A"),
                    None,
                ),
                line(
                    "22 novembre 2026 à 9 h 12",
                    "personne effacée",
                    "member.joined",
                    Some("vis_01JD9Z0000000000000000000B"),
                    None,
                ),
                line("21 novembre 2026 à 17 h 05", "le service", "sign_in.locked", None, None),
            ],
            older: Some("/audit?before=01JD9Z".into()),
        }
    }

    /// Nothing fits.
    pub fn sample_empty() -> LogPage {
        LogPage { about: "Nadia".into(), lines: Vec::new(), older: None, ..LogPage::sample() }
    }
}

/// The kinds of lines of the log, with the one chosen.
pub fn kinds(chosen: &str) -> Vec<(&'static str, &'static str, bool)> {
    [
        ("", "Toutes"),
        ("conversation.", "Échanges lus ou suivis"),
        ("review.", "Relectures"),
        ("assignment.", "Travaux demandés"),
        ("booklet.", "Livrets"),
        ("member.", "Membres des groupes"),
        ("group.", "Groupes"),
        ("situation.", "Fiches"),
        ("account.", "Comptes"),
        ("sign_in.", "Connexions"),
        ("link.", "Liens personnels"),
        ("password.", "Mots de passe"),
        ("record.", "Dossiers lus"),
        ("settings.", "Réglages"),
    ]
    .into_iter()
    .map(|(value, name)| (value, name, value == chosen))
    .collect()
}

/// What a line of the log says, in French; a code that is not known here stands for itself.
pub fn log_label(code: &str) -> String {
    let label = match code {
        "account.first" => "premier compte créé",
        "account.invited" => "compte créé sur invitation",
        "account.roles" => "rôles changés",
        "account.closed" => "compte fermé",
        "account.opened" => "compte rouvert",
        "account.reset" => "lien pour un nouveau mot de passe",
        "account.renamed" => "nom changé",
        "account.exported" => "données remises",
        "account.erased" => "personne effacée",
        "password.set" => "mot de passe choisi",
        "link.renewed" => "lien personnel remplacé",
        "sign_in.locked" => "connexion fermée après trop d’essais",
        "group.created" => "groupe créé",
        "group.renamed" => "groupe renommé",
        "group.archived" => "groupe archivé",
        "group.opened" => "groupe rouvert",
        "group.code_renewed" => "code du groupe remplacé",
        "group.code_stopped" => "code du groupe fermé",
        "group.trainer_added" => "formateur ajouté au groupe",
        "group.trainer_removed" => "formateur retiré du groupe",
        "member.added" => "stagiaire ajouté au groupe",
        "member.joined" => "groupe rejoint",
        "member.renamed" => "stagiaire renommé",
        "member.removed" => "stagiaire retiré du groupe",
        "settings.changed" => "réglages changés",
        "conversation.read" => "échange lu",
        "conversation.followed" => "échange suivi en direct",
        "record.read" => "dossier d’un stagiaire lu",
        "review.requested" => "relecture humaine demandée",
        "review.published" => "relecture publiée",
        "review.blind_asked" => "seconde lecture à l’aveugle demandée",
        "review.given_blind" => "lecture à l’aveugle rendue",
        "review.blind_given_up" => "lecture à l’aveugle abandonnée",
        "review.settled" => "deux lectures rapprochées",
        "situation.created" => "fiche créée",
        "situation.imported" => "fiche importée",
        "situation.published" => "fiche publiée",
        "situation.withdrawn" => "fiche retirée",
        "situation.removed" => "fiche supprimée",
        "assignment.made" => "travail demandé",
        "assignment.changed" => "travail changé",
        "assignment.closed" => "travail clos",
        "assignment.opened" => "travail rouvert",
        "booklet.read" => "livret lu",
        "booklet.judged" => "livret coté",
        "booklet.time" => "temps ajouté à un livret",
        other => other,
    };
    label.to_owned()
}

/// What the organisation sets from within.
#[derive(Clone, Debug, Template)]
#[template(path = "pages/settings.html", config = "web/askama.toml")]
pub struct SettingsPage {
    /// Around the page.
    pub site: Site,
    /// What is set or was typed.
    pub form: Form,
    /// Whether guests may come.
    pub guests: bool,
    /// Whether the start allows guests at all.
    pub guests_allowed: bool,
    /// What was just done.
    pub done: Option<&'static str>,
}

impl SettingsPage {
    /// The usual.
    pub fn sample() -> SettingsPage {
        let form = Form::default()
            .with("months", "12")
            .with("organisation", "Centre de formation des Tilleuls")
            .with("contact", "donnees@exemple.fr");
        SettingsPage {
            site: Site::sample_for_administrator(),
            form,
            guests: true,
            guests_allowed: true,
            done: Some("Les réglages sont enregistrés."),
        }
    }

    /// A number out of range, where guests are not allowed.
    pub fn sample_faulty() -> SettingsPage {
        let mut form = Form::default().with("months", "0");
        form.fault("months", "Entre 1 et 60 mois.");
        SettingsPage { form, guests_allowed: false, done: None, ..SettingsPage::sample() }
    }
}
