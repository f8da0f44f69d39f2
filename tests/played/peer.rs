//! A conversation worded by a model on a real server (`../model/peer.py`), where `scripts/with-peer` lends one.

use crate::stage::{GREETING, Setting, Theatre};

/// All that its model says.
const SENTENCE: &str = "Oui, enfin j'attends depuis longtemps.";

#[expect(clippy::disallowed_methods, reason = "the address of the test server comes from the environment")]
fn peer() -> Option<(String, String)> {
    let found = std::env::var("COMPTOIR_TEST_PEER").ok().zip(std::env::var("COMPTOIR_TEST_PEER_KEY").ok());
    if found.is_none() {
        // Past the capture of the test harness.
        let told = b"SKIPPED against a real server: COMPTOIR_TEST_PEER is not set (scripts/with-peer)\n";
        std::io::Write::write_all(&mut std::io::stderr(), told).unwrap();
    }
    found
}

#[tokio::test]
async fn a_real_server_words_a_reply_and_is_not_allowed_to_say_it_twice() {
    let Some((address, key)) = peer() else { return };
    let theatre = Theatre::at(Setting { key: key.parse().ok(), ..Setting::default() }, &address).await;
    for persona in ["fuite-colere", "panne-chauffage"] {
        let mut talk = theatre.begin(theatre.stage(persona), 7).await;
        talk.receive().await;
        talk.say(GREETING).await.unwrap();
        let mut refused = Vec::new();
        let mut said = 0;
        for words in ["Je vous écoute.", "Je comprends.", "Prenez votre temps.", "D'accord.", "Très bien."] {
            let reply = talk.say(words).await.unwrap();
            let made = reply.made.unwrap();
            said += reply.text.matches(SENTENCE).count();
            assert_eq!(reply.text, reply.parts, "{persona}");
            assert!(made.prompt_tokens > 100 && made.first_token_ms.is_some(), "{made:?}");
            refused.extend(made.refused);
        }
        assert_eq!(said, 1, "{persona}");
        assert!(refused.iter().all(|code| code == "repeats") && !refused.is_empty(), "{persona}: {refused:?}");
    }
    theatre.close().await;
}
