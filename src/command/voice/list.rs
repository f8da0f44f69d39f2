//! `comptoir voice list`.

use std::path::PathBuf;

use super::Told;
use super::models::{Folder, Speed, needs_voice, seconds, size, speeds};
use crate::speech::catalogue::{MODELS, Model, recommended};
use crate::speech::installed::{Found, choose, installed};
use crate::speech::model_file;

/// Arguments of `voice list`.
#[derive(Debug, clap::Args)]
pub(super) struct Arguments {
    #[command(flatten)]
    folder: Folder,
    /// Do not measure: the list comes at once, without speeds.
    #[arg(long)]
    quick: bool,
}

pub(super) async fn run(arguments: &Arguments) -> Result<(), Told> {
    needs_voice()?;
    let folder = &arguments.folder.models;
    let there = installed(folder);
    let whole = |model: &Model| {
        let found = there.iter().find(|found| found.model.is_some_and(|known| known.name == model.name))?;
        model_file::inspect(&found.path).is_ok().then(|| found.path.clone())
    };
    let models: Vec<(&'static Model, Option<PathBuf>)> = MODELS.iter().map(|model| (model, whole(model))).collect();
    let speeds = if arguments.quick { vec![None; models.len()] } else { speeds(&models).await };
    let pace = |model: &Model| {
        let speed = MODELS.iter().position(|known| known.name == model.name).and_then(|n| speeds[n]);
        speed.map_or(f64::INFINITY, |speed| speed.seconds)
    };
    let advised = (!arguments.quick).then(|| recommended(pace).name);
    let used = choose(folder, None).ok().map(|found| found.path);
    println!("Modèles de reconnaissance vocale (dossier « {} »)\n", folder.display());
    for ((model, path), speed) in models.iter().zip(&speeds) {
        let is_used = path.is_some() && *path == used;
        let broken = path.is_none() && there.iter().any(|found| found.model == Some(model));
        println!("{}", row(model, state(path.is_some(), is_used, broken), *speed, advised == Some(model.name)));
        println!("    {}", model.good_for);
    }
    for Found { path, .. } in there.iter().filter(|found| found.model.is_none()) {
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        let is_whole = model_file::inspect(path).is_ok();
        println!("{name:<36} {}", state(is_whole, used.as_ref() == Some(path), !is_whole));
        println!("    Fichier ajouté par vos soins.");
    }
    println!("\nPour en installer un : comptoir voice install --model NOM");
    if !arguments.quick {
        println!(
            "Vitesse : temps de calcul pour 5 secondes de parole sur cette machine. « Estimée » : d'après une partie du \
             modèle, sans le télécharger."
        );
    }
    Ok(())
}

fn state(whole: bool, used: bool, broken: bool) -> &'static str {
    match (whole, used, broken) {
        (_, true, _) => "utilisé",
        (true, ..) => "installé",
        (.., true) => "incomplet",
        _ => "",
    }
}

fn row(model: &Model, state: &str, speed: Option<Speed>, advised: bool) -> String {
    let speed = speed.map_or_else(String::new, |speed| {
        let how = if speed.measured { "mesurée" } else { "estimée" };
        format!("{:>7} ({how})", seconds(speed.seconds * 5.0))
    });
    let advice = if advised { "← conseillé ici" } else { "" };
    let row = format!("{:<36} {:>7}  {state:<9} {speed:<17} {advice}", model.name, size(model.bytes));
    row.trim_end().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::speech::catalogue::named;

    #[test]
    fn a_row_tells_size_state_speed_and_advice() {
        let small = named("small").unwrap();
        let speed = |measured| Some(Speed { seconds: 0.2, measured });
        assert_eq!(
            row(small, "utilisé", speed(true), true),
            "small                                 488 Mo  utilisé     1,0 s (mesurée) ← conseillé ici"
        );
        assert_eq!(
            row(small, "", speed(false), false),
            "small                                 488 Mo              1,0 s (estimée)"
        );
        assert_eq!(row(small, "incomplet", None, false), "small                                 488 Mo  incomplet");
        assert_eq!(state(true, false, false), "installé");
    }
}
