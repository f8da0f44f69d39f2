//! A heat map as a table: one calm colour in four depths, with the number in every cell.

use super::french;

/// One column.
#[derive(Clone, Debug)]
pub struct HeatColumn {
    /// « Écoute active », « 5.1.a ».
    pub name: String,
    /// What it means, where the name is a code.
    pub about: Option<String>,
}

/// One cell.
#[derive(Clone, Copy, Debug, Default)]
pub struct HeatCell {
    /// 0 to 100; `None` where nothing applied.
    pub score: Option<u8>,
    /// How many conversations, or trainees, are behind it.
    pub count: u32,
}

/// One trainee.
#[derive(Clone, Debug)]
pub struct HeatLine {
    /// By name.
    pub name: String,
    /// Their record.
    pub href: String,
    /// How many conversations count.
    pub attempts: u32,
    /// One cell a column.
    pub cells: Vec<HeatCell>,
}

/// The table.
#[derive(Clone, Debug, Default)]
pub struct HeatTable {
    /// Groups of columns, with how many each holds; empty where columns stand for themselves.
    pub groups: Vec<(String, usize)>,
    /// The columns.
    pub columns: Vec<HeatColumn>,
    /// The trainees.
    pub lines: Vec<HeatLine>,
    /// The group.
    pub whole: Vec<HeatCell>,
}

impl HeatCell {
    /// `heat-3`, for styles.
    pub const fn depth(&self) -> &'static str {
        match self.score {
            None => "heat-none",
            Some(80..) => "heat-4",
            Some(60..) => "heat-3",
            Some(35..) => "heat-2",
            Some(_) => "heat-1",
        }
    }

    /// « en bonne voie, sur 3 échanges ».
    pub fn told(&self) -> String {
        format!("{}, sur {}", french::axis_level(self.score), french::count(self.count.into(), "échange"))
    }

    /// « en bonne voie, 12 stagiaires ».
    pub fn told_of_people(&self) -> String {
        format!("{}, {}", french::axis_level(self.score), french::count(self.count.into(), "stagiaire"))
    }
}

impl HeatTable {
    /// Whether any cell has a figure.
    pub fn any(&self) -> bool {
        self.whole.iter().any(|cell| cell.score.is_some())
    }
}
