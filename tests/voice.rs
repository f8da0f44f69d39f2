//! `comptoir voice`, as it is typed.

use std::path::{Path, PathBuf};
use std::process::{Command, Output};

/// A file of the tests.
fn data(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data/voice").join(name)
}

fn voice(folder: &Path, arguments: &[&str]) -> (Option<i32>, String, String) {
    let output = Command::new(env!("CARGO_BIN_EXE_comptoir")).arg("voice").args(arguments).current_dir(folder).output();
    let Output { status, stdout, stderr } = output.unwrap();
    (status.code(), String::from_utf8(stdout).unwrap(), String::from_utf8(stderr).unwrap())
}

/// It cannot be done, and says this on stderr.
fn check_refused(folder: &Path, arguments: &[&str], expect: &str) {
    let (code, stdout, stderr) = voice(folder, arguments);
    assert_eq!(code, Some(2), "{arguments:?}: {stdout}{stderr}");
    let told = stderr.lines().find(|line| line.starts_with("comptoir : ")).unwrap_or_default();
    assert!(told.contains(expect), "{arguments:?}: {stderr}");
}

#[cfg(feature = "voice")]
mod with_whisper {
    use std::io::{Read, Write};
    use std::net::TcpListener;

    use super::*;

    #[test]
    fn a_file_is_transcribed_and_its_times_are_told() {
        let folder = tempfile::tempdir().unwrap();
        std::fs::create_dir(folder.path().join("models")).unwrap();
        std::fs::copy(data("whisper-test-fr.bin"), folder.path().join("models/ggml-own.bin")).unwrap();
        let wav = data("bonjour-agence.wav");
        let wav = wav.to_str().unwrap();
        let (code, stdout, stderr) = voice(folder.path(), &["test", wav]);
        assert_eq!(code, Some(0), "{stderr}");
        assert!(stdout.contains("Bonjour") && stdout.contains("ggml-own.bin : "), "{stdout}");
        assert!(stdout.contains("fois sa durée."), "{stdout}");
        let (_, by_file, _) = voice(folder.path(), &["test", wav, "--model", "ggml-own.bin", "--voice-threads", "1"]);
        assert!(by_file.contains("Bonjour"), "{by_file}");
        let silence = folder.path().join("silence.wav");
        std::fs::write(&silence, comptoir::speech::pcm::write_wav(&vec![0; 32_000])).unwrap();
        let (code, stdout, _) = voice(folder.path(), &["test", "silence.wav"]);
        assert!(code == Some(0) && stdout.contains("Aucune parole"), "{stdout}");
    }

    #[test]
    fn whatever_is_missing_is_told_with_what_to_do() {
        let folder = tempfile::tempdir().unwrap();
        let wav = data("d-accord.wav");
        let wav = wav.to_str().unwrap();
        check_refused(folder.path(), &["test", wav], "comptoir voice install");
        check_refused(folder.path(), &["test", wav, "--model", "small"], "--model small");
        check_refused(folder.path(), &["test", wav, "--model", "huge"], "comptoir voice list");
        check_refused(folder.path(), &["test", "nothing.wav"], "nothing.wav");
        std::fs::write(folder.path().join("text.wav"), "bonjour").unwrap();
        check_refused(folder.path(), &["test", "text.wav"], "n'est pas un fichier WAV");
        let model = std::fs::read(data("whisper-test-fr.bin")).unwrap();
        std::fs::create_dir(folder.path().join("models")).unwrap();
        std::fs::write(folder.path().join("models/ggml-small.bin"), &model[..1_000_000]).unwrap();
        check_refused(folder.path(), &["test", wav], "incomplet (coupé à 1000000 octets)");
        check_refused(folder.path(), &["install", "--model", "huge"], "large-v3-french-distil-dec16-q5_0, ");
        check_refused(folder.path(), &["install", "--url", "http://models.example/a.bin"], "--sha256");
        check_refused(folder.path(), &["install", "--url", "https://models.example/"], "--model");
        check_refused(folder.path(), &["install", "--url", "file:///etc/a.bin"], "https://");
    }

    /// Answers every request with this, on this machine.
    fn server(status: &'static str, body: Vec<u8>) -> String {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap();
        std::thread::spawn(move || {
            for stream in listener.incoming() {
                let mut stream = stream.unwrap();
                let mut request = [0; 4096];
                let _ = stream.read(&mut request);
                let head = format!("HTTP/1.1 {status}\r\ncontent-length: {}\r\nconnection: close\r\n\r\n", body.len());
                let _ = stream.write_all(head.as_bytes()).and_then(|()| stream.write_all(&body));
            }
        });
        format!("http://{address}/own.bin")
    }

    #[test]
    fn a_model_from_an_address_is_installed_verified_and_used() {
        let folder = tempfile::tempdir().unwrap();
        let url = server("200 OK", std::fs::read(data("whisper-test-fr.bin")).unwrap());
        let sum = comptoir::speech::Sha256::of_file(&data("whisper-test-fr.bin")).unwrap().to_string();
        let (code, stdout, stderr) = voice(folder.path(), &["install", "--url", &url, "--sha256", &sum]);
        assert_eq!(code, Some(0), "{stderr}");
        assert!(stdout.contains("Modèle installé : models/own.bin") && stdout.contains(&sum), "{stdout}");
        assert!(stderr.contains("Téléchargement : 100 %"), "{stderr}");
        let (_, again, _) = voice(folder.path(), &["install", "--url", &url, "--sha256", &sum]);
        assert!(again.contains("déjà installé"), "{again}");
        let (_, listed, _) = voice(folder.path(), &["list", "--quick"]);
        assert!(listed.lines().any(|line| line.starts_with("own.bin") && line.ends_with("utilisé")), "{listed}");
        let other = "00".repeat(32);
        check_refused(folder.path(), &["install", "--url", &url, "--model", "b", "--sha256", &other], "supprimé");
        let gone = server("404 Not Found", Vec::new());
        check_refused(folder.path(), &["install", "--url", &gone, "--model", "c"], "n'a pas ce fichier");
        assert!(!folder.path().join("models/b.bin").exists());
    }

    #[test]
    fn a_service_transcribes_instead_of_a_model_where_one_is_set() {
        let folder = tempfile::tempdir().unwrap();
        let url = server("200 OK", r#"{"text": "Oui, bien sûr."}"#.into());
        let url = url.trim_end_matches("/own.bin");
        let wav = data("oui-bien-sur.wav");
        let arguments = ["test", wav.to_str().unwrap(), "--transcribe-url", url, "--transcribe-key", "sk-secret"];
        let (code, stdout, stderr) = voice(folder.path(), &arguments);
        assert!(code == Some(0) && stdout.contains("Oui, bien sûr."), "{stdout}{stderr}");
        assert!(!stdout.contains("sk-secret") && stdout.contains("whisper-1 (127.0.0.1)"), "{stdout}");
    }

    #[test]
    fn the_list_names_every_model_with_its_speed_and_advises_one() {
        let folder = tempfile::tempdir().unwrap();
        let (code, stdout, stderr) = voice(folder.path(), &["list"]);
        assert_eq!(code, Some(0), "{stderr}");
        for model in comptoir::speech::catalogue::MODELS {
            let row = stdout.lines().find(|line| line.split_whitespace().next() == Some(model.name));
            let row = row.unwrap_or_else(|| panic!("no {} in {stdout}", model.name));
            assert!(row.contains("(estimée)"), "{row}");
            assert!(stdout.contains(model.good_for), "{}", model.name);
        }
        assert_eq!(stdout.matches("conseillé ici").count(), 1, "{stdout}");
    }
}

#[cfg(not(feature = "voice"))]
#[test]
fn without_recognition_the_command_says_so_and_a_service_is_still_named() {
    let folder = tempfile::tempdir().unwrap();
    let wav = data("d-accord.wav");
    for arguments in [&["list"][..], &["install"], &["test", wav.to_str().unwrap()]] {
        check_refused(folder.path(), arguments, "sans la reconnaissance vocale locale");
        check_refused(folder.path(), arguments, "COMPTOIR_TRANSCRIBE_URL");
    }
}
