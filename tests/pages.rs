//! Every page renders its samples, whole and clean.
//!
//! The HTML is also written to the target folder (`tmp/pages`), to be looked at in a browser.

use std::path::PathBuf;

use comptoir::server::pages;

fn rendered() -> Vec<(&'static str, String)> {
    pages::samples().into_iter().map(|(name, html)| (name, html.expect(name))).collect()
}

#[test]
fn every_page_renders_its_samples() {
    let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("pages");
    std::fs::create_dir_all(&folder).unwrap();
    for (name, html) in rendered() {
        std::fs::write(folder.join(format!("{name}.html")), &html).unwrap();
        for part in ["<!doctype html>", "lang=\"fr\"", "<main id=\"contenu\"", "<h1", "20\u{a0}septembre\u{a0}2026"] {
            assert!(html.contains(part), "{name} lacks {part}");
        }
    }
}
