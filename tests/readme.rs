//! The README names every command and every setting, with its default.

use std::process::Command;

fn help(arguments: &[&str]) -> String {
    let output = Command::new(env!("CARGO_BIN_EXE_comptoir")).args(arguments).arg("--help").output().unwrap();
    String::from_utf8(output.stdout).unwrap()
}

/// The README's lines that are rows of a table.
fn rows() -> Vec<&'static str> {
    include_str!("../README.md").lines().filter(|line| line.starts_with('|')).collect()
}

#[test]
fn every_command_has_its_row() {
    let help = help(&[]);
    let commands: Vec<&str> = help
        .lines()
        .skip_while(|line| *line != "Commands:")
        .skip(1)
        .take_while(|line| !line.is_empty())
        .filter_map(|line| line.split_whitespace().next())
        .filter(|name| *name != "help")
        .collect();
    assert!(commands.contains(&"check"), "the help is read: {commands:?}");
    for name in commands {
        let row = format!("| `comptoir {name}");
        assert!(rows().iter().any(|line| line.starts_with(&row)), "README.md lacks a row for `comptoir {name}`");
    }
}

#[test]
fn every_setting_has_its_row_with_flag_and_default() {
    let help = help(&["serve"]);
    let (mut flag, mut variable, mut seen) = ("", "", 0);
    for line in help.lines().map(str::trim) {
        if let Some(rest) = line.strip_prefix("--") {
            flag = rest.split_whitespace().next().unwrap_or_default();
        } else if let Some(rest) = line.strip_prefix("[env: ") {
            variable = rest.split(['=', ']']).next().unwrap_or_default();
            let row = format!("| `{variable}` | `--{flag}` |");
            assert!(
                rows().iter().any(|line| line.starts_with(&row)),
                "README.md lacks a row for {variable} (--{flag})"
            );
            seen += 1;
        } else if let Some(rest) = line.strip_prefix("[default: ") {
            let row = format!("| `{variable}` | `--{flag}` | `{}` |", rest.trim_end_matches(']'));
            assert!(rows().iter().any(|line| line.starts_with(&row)), "README.md gives another default: {row}");
        }
    }
    assert!(seen >= 5, "the help is read: {help}");
}
