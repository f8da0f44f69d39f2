//! What is computed of sound in the browser: rates, the telephone's line and its own sounds, where a sentence ends.

use comptoir::language::sentences;
use serde_json::{Value, json};

use crate::harness::{Browser, Service};

/// A page from which the modules can be asked for, where sound needs no gesture.
async fn page() -> Option<(Browser, Service)> {
    let browser = Browser::with(800, 600, &["--autoplay-policy=no-user-gesture-required"]).await?;
    let service = Service::start();
    browser.page.goto(&service.url("/about")).await.unwrap();
    Some((browser, service))
}

#[tokio::test]
async fn whatever_the_rate_of_a_microphone_speech_arrives_whole_and_nothing_folds_back() {
    let Some((browser, _service)) = page().await else { return };
    // Blocks of any length; the level of a sine in decibels, and how far the samples are from the same sine at 16 kHz.
    let results = browser
        .run(
            "const { Resampler } = await import('/assets/js/resample.js');
             const results = [];
             for (const rate of [8000, 16000, 44100, 48000, 96000]) {
               for (const hertz of [200, 1000, 3000, 6000, 8700, 12000, 20000]) {
                 if (hertz >= rate / 2) continue;
                 const resampler = new Resampler(rate, 16000);
                 const out = [];
                 for (let start = 0, length = 128; start < rate; start += length, length = (length * 7) % 1999 + 1) {
                   const block = Float32Array.from({ length }, (_, i) => Math.sin(2 * Math.PI * hertz * (start + i) / rate));
                   out.push(...resampler.push(block));
                 }
                 const heard = out.slice(4000, 12000);
                 const rms = Math.sqrt(heard.reduce((sum, x) => sum + x * x, 0) / heard.length);
                 const off = Math.max(...heard.map((x, i) => Math.abs(x - Math.sin(2 * Math.PI * hertz * (4000 + i) / 16000))));
                 results.push([rate, hertz, 20 * Math.log10(rms * Math.SQRT2 + 1e-9), off]);
               }
             }
             return results;",
        )
        .await;
    let results: Vec<(u32, u32, f64, f64)> = serde_json::from_value(results).unwrap();
    assert!(results.len() > 25, "{results:?}");
    for (rate, hertz, level, off) in results {
        if hertz < 8_000 {
            assert!(level.abs() < 0.1 && off < 0.01, "{hertz} Hz of {rate}: {level} dB, off by {off}");
        } else {
            assert!(level < -70.0, "{hertz} Hz of {rate} folds back at {level} dB");
        }
    }
    browser.close().await;
}

#[tokio::test]
async fn the_telephone_carries_a_call_s_band_and_little_else() {
    let Some((browser, _service)) = page().await else { return };
    // Noise through the line; power around each frequency before and after, in decibels.
    let gains = browser
        .run(
            "const { callLine } = await import('/assets/js/line.js');
             const rate = 48000, length = rate * 2;
             const context = new OfflineAudioContext(1, length, rate);
             const buffer = new AudioBuffer({ length, sampleRate: rate });
             const noise = buffer.getChannelData(0);
             let seed = 1;
             for (let i = 0; i < length; i += 1) {
               seed = (seed * 1103515245 + 12345) % 2147483648;
               noise[i] = (seed / 1073741824 - 1) * 0.02;
             }
             const source = new AudioBufferSourceNode(context, { buffer });
             source.connect(callLine(context, context.destination));
             source.start();
             const heard = (await context.startRendering()).getChannelData(0);
             const power = (samples, hertz) => {
               let sum = 0;
               for (let shift = -20; shift <= 20; shift += 2) {
                 let re = 0, im = 0;
                 for (let i = rate / 2; i < length; i += 1) {
                   const turn = 2 * Math.PI * (hertz + shift) * i / rate;
                   re += samples[i] * Math.cos(turn);
                   im += samples[i] * Math.sin(turn);
                 }
                 sum += re * re + im * im;
               }
               return 10 * Math.log10(sum);
             };
             return [80, 150, 500, 1000, 2000, 3000, 6800, 10000].map((hertz) => [hertz, power(heard, hertz) - power(noise, hertz)]);",
        )
        .await;
    let gains: Vec<(u32, f64)> = serde_json::from_value(gains).unwrap();
    let band = gains.iter().filter(|(hertz, _)| (500..=3_000).contains(hertz)).map(|(_, gain)| *gain);
    let (low, high) = band.fold((f64::MAX, f64::MIN), |(low, high), gain| (low.min(gain), high.max(gain)));
    assert!(high - low < 6.0, "the band is uneven: {gains:?}");
    for (hertz, gain) in gains.iter().filter(|(hertz, _)| !(300..=3_400).contains(hertz)) {
        assert!(low - gain > 15.0, "{hertz} Hz passes: {gains:?}");
    }
    browser.close().await;
}

#[tokio::test]
async fn the_telephone_rings_holds_and_hangs_up_until_it_is_told_to_be_quiet() {
    let Some((browser, _service)) = page().await else { return };
    let heard = browser
        .run(
            "const { Sound } = await import('/assets/js/sound.js');
             const { makeTones } = await import('/assets/js/tones.js');
             const { music } = await import('/assets/js/music.js');
             const sound = new Sound();
             const silent = makeTones(sound);
             silent.ring();
             const before = silent.sounding;
             await sound.unlock();
             const tones = makeTones(sound);
             const meter = new AnalyserNode(sound.context, { fftSize: 2048 });
             sound.out.connect(meter);
             const samples = new Float32Array(2048);
             const wait = (ms) => new Promise((done) => setTimeout(done, ms));
             // The loudest within a moment: a tone has its pauses.
             const level = async () => {
               let most = 0;
               for (let look = 0; look < 10; look += 1) {
                 await wait(40);
                 meter.getFloatTimeDomainData(samples);
                 most = Math.max(most, ...samples.map(Math.abs));
               }
               return most;
             };
             const levels = {};
             for (const name of ['ring', 'hold', 'hangUp', 'click']) {
               tones[name]();
               levels[name] = await level();
             }
             tones.ring();
             tones.quiet();
             await wait(400);
             levels.quiet = await level();
             const round = music(8000);
             return { running: sound.running, before, levels, peak: round.reduce((most, x) => Math.max(most, Math.abs(x)), 0), seconds: round.length / 8000 };",
        )
        .await;
    assert_eq!((&heard["running"], &heard["before"]), (&json!(true), &json!(false)), "{heard}");
    for name in ["ring", "hold", "hangUp", "click"] {
        let level = heard["levels"][name].as_f64().unwrap();
        assert!((0.005..0.5).contains(&level), "{name}: {heard}");
    }
    assert!(heard["levels"]["quiet"].as_f64().unwrap() < 0.001, "{heard}");
    assert!(heard["peak"].as_f64().unwrap() < 0.9 && heard["seconds"].as_f64().unwrap() > 20.0, "{heard}");
    browser.close().await;
}

#[tokio::test]
async fn a_reply_is_cut_into_sentences_alike_here_and_on_the_server() {
    let Some((browser, _service)) = page().await else { return };
    let mut texts: Vec<String> = [
        "",
        "… !",
        "Bonjour.",
        "Encore ? C'est la troisième fois !",
        "Encore\u{202f}? Non\u{202f}! Jamais.",
        "Première ligne\nDeuxième ligne",
        "Vous plaisantez ?! Non.",
        "« Demain. » On m'a dit ça.",
        "Sans point à la fin",
        "M. Belkacem est là. Oui.",
        "J. Martin et MM. Durand habitent bd. Voltaire.",
        "Alors… je ne sais pas. Bon.",
        "Alors… Je ne sais pas.",
        "« Quoi ? » dit-il.",
        "Écrivez à agence@rive.example dès demain.",
        "… Bonjour. …",
        "Il y a 3,5 mètres et 2.5 litres.",
        "Ah\u{a0}! (Non.) Et alors ? 12 jours.",
    ]
    .map(str::to_owned)
    .to_vec();
    // And everything that people of the shipped situations may say.
    for file in std::fs::read_dir(concat!(env!("CARGO_MANIFEST_DIR"), "/personas")).unwrap() {
        let text = std::fs::read_to_string(file.unwrap().path()).unwrap();
        texts.extend(text.split('"').filter(|part| part.contains(' ')).map(str::to_owned));
    }
    assert!(texts.len() > 500, "{}", texts.len());
    let here: Vec<Vec<&str>> = texts.iter().map(|text| sentences(text)).collect();
    let there = browser
        .run(&format!(
            "const {{ sentences }} = await import('/assets/js/sentences.js');
             return {}.map(sentences);",
            Value::from(texts.clone())
        ))
        .await;
    let there: Vec<Vec<String>> = serde_json::from_value(there).unwrap();
    for ((text, here), there) in texts.iter().zip(here).zip(there) {
        assert_eq!(here, there, "{text}");
    }
    browser.close().await;
}

#[tokio::test]
async fn a_person_gets_a_french_voice_of_its_sex_and_age() {
    let Some((browser, _service)) = page().await else { return };
    let chosen = browser
        .run(
            "const { fitting, sexOf } = await import('/assets/js/voices.js');
             const voice = (name, lang = 'fr-FR') => ({ name, lang, localService: true, voiceURI: name });
             const systems = {
               windows: ['Microsoft Hortense - French (France)', 'Microsoft Paul - French (France)'].map((name) => voice(name)),
               mac: [voice('Amélie', 'fr-CA'), voice('Thomas'), voice('Audrey'), voice('Grand-mère'), voice('Samantha', 'en-US')],
               edge: ['Microsoft Denise Online (Natural)', 'Microsoft Henri Online (Natural)'].map((name) => voice(name)),
               chrome: [voice('Google français'), voice('Google Deutsch', 'de-DE')],
               none: [voice('Samantha', 'en-US')],
             };
             const all = {};
             for (const [system, voices] of Object.entries(systems)) {
               all[system] = [['F', 30], ['M', 46], ['F', 80]].map(([sex, age]) => {
                 const fit = fitting(voices, { sex, age }, '');
                 return fit && [fit.voice.name, fit.pitch];
               });
             }
             all.wanted = fitting(systems.mac, { sex: 'M', age: 40 }, 'Audrey').voice.name;
             return all;",
        )
        .await;
    let name = |system: &str, n: usize| chosen[system][n][0].as_str().unwrap_or_default().to_owned();
    assert!(name("windows", 0).contains("Hortense") && name("windows", 1).contains("Paul"), "{chosen}");
    assert_eq!((name("mac", 0).as_str(), name("mac", 1).as_str()), ("Audrey", "Thomas"), "{chosen}");
    assert_eq!(name("mac", 2), "Grand-mère", "{chosen}");
    assert!(name("edge", 0).contains("Denise") && name("edge", 1).contains("Henri"), "{chosen}");
    assert_eq!(name("chrome", 1), "Google français", "{chosen}");
    assert!(chosen["chrome"][1][1].as_f64().unwrap() < 0.9, "a man by a woman's voice is brought lower: {chosen}");
    assert!(chosen["none"].as_array().unwrap().iter().all(Value::is_null), "{chosen}");
    assert_eq!(chosen["wanted"], "Audrey");
    browser.close().await;
}
