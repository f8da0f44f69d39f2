//! The import rule: a module uses only modules of an earlier group of `src/lib.rs`, never a later one or one
//! beside it; and layers 0 to 3 hold nothing that reaches outside.
//!
//! `src/lib.rs` is the table: a blank line separates groups, a comment `// N · …` starts a layer.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

/// What layers 0 to 3 never name: tasks, files, sockets, processes, databases, servers.
const OUTSIDE: &[&str] = &["async", "await", "axum", "reqwest", "sqlx", "tokio"];

/// Parts of `std` that reach outside.
const STD_OUTSIDE: &[&str] = &["env", "fs", "net", "process", "thread"];

/// The place of a top-level module.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Place {
    layer: u8,
    group: usize,
}

/// Reads the map of `lib.rs`.
fn places(lib: &str) -> BTreeMap<String, Place> {
    let (mut layer, mut group) = (0, 0);
    let mut places = BTreeMap::new();
    for line in lib.lines().map(str::trim) {
        if line.is_empty() {
            group += 1;
        } else if let Some(number) = line.strip_prefix("// ").and_then(|rest| rest.split(" · ").next()) {
            layer = number.parse().unwrap_or(layer);
        } else if let Some(name) = line.strip_prefix("pub mod ").or(line.strip_prefix("mod ")) {
            places.insert(name.trim_end_matches(';').to_owned(), Place { layer, group });
        }
    }
    places
}

/// Words, `::` and single characters of a source without its comments, strings and characters.
fn tokens(source: &str) -> Vec<(usize, String)> {
    let chars: Vec<char> = source.chars().collect();
    let (mut found, mut i, mut line) = (Vec::new(), 0, 1);
    let at = |i: usize| chars.get(i).copied().unwrap_or('\0');
    while i < chars.len() {
        let start = i;
        match at(i) {
            '/' if at(i + 1) == '/' => {
                while i < chars.len() && at(i) != '\n' {
                    i += 1;
                }
            }
            '/' if at(i + 1) == '*' => {
                i += 2;
                while i < chars.len() && !(at(i) == '*' && at(i + 1) == '/') {
                    i += 1;
                }
                i += 2;
            }
            'r' if matches!(at(i + 1), '"' | '#') && raw_string_end(&chars, i).is_some() => {
                i = raw_string_end(&chars, i).unwrap_or(i + 1);
            }
            '"' => {
                i += 1;
                while i < chars.len() && at(i) != '"' {
                    i += if at(i) == '\\' { 2 } else { 1 }
                }
                i += 1;
            }
            '\'' if at(i + 1) == '\\' => {
                i += 3;
                while i < chars.len() && at(i) != '\'' {
                    i += 1;
                }
                i += 1;
            }
            '\'' if at(i + 2) == '\'' => i += 3,
            ':' if at(i + 1) == ':' => {
                found.push((line, "::".to_owned()));
                i += 2;
            }
            c if c.is_alphanumeric() || c == '_' => {
                while at(i).is_alphanumeric() || at(i) == '_' {
                    i += 1;
                }
                found.push((line, chars[start..i].iter().collect()));
            }
            c => {
                if !c.is_whitespace() {
                    found.push((line, c.to_string()));
                }
                i += 1;
            }
        }
        i = i.min(chars.len());
        line += chars[start..i].iter().filter(|c| **c == '\n').count();
    }
    found
}

fn raw_string_end(chars: &[char], start: usize) -> Option<usize> {
    let hashes = chars[start + 1..].iter().take_while(|c| **c == '#').count();
    let open = start + 1 + hashes;
    (chars.get(open) == Some(&'"')).then(|| {
        let close = |i: &usize| chars[*i] == '"' && (1..=hashes).all(|k| chars.get(i + k) == Some(&'#'));
        (open + 1..chars.len()).find(close).map_or(chars.len(), |i| i + 1 + hashes)
    })
}

/// The first names after a path's start: one, or each of a `{…}` list.
fn first_names(tokens: &[(usize, String)], mut i: usize) -> Vec<String> {
    if tokens.get(i).is_none_or(|(_, token)| token != "{") {
        return tokens.get(i).map(|(_, token)| token.clone()).into_iter().collect();
    }
    let (mut depth, mut expected, mut names) = (0, true, Vec::new());
    while let Some((_, token)) = tokens.get(i) {
        match token.as_str() {
            "{" => depth += 1,
            "}" => depth -= 1,
            "," if depth == 1 => expected = true,
            name if depth == 1 && expected => {
                names.push(name.to_owned());
                expected = false;
            }
            _ => {}
        }
        if depth == 0 {
            break;
        }
        i += 1;
    }
    names
}

/// The faults of one file; `module` is its path, `["persona", "load"]`.
fn faults(module: &[&str], source: &str, places: &BTreeMap<String, Place>) -> Vec<String> {
    let Some(here) = places.get(module[0]) else { return vec![format!("{} is not in lib.rs", module[0])] };
    let tokens = tokens(source);
    let text = |i: usize| tokens.get(i).map_or("", |(_, token)| token.as_str());
    let mut faults = Vec::new();
    // Inline modules open: at which depth of braces each began. They add a step for `super`.
    let (mut depth, mut inline) = (0, Vec::new());
    for (i, (line, token)) in tokens.iter().enumerate() {
        match token.as_str() {
            "{" => {
                depth += 1;
                if i >= 2 && text(i - 2) == "mod" {
                    inline.push(depth);
                }
            }
            "}" => {
                if inline.last() == Some(&depth) {
                    inline.pop();
                }
                depth -= 1;
            }
            "crate" | "super" if text(i + 1) == "::" && (i == 0 || text(i - 1) != "::") => {
                let mut next = i;
                let mut steps = module.len() + inline.len();
                while text(next) == "super" && text(next + 1) == "::" {
                    steps = steps.saturating_sub(1);
                    next += 2;
                }
                if token == "crate" {
                    (steps, next) = (0, i + 2);
                }
                if steps > 0 {
                    continue;
                }
                for name in first_names(&tokens, next) {
                    let Some(there) = places.get(&name) else { continue };
                    if name != module[0] && there.group >= here.group {
                        faults.push(format!("line {line}: {} uses {name}, which is not above it", module[0]));
                    }
                }
            }
            "std" if here.layer <= 3 && text(i + 1) == "::" => {
                for name in first_names(&tokens, i + 2).iter().filter(|name| STD_OUTSIDE.contains(&name.as_str())) {
                    faults.push(format!("line {line}: std::{name} in layer {}", here.layer));
                }
            }
            word if here.layer <= 3 && OUTSIDE.contains(&word) => {
                faults.push(format!("line {line}: {word} in layer {}", here.layer));
            }
            "sqlx" if module[0] != "store" => faults.push(format!("line {line}: sqlx outside store")),
            _ => {}
        }
    }
    faults
}

fn rust_files(folder: &Path) -> Vec<PathBuf> {
    let mut files = Vec::new();
    for entry in fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()) {
        if entry.is_dir() {
            files.extend(rust_files(&entry));
        } else if entry.extension().is_some_and(|extension| extension == "rs") {
            files.push(entry);
        }
    }
    files
}

#[test]
fn every_module_uses_only_what_stands_above_it() {
    let src = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let places = places(&fs::read_to_string(src.join("lib.rs")).unwrap());
    assert!(places.len() >= 10, "lib.rs is read: {places:?}");
    let mut found = Vec::new();
    for file in rust_files(&src) {
        let inner = file.strip_prefix(&src).unwrap().with_extension("");
        let mut module: Vec<&str> = inner.iter().map(|part| part.to_str().unwrap()).collect();
        if module.last() == Some(&"mod") {
            module.pop();
        }
        if matches!(module[..], ["lib" | "main"]) {
            continue;
        }
        let faults = faults(&module, &fs::read_to_string(&file).unwrap(), &places);
        found.extend(faults.into_iter().map(|fault| format!("src/{}.rs {fault}", inner.display())));
    }
    assert!(found.is_empty(), "{}", found.join("\n"));
}

#[test]
fn the_architecture_page_places_every_module_in_its_layer() {
    let src = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let page = include_str!("../docs/architecture.md");
    for (name, place) in places(&fs::read_to_string(src.join("lib.rs")).unwrap()) {
        let row = page.lines().find(|line| line.starts_with(&format!("| {} ", place.layer)));
        let modules = row.and_then(|row| row.split('|').nth(2)).unwrap_or_default();
        assert!(modules.contains(&format!("`{name}`")), "docs/architecture.md lacks {name} in layer {}", place.layer);
    }
}

const MAP: &str = "// 0 · words\npub mod act;\npub mod id;\n\n// 2 · a turn\npub mod hearing;\n\npub mod reply;\n\n// 4 · outside\npub mod store;\n";

fn check(module: &[&str], source: &str, expected: &[&str]) {
    assert_eq!(faults(module, source, &places(MAP)), expected, "{source}");
}

#[test]
fn the_map_is_read_from_lib_rs() {
    let places = places(MAP);
    assert_eq!(places["id"], Place { layer: 0, group: 0 });
    assert_eq!(places["hearing"], Place { layer: 2, group: 1 });
    assert_eq!(places["reply"], Place { layer: 2, group: 2 });
    assert_eq!(places["store"], Place { layer: 4, group: 3 });
}

#[test]
fn a_planted_violation_is_caught() {
    check(&["hearing"], "use crate::reply::Reply;", &["line 1: hearing uses reply, which is not above it"]);
    check(&["act"], "\nuse crate::id;", &["line 2: act uses id, which is not above it"]);
    check(
        &["hearing", "ears"],
        "use crate::{act::Act, reply::{a, b}, store};",
        &["line 1: hearing uses reply, which is not above it", "line 1: hearing uses store, which is not above it"],
    );
    check(
        &["hearing", "ears"],
        "fn f(x: &crate::store::Store) {}",
        &["line 1: hearing uses store, which is not above it"],
    );
    check(&["hearing", "ears"], "use super::super::reply;", &["line 1: hearing uses reply, which is not above it"]);
    check(&["hearing"], "mod t { use super::super::reply; }", &["line 1: hearing uses reply, which is not above it"]);
    check(&["hearing"], "use super::{act, store};", &["line 1: hearing uses store, which is not above it"]);
    check(
        &["hearing"],
        "const C: char = '\"'; use crate::store;",
        &["line 1: hearing uses store, which is not above it"],
    );
    check(&["reply"], "use std::{fmt, fs};", &["line 1: std::fs in layer 2"]);
    check(
        &["reply"],
        "use std::net::TcpStream;\nasync fn f() {}",
        &["line 1: std::net in layer 2", "line 2: async in layer 2"],
    );
    check(&["unknown"], "", &["unknown is not in lib.rs"]);
}

#[test]
fn what_stands_above_and_what_is_only_written_about_are_fine() {
    check(&["reply"], "use crate::{act::Act, hearing};\nuse super::hearing::Heard;", &[]);
    check(&["hearing", "ears"], "use super::reply;", &[]);
    check(&["hearing", "ears"], "mod tests { use super::super::reply; }", &[]);
    check(&["hearing"], "//! [`crate::store`]\n/* crate::store */ const A: &str = \"crate::store \\\" async\";", &[]);
    check(&["hearing"], "const A: &str = r#\"use crate::store; \" tokio\"#; const B: char = '\\u{27}';", &[]);
    check(&["store"], "use sqlx::Pool; async fn f<'a>(x: &'a str) { std::fs::read(x); }", &[]);
}
