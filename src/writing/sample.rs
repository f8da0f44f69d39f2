//! What the sample persona refers to, for tests.

use super::form::Names;
use crate::persona::{Known, sample};

pub(super) fn known() -> Known {
    sample::known()
}

pub(super) fn names() -> Names {
    let pairs = |list: &[(&str, &str)]| list.iter().map(|(id, name)| ((*id).to_owned(), (*name).to_owned())).collect();
    Names {
        services: pairs(&[("technique", "Service technique"), ("gardien", "Gardien")]),
        indicators: pairs(&[("5.1.a", "questionne"), ("5.1.b", "reformule"), ("6.1.b", "repère")]),
    }
}
