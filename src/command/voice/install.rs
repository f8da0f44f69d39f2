//! `comptoir voice install`.

use std::io::IsTerminal as _;
use std::path::PathBuf;

use indicatif::ProgressBar;
use reqwest::Url;

use super::Told;
use super::models::{Folder, needs_voice, seconds, size, speeds, style};
use crate::chain::Chain;
use crate::config::broken;
use crate::speech::Sha256;
use crate::speech::catalogue::{MODELS, Model, candidates, named, recommended};
use crate::speech::install::{Attested, InstallError, Installed, Patience, Source, Step, install};

/// Arguments of `voice install`.
#[derive(Debug, clap::Args)]
pub(super) struct Arguments {
    /// Which model (`comptoir voice list`); without it, the best one that this machine can follow.
    #[arg(long, value_name = "NAME")]
    model: Option<String>,
    #[command(flatten)]
    folder: Folder,
    /// Download from this address instead: another model, or a mirror of a known one (with --model).
    #[arg(long, value_name = "URL")]
    url: Option<Url>,
    /// The SHA-256 that the file at --url must have.
    #[arg(long, value_name = "HEX", requires = "url")]
    sha256: Option<Sha256>,
}

pub(super) async fn run(arguments: &Arguments) -> Result<(), Told> {
    needs_voice()?;
    let source = source(arguments).await?;
    let folder = &arguments.folder.models;
    let length = source.bytes.map(|bytes| format!(" ({})", size(bytes))).unwrap_or_default();
    let host = source.url.host_str().unwrap_or_default();
    eprintln!("Téléchargement de {}{length} depuis {host}", source.file);
    let mut progress = Progress::new();
    let downloaded = tokio::select! {
        downloaded = install(&source, folder, Patience::USUAL, |step| progress.told(step)) => downloaded,
        _ = tokio::signal::ctrl_c() => {
            progress.bar.abandon();
            return Err(Told(
                "interrompu. Ce qui est arrivé est gardé : relancez la même commande, le téléchargement reprendra".into(),
            ));
        }
    };
    progress.bar.finish_and_clear();
    let Installed { path, sha256, attested, already } = downloaded.map_err(|error| Told(told(&error)))?;
    let done = if already { "Ce modèle était déjà installé" } else { "Modèle installé" };
    println!("{done} : {}", path.display());
    let vouched = match attested {
        Attested::Known => "conforme",
        Attested::Server => "conforme à ce que déclare le serveur",
        Attested::Nobody => "aucune référence à laquelle la comparer",
    };
    println!("SHA-256 : {sha256} ({vouched})");
    println!("Relancez « comptoir serve » pour l'utiliser, ou essayez-le : comptoir voice test FICHIER.wav");
    Ok(())
}

async fn source(arguments: &Arguments) -> Result<Source, Told> {
    let known = match &arguments.model {
        Some(name) => named(name),
        None => None,
    };
    match (&arguments.url, &arguments.model) {
        (Some(url), name) => {
            if !matches!(url.scheme(), "http" | "https") {
                return Err(Told("l'adresse d'un modèle commence par https://".to_owned()));
            }
            let last = url.path_segments().and_then(|mut segments| segments.next_back()).unwrap_or_default();
            let file = match (known, name) {
                (Some(model), _) => model.file.to_owned(),
                (None, Some(name)) => format!("{}.bin", name.trim_end_matches(".bin")),
                (None, None) => last.to_owned(),
            };
            let plain = !file.starts_with('.') && file.chars().all(|c| c.is_ascii_alphanumeric() || "._-".contains(c));
            if !plain || std::path::Path::new(&file).extension().is_none_or(|extension| extension != "bin") {
                return Err(Told(
                    "cette adresse ne finit pas par un fichier .bin : donnez un nom au modèle avec --model".to_owned(),
                ));
            }
            // A mirror of a known model must hold that model.
            let (bytes, sha256) = match known.filter(|_| arguments.sha256.is_none()) {
                Some(model) => (Some(model.bytes), of(model)?.sha256),
                None => (None, arguments.sha256),
            };
            Ok(Source { url: url.clone(), file, bytes, sha256 })
        }
        (None, Some(name)) => match known {
            Some(model) => of(model),
            None => Err(Told(format!(
                "le modèle « {name} » est inconnu. Sont connus : {}",
                MODELS.iter().map(|model| model.name).collect::<Vec<_>>().join(", ")
            ))),
        },
        (None, None) => of(advised().await),
    }
}

fn of(model: &Model) -> Result<Source, Told> {
    Source::try_from(model).map_err(|error| Told(error.to_string()))
}

/// The model this machine can follow best, and why.
async fn advised() -> &'static Model {
    let candidates: Vec<(&'static Model, Option<PathBuf>)> = candidates().map(|model| (model, None)).collect();
    let speeds = speeds(&candidates).await;
    let pace = |model: &Model| {
        let place = candidates.iter().position(|(candidate, _)| candidate.name == model.name);
        place.and_then(|n| speeds[n]).map_or(f64::INFINITY, |speed| speed.seconds)
    };
    let model = recommended(pace);
    let time = pace(model);
    eprintln!("Modèle conseillé pour cette machine : {} ({})", model.name, size(model.bytes));
    if time.is_finite() {
        eprintln!("    {} Environ {} de calcul pour 5 s de parole (estimation).", model.good_for, seconds(time * 5.0));
    } else {
        eprintln!("    La vitesse de cette machine n'a pas pu être mesurée : c'est le plus léger.");
    }
    if let Some((larger, _)) =
        candidates.first().filter(|(larger, _)| larger.name != model.name && pace(larger).is_finite())
    {
        let time = seconds(pace(larger) * 5.0);
        eprintln!("    {} demanderait environ {time} : trop long pour suivre une conversation.", larger.name);
    }
    model
}

/// The bar on a terminal; a line now and then elsewhere.
struct Progress {
    bar: ProgressBar,
    on_terminal: bool,
    /// Tenths of the file that were told, off a terminal.
    tenths: u64,
}

impl Progress {
    fn new() -> Progress {
        let bar = ProgressBar::no_length().with_style(style("{msg} {bytes}"));
        Progress { bar, on_terminal: std::io::stderr().is_terminal(), tenths: 0 }
    }

    fn told(&mut self, step: Step) {
        match step {
            Step::Rereading { at, of } => self.at("Relecture de ce qui est déjà là", at, Some(of)),
            Step::Downloading { at, of } => self.at("Téléchargement", at, of),
            Step::CutOff { again_in } => {
                let wait = again_in.as_secs().max(1);
                self.say(&format!("Pas de réponse : nouvel essai dans {wait} s"));
            }
            Step::Verifying => self.say("Vérification"),
        }
    }

    fn at(&mut self, what: &'static str, at: u64, of: Option<u64>) {
        if self.on_terminal {
            if let Some(of) = of.filter(|of| self.bar.length() != Some(*of)) {
                self.bar.set_length(of);
                self.bar.set_style(style("{msg} {bar:30} {bytes}/{total_bytes} ({bytes_per_sec}, reste {eta})"));
            }
            self.bar.set_message(what);
            self.bar.set_position(at);
            return;
        }
        let tenths = of.and_then(|of| (at * 10).checked_div(of)).unwrap_or(0);
        if tenths != self.tenths {
            self.tenths = tenths;
            eprintln!("{what} : {} %", tenths * 10);
        }
    }

    fn say(&self, text: &str) {
        if self.on_terminal { self.bar.println(text) } else { eprintln!("{text}") }
    }
}

/// What went wrong and what to do, in French.
fn told(error: &InstallError) -> String {
    match error {
        InstallError::Disk(_, cause) if cause.kind() == std::io::ErrorKind::StorageFull => {
            "il n'y a plus de place sur le disque. Libérez-en, puis relancez la même commande : le téléchargement reprendra"
                .to_owned()
        }
        InstallError::Disk(path, cause) => {
            format!("« {} » ne peut pas être écrit ({cause}). Choisissez un autre dossier avec --models", path.display())
        }
        InstallError::Busy => "ce modèle est déjà en cours de téléchargement. Attendez qu'il soit arrivé".to_owned(),
        InstallError::NoRoom { needed, free } => format!(
            "il manque de la place sur le disque : {} à télécharger, {} libres. Libérez-en, ou choisissez un modèle plus petit",
            size(*needed),
            size(*free)
        ),
        InstallError::NotReady(_) => "les appels sécurisés ne sont pas possibles sur cette machine : installez ses \
                                      certificats, par exemple le paquet ca-certificates"
            .to_owned(),
        InstallError::Unreachable { host, why } => format!(
            "{host} ne répond pas ({why}). Vérifiez la connexion à Internet ou la variable HTTPS_PROXY, puis relancez. Sans \
             Internet, copiez le fichier dans le dossier des modèles"
        ),
        InstallError::CutOff { at } => format!(
            "la ligne a été coupée plusieurs fois. {} sont gardés : relancez la même commande, le téléchargement reprendra",
            size(*at)
        ),
        InstallError::Status { host, status: status @ (404 | 410) } => format!(
            "{host} n'a pas ce fichier (réponse {status}). Il a pu être déplacé : choisissez un autre modèle, ou donnez son \
             adresse avec --url"
        ),
        InstallError::Status { host, status: status @ (401 | 403) } => {
            format!("{host} ne donne pas ce fichier (réponse {status}) : il demande un compte. Choisissez un autre modèle")
        }
        InstallError::Status { host, status } => {
            format!("{host} répond mal (réponse {status}). Réessayez plus tard : ce qui est arrivé est gardé")
        }
        InstallError::Unprotected => "une adresse http:// n'est pas protégée : prenez une adresse https://, ou donnez la \
                                      somme de contrôle du fichier avec --sha256"
            .to_owned(),
        InstallError::Size { expected, found } => format!(
            "le serveur propose un autre fichier que celui que Comptoir connaît ({found} octets au lieu de {expected}). Rien \
             n'a été gardé de lui. Si vous lui faites confiance, indiquez son adresse avec --url et sa somme avec --sha256"
        ),
        InstallError::Checksum { expected, found } => format!(
            "le fichier reçu n'est pas le bon : sa somme SHA-256 est {found}, au lieu de {expected}. Il a été supprimé : \
             relancez la commande, et si cela se répète, choisissez un autre modèle"
        ),
        InstallError::NotAModel(fault) => {
            tracing::debug!(error = %Chain(error), "not a model");
            format!("{} ; il n'a pas été gardé", broken("reçu".as_ref(), fault))
        }
    }
}
