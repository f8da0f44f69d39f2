use super::*;
use crate::speech::voices::Voices;

const MAN: Timbre = Timbre { sex: Sex::M, age: 61 };

#[expect(clippy::unnecessary_wraps, reason = "as the command takes it")]
fn pair() -> Option<Pair> {
    Some(Pair { woman: "f2".into(), man: "m3".into() })
}

fn arguments(line: &str, delivery: Delivery) -> Vec<String> {
    let voice = CommandVoice::new(line, pair()).unwrap();
    voice.arguments.iter().map(|argument| voice.filled(argument, MAN, delivery)).collect()
}

#[test]
fn placeholders_are_filled_inside_words_that_were_cut_before() {
    let pressed = Delivery { rate: 116, pitch: 108 };
    let line = "espeak-ng -v fr+{voice} -s {wpm} -p {pitch} --stdin --stdout";
    assert_eq!(arguments(line, pressed), ["-v", "fr+m3", "-s", "191", "-p", "54", "--stdin", "--stdout"]);
    let line = "piper --model 'voix de {sex}.onnx' --length_scale {length} --x={rate}/{age}";
    assert_eq!(arguments(line, pressed), ["--model", "voix de man.onnx", "--length_scale", "0.86", "--x=1.16/61"]);
}

#[test]
fn a_command_line_that_cannot_be_used_is_refused_with_what_to_do() {
    fn check(line: &str, voices: Option<Pair>, expect: &str) {
        let error = CommandVoice::new(line, voices).unwrap_err().to_string();
        assert!(error.contains(expect), "{line}: {error}");
    }
    check("", None, "espeak-ng");
    check("  ", None, "espeak-ng");
    check("espeak-ng 'fr", None, "guillemets");
    check("espeak-ng {pace}", None, "{sex}, {age}, {voice}");
    check("espeak-ng -v fr+{voice}", None, "COMPTOIR_SPEAK_VOICES");
    assert!(CommandVoice::new("espeak-ng -v fr+{voice}", pair()).is_ok());
}

/// A shell script as the command, so that the tests need no program that speaks.
#[cfg(unix)]
fn script(text: &str) -> CommandVoice {
    let line = shlex::try_join(["sh", "-c", text, "sh"]).unwrap();
    CommandVoice::new(&line, None).unwrap()
}

#[cfg(unix)]
async fn said(voice: &CommandVoice, text: &str) -> Result<Sound, SayError> {
    Voices::Command(voice.clone()).say(text, MAN, Delivery::USUAL).await
}

#[cfg(unix)]
#[tokio::test]
async fn words_go_in_as_they_are_and_a_wav_comes_out() {
    let folder = tempfile::tempdir().unwrap();
    let (wav, words) = (folder.path().join("a.wav"), folder.path().join("words"));
    std::fs::write(&wav, super::sound::tests::sample(&[5, 6], u32::MAX)).unwrap();
    let voice = script(&format!("cat > {}; cat {}", words.display(), wav.display()));
    let sound = said(&voice, "Oui\n« $(touch x) » `y` 'z'").await.unwrap();
    assert_eq!(sound.media_type, "audio/wav");
    assert_eq!(std::fs::read_to_string(&words).unwrap(), "Oui « $(touch x) » `y` 'z'\n");
    // A program that does not read its input is no trouble either.
    let deaf = script(&format!("cat {}", wav.display()));
    assert!(said(&deaf, &"mot ".repeat(100_000)).await.is_ok());
}

#[cfg(unix)]
#[tokio::test]
async fn every_way_to_fail_has_its_error() {
    assert!(matches!(said(&script("exit 3"), "Oui.").await, Err(SayError::Command(status)) if status.contains('3')));
    assert_eq!(said(&script("echo bonjour"), "Oui.").await, Err(SayError::NotAudio));
    assert_eq!(said(&script("exec cat /dev/zero"), "Oui.").await, Err(SayError::TooLong));
    let none = CommandVoice::new("no-such-program-that-speaks --stdout", None).unwrap();
    assert!(
        matches!(said(&none, "Oui.").await, Err(SayError::NoCommand { program, .. }) if program.starts_with("no-such"))
    );
}

#[cfg(unix)]
#[tokio::test]
async fn a_command_that_hangs_is_ended_and_so_is_one_nobody_waits_for() {
    let folder = tempfile::tempdir().unwrap();
    let alive = |name: &str| {
        let pid = std::fs::read_to_string(folder.path().join(name)).unwrap();
        std::process::Command::new("kill").args(["-0", pid.trim()]).stderr(Stdio::null()).status().unwrap().success()
    };
    let hanging = |name: &str| script(&format!("echo $$ > {}; exec sleep 60", folder.path().join(name).display()));
    let late = CommandVoice { patience: Duration::from_millis(400), ..hanging("late") };
    assert_eq!(said(&late, "Oui.").await, Err(SayError::Late));
    let dropped = hanging("dropped");
    let waited = tokio::time::timeout(Duration::from_millis(400), said(&dropped, "Oui.")).await;
    assert!(waited.is_err());
    for name in ["late", "dropped"] {
        let mut tries = 0;
        while alive(name) {
            tries += 1;
            assert!(tries < 100, "{name} is still running");
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    }
}

#[cfg(unix)]
#[tokio::test]
async fn no_more_than_two_run_at_once() {
    let folder = tempfile::tempdir().unwrap();
    let count = folder.path().join("count");
    let path = count.display();
    // Each notes how many run beside it.
    let voice = script(&format!(
        "mkdir -p {path}.d; touch {path}.d/$$; ls {path}.d | wc -l >> {path}; sleep 0.1; rm {path}.d/$$; exit 1"
    ));
    futures_util::future::join_all((0..6).map(|_| said(&voice, "Oui."))).await;
    let most = std::fs::read_to_string(&count).unwrap().lines().map(|line| line.trim().parse().unwrap()).max();
    assert_eq!(most, Some(2_u32));
}

#[tokio::test]
async fn espeak_speaks_french_by_the_line_of_the_readme() {
    let line = include_str!("../../../README.md")
        .lines()
        .find_map(|line| line.trim().strip_prefix("COMPTOIR_SPEAK_COMMAND=").filter(|rest| rest.contains("espeak-ng")));
    let line = shlex::split(line.expect("the README shows how to use espeak-ng")).unwrap().concat();
    let voice = CommandVoice::new(&line, pair()).unwrap();
    let text = "Bonjour, je vous appelle pour la fuite.";
    let sound = match Voices::Command(voice).say(text, MAN, Delivery::USUAL).await {
        Err(SayError::NoCommand { .. }) => {
            std::io::Write::write_all(&mut std::io::stderr(), b"SKIPPED with espeak-ng: it is not installed\n")
                .unwrap();
            return;
        }
        sound => sound.unwrap(),
    };
    let reader = hound::WavReader::new(sound.bytes.as_ref()).unwrap();
    let seconds = f64::from(reader.duration()) / f64::from(reader.spec().sample_rate);
    assert!((1.0..6.0).contains(&seconds), "{seconds} s");
}
