//! Has the program built again when a file that it carries inside is added or removed.

fn main() {
    for folder in ["migrations", "personas", "rubrics", "web"] {
        println!("cargo::rerun-if-changed={folder}");
    }
}
