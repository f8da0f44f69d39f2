//! What a page offers of voice, and what it says about it.

/// What there is of voice.
#[derive(Clone, Debug, Default)]
pub struct VoiceOffer {
    /// Why there is none, as a sentence that says how to get it; `None` where there is.
    pub why_not: Option<String>,
    /// For how many days what trainees say is kept, where the organisation records.
    pub recording_days: Option<u16>,
    /// Whether replies are spoken by the service; otherwise the browser's voices do.
    pub by_server: bool,
    /// Whether the organisation asks trainees to read their words again before they are sent.
    pub before: bool,
    /// Whether speech is transcribed by another service than this one.
    pub elsewhere: bool,
}

impl VoiceOffer {
    /// What is told where nothing on the service transcribes.
    pub const NOT_INSTALLED: &str = "Pour mener l'échange à voix haute, la personne qui gère ce service doit y installer \
                                     la reconnaissance vocale : « comptoir voice install ».";

    /// What is told where the program cannot transcribe by itself.
    pub const NOT_BUILT: &str = "Ce service a été construit sans reconnaissance vocale : pour mener l'échange à voix haute, \
                                 la personne qui le gère peut lui indiquer un service de transcription.";

    /// None: this exchange is to be written.
    pub fn not_asked() -> VoiceOffer {
        VoiceOffer { why_not: Some("Cet échange se fait par écrit.".to_owned()), ..VoiceOffer::default() }
    }

    /// Whether conversations can be spoken.
    pub fn available(&self) -> bool {
        self.why_not.is_none()
    }

    /// Who speaks the replies, for scripts.
    pub fn source(&self) -> &'static str {
        if self.by_server { "server" } else { "browser" }
    }

    /// When words are corrected, for scripts.
    pub fn correction(&self) -> &'static str {
        if self.before { "before" } else { "after" }
    }

    /// What becomes of a voice.
    pub fn promise(&self) -> String {
        let place = if self.elsewhere {
            "transcrit par le prestataire que votre organisme a choisi"
        } else {
            "transcrit ici, sur ce service, et ne part nulle part ailleurs"
        };
        let kept = match self.recording_days {
            Some(1) => {
                "Votre organisme en garde l'enregistrement un jour : vous pouvez le réécouter et l'effacer.".into()
            }
            Some(days) => format!(
                "Votre organisme en garde l'enregistrement {days} jours : vous pouvez le réécouter et l'effacer."
            ),
            None => "Il n'est pas conservé : seuls les mots le sont.".to_owned(),
        };
        format!(
            "Le micro n'est demandé que si vous parlez. Le son est {place}. {kept} Aucune émotion n'est déduite de votre \
             voix : le règlement européen sur l'intelligence artificielle l'interdit en formation, et Comptoir ne lit que \
             vos mots et le moment où ils viennent."
        )
    }

    /// A service with a model.
    pub fn sample() -> VoiceOffer {
        VoiceOffer::default()
    }

    /// A service without one.
    pub fn sample_without() -> VoiceOffer {
        VoiceOffer { why_not: Some(VoiceOffer::NOT_INSTALLED.to_owned()), ..VoiceOffer::default() }
    }
}
