//! A workbook, opened to be looked into.

use std::collections::BTreeMap;
use std::io::{Cursor, Read as _};

/// Everything that it is made of, by path.
pub(crate) fn parts(bytes: &[u8]) -> BTreeMap<String, String> {
    let mut parts = BTreeMap::new();
    let mut archive = zip::ZipArchive::new(Cursor::new(bytes)).unwrap();
    for at in 0..archive.len() {
        let mut part = archive.by_index(at).unwrap();
        let (name, mut text) = (part.name().unwrap().into_owned(), Vec::new());
        part.read_to_end(&mut text).unwrap();
        parts.insert(name, String::from_utf8_lossy(&text).into_owned());
    }
    parts
}

/// The XML of its sheets, by the names that people see.
pub(crate) fn sheets(bytes: &[u8]) -> BTreeMap<String, String> {
    let parts = parts(bytes);
    // Sheets stand in the workbook in the order of their files.
    let named = parts["xl/workbook.xml"].split("<sheet name=\"").skip(1).zip(1..);
    let named = named.map(|(rest, number)| (rest.split('"').next().unwrap().to_owned(), number));
    named.map(|(name, number)| (name, parts[&format!("xl/worksheets/sheet{number}.xml")].clone())).collect()
}
