//! A trainer's groups, who is in them, and the slips that let trainees in.

use askama::Template;

use super::{filters, form::Form, french, paths, site::Site};

/// The groups a trainer leads.
#[derive(Clone, Debug, Template)]
#[template(path = "pages/groups.html", config = "web/askama.toml")]
pub struct GroupsPage {
    /// Around the page.
    pub site: Site,
    /// Those in use.
    pub groups: Vec<GroupCard>,
    /// Those put away.
    pub archived: Vec<GroupCard>,
}

/// A group at a glance.
#[derive(Clone, Debug)]
pub struct GroupCard {
    /// Its id.
    pub id: String,
    /// Its name.
    pub name: String,
    /// How many are in it.
    pub members: u64,
    /// How many assignments are open.
    pub assignments: u64,
    /// When one of them was last here.
    pub seen: Option<String>,
}

impl GroupCard {
    /// Its page; where nobody is in it yet, where to add people.
    pub fn href(&self) -> String {
        if self.members == 0 { paths::group_members(&self.id) } else { paths::group(&self.id) }
    }

    /// « 12 stagiaires ».
    pub fn members_text(&self) -> String {
        french::count(self.members, "stagiaire")
    }

    /// « 2 consignes en cours ».
    pub fn assignments_text(&self) -> Option<String> {
        (self.assignments > 0).then(|| format!("{} en cours", french::count(self.assignments, "consigne")))
    }
}

impl GroupsPage {
    /// Two groups, one of them new.
    pub fn sample() -> GroupsPage {
        let card = |id: &str, name: &str, members, assignments, seen: Option<&str>| GroupCard {
            id: id.into(),
            name: name.into(),
            members,
            assignments,
            seen: seen.map(str::to_owned),
        };
        GroupsPage {
            site: Site::sample_for_trainer(),
            groups: vec![
                card(
                    "grp_01JD9Z0000000000000000000A",
                    "Promotion novembre 2026",
                    12,
                    2,
                    Some("22 novembre 2026 à 9 h 40"),
                ),
                card("grp_01JD9Z0000000000000000000B", "Titulaires de l’agence des Tilleuls", 0, 0, None),
            ],
            archived: vec![card("grp_01JD9Z0000000000000000000C", "Promotion printemps 2026", 14, 0, None)],
        }
    }

    /// A trainer who begins.
    pub fn sample_empty() -> GroupsPage {
        GroupsPage { groups: Vec::new(), archived: Vec::new(), ..GroupsPage::sample() }
    }
}

/// The form of a new group.
#[derive(Clone, Debug, Template)]
#[template(path = "pages/new_group.html", config = "web/askama.toml")]
pub struct NewGroup {
    /// Around the page.
    pub site: Site,
    /// What was typed.
    pub form: Form,
}

impl NewGroup {
    /// Empty.
    pub fn sample() -> NewGroup {
        NewGroup { site: Site::sample_for_trainer(), form: Form::default() }
    }
}

/// Who is in a group, who leads it, and how one joins.
#[derive(Clone, Debug, Template)]
#[template(path = "pages/members.html", config = "web/askama.toml")]
pub struct MembersPage {
    /// Around the page.
    pub site: Site,
    /// The group's id.
    pub id: String,
    /// Its name.
    pub name: String,
    /// Since when it is put away.
    pub archived: Option<String>,
    /// What was just done.
    pub done: Option<&'static str>,
    /// How one joins.
    pub code: JoinCode,
    /// Who is in it.
    pub members: Vec<MemberRow>,
    /// Who leads it.
    pub trainers: Vec<TrainerRow>,
    /// Who could lead it too: id and name.
    pub colleagues: Vec<(String, String)>,
    /// What was typed to add people or to rename the group.
    pub form: Form,
    /// How many names are taken at once.
    pub most: usize,
}

/// How one joins a group.
#[derive(Clone, Debug)]
pub struct JoinCode {
    /// « K7QM-2XRB ».
    pub code: String,
    /// The whole address.
    pub address: String,
    /// Until when it works; `None`: without end.
    pub until: Option<String>,
    /// Whether it works.
    pub works: bool,
}

/// One trainee.
#[derive(Clone, Debug)]
pub struct MemberRow {
    /// Their id.
    pub id: String,
    /// Their name.
    pub name: String,
    /// Since when they are in the group.
    pub joined: String,
    /// When they were last here.
    pub seen: Option<String>,
    /// Whether they have a password beside the link.
    pub has_password: bool,
    /// Whether the trainers read what was done before they joined.
    pub all: bool,
}

/// One trainer.
#[derive(Clone, Debug)]
pub struct TrainerRow {
    /// Their id.
    pub id: String,
    /// Their name.
    pub name: String,
    /// Whether it is whoever looks.
    pub me: bool,
}

impl MembersPage {
    /// Where everything here is posted.
    pub fn action(&self) -> String {
        paths::group_members(&self.id)
    }

    /// The page of a trainee.
    pub fn person(&self, id: &str) -> String {
        paths::person(id)
    }

    /// A group with three trainees.
    pub fn sample() -> MembersPage {
        let member = |n: u8, name: &str, seen: Option<&str>, has_password, all| MemberRow {
            id: format!("vis_01JD9Z000000000000000000{n:02}"),
            name: name.into(),
            joined: "18 novembre 2026".into(),
            seen: seen.map(str::to_owned),
            has_password,
            all,
        };
        let trainer = |n: u8, name: &str, me| TrainerRow {
            id: format!("vis_01JD9Z0000000000000000009{n}"),
            name: name.into(),
            me,
        };
        MembersPage {
            site: Site::sample_for_trainer(),
            id: "grp_01JD9Z0000000000000000000A".into(),
            name: "Promotion novembre 2026".into(),
            archived: None,
            done: Some("Le nom est changé."),
            code: JoinCode {
                code: "K7QM-2XRB".into(),
                address: "https://comptoir.example/join/K7QM2XRB".into(),
                until: Some("22 décembre 2026".into()),
                works: true,
            },
            members: vec![
                member(1, "Amélie Roche", Some("22 novembre 2026 à 9 h 40"), true, false),
                member(2, "Bakary Diallo", None, false, false),
                member(3, "Nadia B.", Some("21 novembre 2026 à 17 h 05"), false, true),
            ],
            trainers: vec![trainer(1, "Claire Martin", true), trainer(2, "Marc Petit", false)],
            colleagues: vec![("vis_01JD9Z00000000000000000093".into(), "Sofia Lambert".into())],
            form: Form::default(),
            most: 100,
        }
    }

    /// A new group, whose code is switched off, and a list with a fault.
    pub fn sample_empty() -> MembersPage {
        let mut form = Form::default().with("names", "...");
        form.fault("names", "Ligne 1 : écrivez un nom.");
        let page = MembersPage::sample();
        let code = JoinCode { works: false, ..page.code.clone() };
        MembersPage { members: Vec::new(), done: None, colleagues: Vec::new(), code, form, ..page }
    }
}

/// The personal links of some trainees, to be printed and cut: they are shown this once.
#[derive(Clone, Debug, Template)]
#[template(path = "pages/slips.html", config = "web/askama.toml")]
pub struct SlipsPage {
    /// Around the page.
    pub site: Site,
    /// The group's id.
    pub id: String,
    /// Its name.
    pub group: String,
    /// One slip per trainee.
    pub slips: Vec<Slip>,
    /// Names that somebody in the group has already: nobody was added under them.
    pub taken: Vec<String>,
}

/// A slip of paper for one trainee.
#[derive(Clone, Debug)]
pub struct Slip {
    /// Whose.
    pub name: String,
    /// Their personal link.
    pub address: String,
}

impl SlipsPage {
    /// Back to the group.
    pub fn back(&self) -> String {
        paths::group_members(&self.id)
    }

    /// Two slips, and a name that was taken.
    pub fn sample() -> SlipsPage {
        let slip = |name: &str, token: &str| Slip {
            name: name.into(),
            address: format!("https://comptoir.example/link/{}", token.repeat(32)),
        };
        SlipsPage {
            site: Site::sample_for_trainer(),
            id: "grp_01JD9Z0000000000000000000A".into(),
            group: "Promotion novembre 2026".into(),
            slips: vec![slip("Amélie Roche", "a7"), slip("Bakary Diallo", "3c")],
            taken: vec!["Nadia B.".into()],
        }
    }
}
