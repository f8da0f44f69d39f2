//! Which drawing stands for which persona.

/// The personas drawn in `web/portraits`.
const DRAWN: [&str; 12] = [
    "charges-incomprises",
    "demandeuse-detresse",
    "fuite-colere",
    "impaye-honte",
    "menaces-comptoir",
    "numerique-demande",
    "odeur-gaz",
    "panne-chauffage",
    "reparation-locative",
    "rgpd-soeur",
    "violences-mutation",
    "voisin-bruit",
];

/// The address of the drawing of a persona: its own, or the silhouette that stands for everybody else.
/// Each file holds two symbols, `#calm` and `#tense`.
pub fn portrait(persona: &str) -> String {
    let name = if DRAWN.contains(&persona) { persona } else { "silhouette" };
    format!("{}/portraits/{name}.svg", super::paths::ASSETS)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_drawing_named_is_there_with_its_two_moods() {
        let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("web/portraits");
        for name in DRAWN.iter().chain(["silhouette"].iter()) {
            let svg = std::fs::read_to_string(folder.join(format!("{name}.svg"))).unwrap();
            assert!(svg.contains("id=\"calm\"") && svg.contains("id=\"tense\""), "{name}.svg lacks a mood");
        }
    }

    #[test]
    fn a_persona_without_a_drawing_gets_the_silhouette() {
        assert_eq!(portrait("nouvelle-situation"), "/assets/portraits/silhouette.svg");
    }
}
