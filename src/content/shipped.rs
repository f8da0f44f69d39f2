//! The content inside the program itself.

use std::path::Path;

use rust_embed::RustEmbed;

use super::{File, Files};

#[derive(RustEmbed)]
#[folder = "personas/"]
struct Personas;

#[derive(RustEmbed)]
#[folder = "rubrics/"]
struct Rubrics;

/// The prepared exchanges that the program was built with: names and texts.
pub fn shipped_exchanges() -> Vec<(String, String)> {
    let file = |name: std::borrow::Cow<'static, str>| {
        let stem = name.strip_prefix("calibration/")?.strip_suffix(".json")?;
        Some((stem.to_owned(), String::from_utf8_lossy(&Rubrics::get(&name)?.data).into_owned()))
    };
    Rubrics::iter().filter_map(file).collect()
}

/// The files that the program was built with.
pub fn shipped() -> Files {
    let personas = Personas::iter().filter_map(|name| Some((format!("personas/{name}"), Personas::get(&name)?)));
    let rubrics = Rubrics::iter().filter_map(|name| Some((format!("rubrics/{name}"), Rubrics::get(&name)?)));
    personas
        .chain(rubrics)
        .filter(|(name, _)| Path::new(name).extension().is_some_and(|extension| extension == "toml"))
        .map(|(name, file)| File::new(name, String::from_utf8_lossy(&file.data)))
        .collect()
}
