//! `comptoir check` as a trainer runs it.

use std::fs;
use std::path::Path;
use std::process::{Command, Output};

fn check(folder: &Path, arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_comptoir")).arg("check").args(arguments).current_dir(folder).output().unwrap()
}

fn text(output: &Output) -> String {
    String::from_utf8(output.stdout.clone()).unwrap()
}

/// A folder with a copy of what is shipped.
fn workshop() -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    for name in ["personas", "rubrics", "rubrics/livrets"] {
        let from = Path::new(env!("CARGO_MANIFEST_DIR")).join(name);
        fs::create_dir(folder.path().join(name)).unwrap();
        let files = fs::read_dir(from).unwrap().map(|entry| entry.unwrap());
        for entry in files.filter(|entry| entry.path().is_file()) {
            fs::copy(entry.path(), folder.path().join(name).join(entry.file_name())).unwrap();
        }
    }
    folder
}

#[test]
fn sound_files_pass_and_the_program_says_what_it_checked() {
    let output = check(workshop().path(), &[]);
    assert_eq!((output.status.code(), text(&output).starts_with("Aucune faute : 12 situations")), (Some(0), true));
    // Away from any content, the program checks what it carries.
    let output = check(tempfile::tempdir().unwrap().path(), &[]);
    assert_eq!((output.status.code(), text(&output).starts_with("Aucune faute : 12 situations")), (Some(0), true));
}

#[test]
fn every_fault_of_every_file_is_printed_with_its_place_and_its_fix() {
    let folder = workshop();
    let spoil = |name: &str, from: &str, to: &str| {
        let path = folder.path().join(name);
        let sound = fs::read_to_string(&path).unwrap();
        assert!(sound.contains(from), "{name} holds {from}");
        fs::write(path, sound.replacen(from, to, 1)).unwrap();
    };
    spoil("personas/fuite-colere.toml", "difficulty = 2", "difficulty = 9");
    spoil("personas/fuite-colere.toml", "\"responsable\"", "\"responsabel\"");
    spoil("personas/odeur-gaz.toml", "[lines]", "[lines");
    let output = check(folder.path(), &[]);
    assert_eq!(output.status.code(), Some(1));
    let printed = text(&output);
    for expected in [
        "personas/fuite-colere.toml:",
        "difficulty: 9 est hors limites",
        "difficulty = 9\n",
        "correction : écrivez un nombre de 1 à 3",
        "« responsabel » n'est pas un service de l'annuaire",
        "correction : écrivez peut-être « responsable »",
        "personas/odeur-gaz.toml:",
        "3 fautes dans 2 fichiers",
    ] {
        assert!(printed.contains(expected), "{expected}\n---\n{printed}");
    }

    let output = check(folder.path(), &["--format", "json", "personas/fuite-colere.toml"]);
    let report: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(output.status.code(), Some(1));
    assert_eq!(report["checked"], 1);
    assert_eq!(report["faults"].as_array().unwrap().len(), 2);
    assert_eq!(report["faults"][0]["field"], "difficulty");
}

#[test]
fn one_file_is_checked_against_the_directory_beside_it() {
    let folder = workshop();
    let path = folder.path().join("personas/bailleur.toml");
    let directory = fs::read_to_string(&path).unwrap().replace("id = \"technique\"", "id = \"travaux\"");
    fs::write(path, directory).unwrap();
    let output = check(folder.path(), &["personas/fuite-colere.toml"]);
    assert!(text(&output).contains("« technique » n'est pas un service"), "{}", text(&output));
}

#[test]
fn a_path_that_is_not_there_is_a_fault() {
    let output = check(workshop().path(), &["personas/absente.toml"]);
    assert_eq!(output.status.code(), Some(1));
    assert!(text(&output).starts_with("personas/absente.toml:1:1: fichier introuvable"), "{}", text(&output));
}
