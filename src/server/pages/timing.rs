//! The part of the scorecard on how the replies found their words, and how long it took.

/// How the replies of one conversation found their words.
#[derive(Clone, Debug)]
pub struct Timing {
    /// What it comes to, in a sentence or two.
    pub summary: String,
    /// The replies that a model was to word.
    pub replies: Vec<ReplyTimes>,
}

/// One reply. Times are written out: « 0,8 s ».
#[derive(Clone, Debug)]
pub struct ReplyTimes {
    /// Position in the transcript's list of turns.
    pub turn: usize,
    /// When: « 2:41 ».
    pub at: String,
    /// Who worded it: « Le modèle ».
    pub worded: String,
    /// Why it was not the model alone, or not at its first try; may be empty.
    pub why: String,
    /// From the turn being stored to the first words shown.
    pub first_words: Option<String>,
    /// To hear the turn and decide.
    pub hearing: String,
    /// From the turn being stored to the model's first word.
    pub first_token: Option<String>,
    /// To its last word.
    pub last_token: Option<String>,
    /// All checks of what the model wrote.
    pub guard: Option<String>,
    /// « 1 240 lus, 38 écrits ».
    pub tokens: Option<String>,
}

impl ReplyTimes {
    /// The cells of its row, from the first words on.
    pub fn times(&self) -> [Option<&str>; 6] {
        [
            self.first_words.as_deref(),
            Some(&self.hearing),
            self.first_token.as_deref(),
            self.last_token.as_deref(),
            self.guard.as_deref(),
            self.tokens.as_deref(),
        ]
    }
}

impl Timing {
    /// Replies of every kind: by the model, begun by it, written lines.
    pub fn sample() -> Timing {
        let reply = |turn: usize, at: &str, worded: &str, why: &str, times: [&str; 5], tokens: &str| {
            let some = |text: &str| (!text.is_empty()).then(|| text.to_owned());
            let [first_words, hearing, first_token, last_token, guard] = times;
            ReplyTimes {
                turn,
                at: at.into(),
                worded: worded.into(),
                why: why.into(),
                first_words: some(first_words),
                hearing: hearing.into(),
                first_token: some(first_token),
                last_token: some(last_token),
                guard: some(guard),
                tokens: some(tokens),
            }
        };
        Timing {
            summary: "Le modèle a mis en mots 3 répliques sur 4. La moitié des répliques ont commencé en 0,5\u{a0}s \
                      ou moins, la plus lente en 2,0\u{a0}s."
                .into(),
            replies: vec![
                reply(
                    2,
                    "0:41",
                    "Le modèle",
                    "",
                    ["0,4\u{a0}s", "0,8\u{a0}ms", "310\u{a0}ms", "1,3\u{a0}s", "0,2\u{a0}ms"],
                    "1\u{202f}240 lus, 38 écrits",
                ),
                reply(
                    4,
                    "1:25",
                    "Le modèle",
                    "au second essai : une phrase qui sortait du rôle",
                    ["1,4\u{a0}s", "0,9\u{a0}ms", "290\u{a0}ms", "2,2\u{a0}s", "0,4\u{a0}ms"],
                    "2\u{202f}730 lus, 71 écrits",
                ),
                reply(
                    6,
                    "2:15",
                    "Le modèle, puis ses répliques écrites",
                    "la réponse du modèle a été coupée",
                    ["0,5\u{a0}s", "0,7\u{a0}ms", "330\u{a0}ms", "0,9\u{a0}s", "0,1\u{a0}ms"],
                    "1\u{202f}410 lus, 12 écrits",
                ),
                reply(
                    8,
                    "3:10",
                    "Ses répliques écrites",
                    "le modèle n’a pas répondu à temps",
                    ["2,0\u{a0}s", "0,8\u{a0}ms", "", "", ""],
                    "",
                ),
            ],
        }
    }
}
