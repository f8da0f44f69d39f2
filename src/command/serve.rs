//! `comptoir serve`: the service.

use std::io;
use std::net::SocketAddr;
use std::process::ExitCode;
use std::sync::Arc;
use std::time::Duration;

use clap::Args;
use tokio::net::TcpListener;

use crate::chain::Chain;
use crate::clock::SystemClock;
use crate::config::{BadModel, Config, Correction, Judge, NoVoice, Player, Recogniser, Recognition, SpeakingError};
use crate::content::ContentError;
use crate::entropy::SystemEntropy;
use crate::library::Library;
use crate::metrics::Metrics;
use crate::model::Model;
use crate::outgoing::{self, Place};
use crate::server::{Comptoir, Models, Parts, PublicUrl, Retention, Settings, Speech};
use crate::store::{Store, StoreError};
use crate::{conversation, lifecycle, telemetry};

/// Arguments of `serve`.
#[derive(Debug, Args)]
pub(super) struct Arguments {
    #[command(flatten)]
    config: Config,
}

/// Why the service cannot open.
#[derive(Debug, thiserror::Error)]
enum StartError {
    #[error("listen on {0}")]
    Listen(SocketAddr, #[source] io::Error),
    #[error("open the store")]
    Store(#[from] StoreError),
    #[error("read the content")]
    Content(#[from] ContentError),
    #[error("read the settings")]
    Speaking(#[from] SpeakingError),
    #[error("read the settings")]
    Model(#[from] BadModel),
    #[error("serve")]
    Serve(#[source] io::Error),
}

/// How long a model may take to hear what the rules did not: it is waited for before the first words.
const HEARS_WITHIN: Duration = Duration::from_millis(600);

/// Serves until asked to stop.
pub(super) fn run(arguments: &Arguments) -> anyhow::Result<ExitCode> {
    let config = &arguments.config;
    telemetry::start(&config.log);
    let runtime = tokio::runtime::Runtime::new()?;
    match runtime.block_on(serve(config)) {
        Ok(()) => Ok(ExitCode::SUCCESS),
        Err(error) => {
            tracing::debug!(error = %Chain(&error), "not opened");
            let (code, message) = told(&error);
            eprintln!("comptoir : {message} (code : {code})");
            Ok(ExitCode::from(2))
        }
    }
}

async fn serve(config: &Config) -> Result<(), StartError> {
    let address = config.listen.listen;
    let voices = config.voice.speaking.voices()?;
    let (uses, told) = tokio::sync::mpsc::unbounded_channel();
    let budget = config.model.budget(Arc::new(SystemClock));
    let player = config.model.player(&budget, &uses)?;
    let judge = config.model.judge(&budget, &uses)?;
    // The port first: a service that is already running keeps its database to itself.
    let listener = TcpListener::bind(address).await.map_err(|error| StartError::Listen(address, error))?;
    let address = listener.local_addr().map_err(|error| StartError::Listen(address, error))?;
    let store = Store::open(config.storage.address()).await?;
    let folder = &config.folder.folder;
    let recogniser = recogniser(&config.voice.recognition).await;
    let comptoir = Comptoir::new(Parts {
        store,
        library: Arc::new(Library::open(folder)?),
        clock: Arc::new(SystemClock),
        entropy: Arc::new(SystemEntropy),
        manners: config.characters.manners(),
        speech: Speech {
            transcriber: recogniser.as_ref().map(|known| known.transcriber.clone()).map_err(Clone::clone),
            voices,
            correct_before: config.voice.correction == Correction::Before,
            transcribed_elsewhere: config.voice.recognition.service().is_some(),
        },
        models: Models {
            play: player.as_ref().map(|player| player.model.clone()),
            judge: judge.as_ref().map(|judge| judge.model.clone()),
            currency: config.model.currency().to_owned(),
            uses: Some(told),
        },
        metrics: Metrics::new(),
        player: player.as_ref().map(|player| conversation::Player {
            model: player.model.clone(),
            patience: player.patience,
            hear: player.hears.then_some(HEARS_WITHIN),
        }),
        judge: judge.clone(),
        settings: Settings {
            public_url: config.listen.public_url.clone(),
            folder: Some(folder.clone()),
            recordings: Retention { on: config.voice.kept_days().is_some(), days: config.voice.recording_days() },
            shows_figures: config.listen.shows_figures(),
            guests: config.listen.takes_guests(),
            trusted_proxies: config.listen.trusted_proxy.clone(),
        },
    });
    let stop = lifecycle::asked_to_stop();
    println!("Comptoir est ouvert : http://{address} (Ctrl-C pour fermer)");
    if let Some(path) = comptoir.first_link().await? {
        let public = config.listen.public_url.as_ref().map_or_else(|| format!("http://{address}"), ToString::to_string);
        println!(
            "Premier compte (formateur et administrateur), à créer par ce lien dans les sept jours : {public}{path}"
        );
    }
    if let Ok(Recogniser { name, .. }) = &recogniser {
        println!("La voix est reconnue par {name}.");
    }
    tell_models(player.as_ref(), judge.as_ref());
    if !address.ip().is_loopback() && !config.listen.public_url.as_ref().is_some_and(PublicUrl::is_secure) {
        eprintln!(
            "comptoir : le service est ouvert à tout le réseau, sans chiffrement. Placez-le derrière un serveur TLS et \
             indiquez son adresse : « --public-url https://… »."
        );
    }
    lifecycle::run(listener, comptoir, stop).await.map_err(StartError::Serve)?;
    println!("Comptoir est fermé. Tous les échanges sont enregistrés.");
    Ok(())
}

/// Which models play and judge, and where what is said goes.
fn tell_models(player: Option<&Player>, judge: Option<&Judge>) {
    let host = |model: &Model| model.endpoint().address.host_str().unwrap_or_default().to_owned();
    if let Some(Player { model, .. }) = player {
        println!("Les personnages sont joués par le modèle {} ({}).", model.name(), host(model));
    }
    if let Some(Judge { model, .. }) = judge {
        println!("Les échanges sont notés par le modèle {} ({}), à côté des règles.", model.name(), host(model));
    }
    let models = player.map(|player| &player.model).into_iter().chain(judge.map(|judge| &judge.model));
    let far = models.filter(|model| outgoing::place(&model.endpoint().address) == Place::Far);
    let mut hosts: Vec<String> = far.map(host).collect();
    hosts.dedup();
    if !hosts.is_empty() {
        eprintln!(
            "comptoir : ce qui est dit dans les échanges est envoyé à {}, hors de votre réseau. Informez-en les \
             stagiaires, ou indiquez un modèle installé chez vous (COMPTOIR_MODEL_URL).",
            hosts.join(" et à ")
        );
    }
}

/// What recognises speech. Without it everything else works: what is missing is told, and how to get it.
async fn recogniser(recognition: &Recognition) -> Result<Recogniser, String> {
    let recognition = recognition.clone();
    let made = tokio::task::spawn_blocking(move || recognition.recogniser()).await;
    let made = made.unwrap_or_else(|error| {
        tracing::error!(%error, "the speech model was not read");
        Err(NoVoice::Unread)
    });
    made.map_err(|why| {
        eprintln!("comptoir : les échanges se font par écrit : {why}.");
        why.to_string()
    })
}

/// A stable code, and what is wrong and what to do, in French.
fn told(error: &StartError) -> (&'static str, String) {
    match error {
        StartError::Listen(address, error) => not_listening(*address, error),
        StartError::Store(error) => not_stored(error),
        StartError::Content(ContentError::NoDirectory(faults)) => (
            "content_broken",
            format!(
                "l'annuaire des services (personas/bailleur.toml) ne peut pas être lu : {} erreur(s). \
                 Voyez-les avec « comptoir check ».",
                faults.len()
            ),
        ),
        StartError::Speaking(error) => ("bad_setting", format!("{error}.")),
        StartError::Model(error) => ("bad_setting", format!("{error}.")),
        StartError::Serve(error) => ("internal", format!("le service s'est arrêté : {error}.")),
    }
}

fn not_listening(address: SocketAddr, error: &io::Error) -> (&'static str, String) {
    let (port, other) = (address.port(), SocketAddr::new(address.ip(), address.port().wrapping_add(1).max(1024)));
    match error.kind() {
        io::ErrorKind::AddrInUse => (
            "port_in_use",
            format!(
                "le port {port} est déjà utilisé sur {}. Fermez l'autre programme, ou choisissez un autre port : \
                 « comptoir serve --listen {other} », ou la variable COMPTOIR_LISTEN={other}.",
                address.ip()
            ),
        ),
        io::ErrorKind::PermissionDenied => (
            "port_denied",
            format!(
                "le port {port} est réservé au système. Choisissez-en un plus grand que 1023 : \
                 « comptoir serve --listen {other} »."
            ),
        ),
        _ => (
            "address_unavailable",
            format!("l'adresse {address} ne peut pas être ouverte ({error}). Vérifiez --listen ou COMPTOIR_LISTEN."),
        ),
    }
}

fn not_stored(error: &StoreError) -> (&'static str, String) {
    match error {
        StoreError::Full(_) => (
            "store_full",
            "il n'y a plus de place sur le disque de la base de données. Libérez-en, puis relancez.".to_owned(),
        ),
        StoreError::Busy(_) | StoreError::Conflict => (
            "store_busy",
            "la base de données est verrouillée par un autre programme. Fermez-le, puis relancez.".to_owned(),
        ),
        StoreError::Corrupt(_) => (
            "store_corrupt",
            "la base de données est abîmée, ou ce fichier n'en est pas une. Rien n'y a été changé : remettez une \
             sauvegarde, ou indiquez un autre fichier avec DATABASE_URL=sqlite:<fichier>."
                .to_owned(),
        ),
        StoreError::Unreachable(_) => (
            "store_unreachable",
            "la base de données ne peut pas être ouverte. Vérifiez son adresse (DATABASE_URL), ses droits et que son \
             dossier existe."
                .to_owned(),
        ),
        StoreError::Address(address) => (
            "store_address",
            format!(
                "l'adresse de base de données « {address} » n'est pas comprise : sqlite:<fichier> ou postgres://… "
            ),
        ),
        StoreError::Migration(_) | StoreError::Unreadable { .. } => (
            "store_version",
            "la base de données vient d'une autre version de Comptoir. Relancez avec cette version, ou indiquez un \
             autre fichier avec DATABASE_URL=sqlite:<fichier>."
                .to_owned(),
        ),
        StoreError::Query(_) => ("internal", format!("la base de données a refusé une demande : {}.", Chain(error))),
    }
}
