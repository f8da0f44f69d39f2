//! The stable codes of everything that may be refused or fail, with the words a person reads.
//!
//! Input: nothing. Output: [`Code`]. Invariant: a code's name never changes once published; the socket, the
//! JSON answers and the pages use the same ones, and `docs/protocol.md` lists them all.

use axum::http::StatusCode;

macro_rules! codes {
    ($($(#[$doc:meta])* $variant:ident = $name:literal, $status:ident, $message:literal;)+) => {
        /// Why something was refused or failed.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        pub enum Code { $($(#[$doc])* $variant,)+ }

        impl Code {
            /// Every code.
            pub const ALL: &'static [Code] = &[$(Code::$variant,)+];

            /// The stable name.
            pub const fn name(self) -> &'static str { match self { $(Code::$variant => $name,)+ } }

            /// The HTTP status that goes with it.
            pub const fn status(self) -> StatusCode { match self { $(Code::$variant => StatusCode::$status,)+ } }

            /// What a person reads, in French.
            pub const fn message(self) -> &'static str { match self { $(Code::$variant => $message,)+ } }
        }
    };
}

codes! {
    // what was sent
    /// Not a JSON object of the protocol.
    MalformedMessage = "malformed_message", BAD_REQUEST,
        "Ce message n'a pas pu être lu. Rechargez la page : rien de ce qui a été envoyé n'est perdu.";
    /// A turn without words.
    EmptyTurn = "empty_turn", BAD_REQUEST,
        "Écrivez quelques mots avant d'envoyer.";
    /// A turn, a note or a body that is too long.
    TooLong = "too_long", PAYLOAD_TOO_LARGE,
        "Ce message est trop long : 4 000 caractères au plus. Il n'a pas été envoyé.";
    /// A whisper that is too long.
    WhisperTooLong = "whisper_too_long", PAYLOAD_TOO_LARGE,
        "Ce mot est trop long : 280 caractères au plus. Il n'a pas été transmis.";
    /// A form with a field missing or out of range.
    BadForm = "bad_form", UNPROCESSABLE_ENTITY,
        "Ce formulaire est incomplet. Revenez en arrière et vérifiez ce que vous avez saisi.";
    /// More messages at once than the server takes.
    TooManyMessages = "too_many_messages", TOO_MANY_REQUESTS,
        "Vous envoyez beaucoup de messages à la fois. Attendez quelques secondes, puis renvoyez celui-ci.";
    /// A file or a form that no situation needs.
    FileTooLarge = "file_too_large", PAYLOAD_TOO_LARGE,
        "Ce fichier est trop gros pour une fiche : 2 Mo au plus. Rien n'a été enregistré.";
    /// A request that comes from another site.
    CrossSite = "cross_site", FORBIDDEN,
        "Cette demande ne vient pas de cette page. Ouvrez Comptoir directement, puis recommencez.";
    /// A method the address does not know.
    MethodNotAllowed = "method_not_allowed", METHOD_NOT_ALLOWED,
        "Cette adresse ne s'utilise pas ainsi.";
    // the state of the conversation
    /// Words before the telephone was picked up.
    NotReceived = "not_received", CONFLICT,
        "Décrochez, ou accueillez la personne, avant de lui parler.";
    /// Picked up twice.
    AlreadyReceived = "already_received", CONFLICT,
        "Vous êtes déjà en conversation.";
    /// Words or a second hold while the person waits.
    OnHold = "on_hold", CONFLICT,
        "La personne est en attente. Reprenez l'échange avant de continuer.";
    /// Back from a hold that is not.
    NotOnHold = "not_on_hold", CONFLICT,
        "La personne n'est pas en attente.";
    /// Words after the end.
    Over = "over", CONFLICT,
        "Cet échange est terminé.";
    /// The note or the scorecard before the end.
    NotOver = "not_over", CONFLICT,
        "Cet échange n'est pas encore terminé. Menez-le à son terme pour lire votre bilan.";
    /// A review that was changed elsewhere, or a word published meanwhile.
    ReviewOvertaken = "review_overtaken", CONFLICT,
        "Cette relecture a changé ailleurs depuis que vous l'avez ouverte. Enregistrez-la depuis sa page pour voir ce qui diffère.";
    /// Words after the time that a part of a booklet gives.
    TimeUp = "time_up", CONFLICT,
        "Le temps de cette partie est écoulé. Ce que vous aviez fait est gardé : revenez à votre livret.";
    /// What an exam does not allow while it goes on.
    BookletUnderWay = "booklet_under_way", CONFLICT,
        "Cet échange fait partie d'un livret en cours. Terminez d'abord le livret.";
    /// A transfer to a service that is not in the directory.
    UnknownService = "unknown_service", UNPROCESSABLE_ENTITY,
        "Ce service n'est pas dans l'annuaire.";
    /// A correction of what is not a spoken turn.
    NotSpoken = "not_spoken", UNPROCESSABLE_ENTITY,
        "Seul un tour dit à voix haute peut être corrigé.";
    /// The end of a voice that did not speak.
    NotAReply = "not_a_reply", UNPROCESSABLE_ENTITY,
        "Cette réplique n'existe pas, ou elle a déjà été entendue.";
    // assignments
    /// No such assignment, or another group's.
    UnknownAssignment = "unknown_assignment", NOT_FOUND,
        "Ce travail n'existe pas, ou il n'est pas demandé à votre groupe.";
    /// Nothing more may be begun under it.
    AssignmentClosed = "assignment_closed", CONFLICT,
        "Ce travail est clos : aucun nouvel essai ne peut y être commencé. La situation reste ouverte en répétition libre.";
    /// Every try was used.
    NoTryLeft = "no_try_left", CONFLICT,
        "Vous avez utilisé tous les essais prévus. La situation reste ouverte en répétition libre.";
    /// Spoken where it is to be written.
    WriteHere = "write_here", CONFLICT,
        "Cet échange se fait par écrit : votre formateur l'a demandé ainsi.";
    /// Written where it is to be spoken.
    SpeakHere = "speak_here", CONFLICT,
        "Cet échange se fait à voix haute : votre formateur l'a demandé ainsi. Ouvrez le micro. Si vous ne pouvez pas parler, dites-le-lui : il peut permettre l'écrit.";
    // speech
    /// This service does not transcribe speech.
    VoiceUnavailable = "voice_unavailable", SERVICE_UNAVAILABLE,
        "La voix n'est pas installée sur ce service. L'échange continue à l'écrit.";
    /// Sound of another rate than 16 kHz.
    WrongSampleRate = "wrong_sample_rate", UNPROCESSABLE_ENTITY,
        "Le son de ce micro n'est pas au format attendu (16 000 échantillons par seconde). Rechargez la page, ou continuez à l'écrit.";
    /// A binary frame that is not sound.
    MalformedAudio = "malformed_audio", BAD_REQUEST,
        "Le son reçu est illisible. Coupez puis rouvrez le micro, ou continuez à l'écrit.";
    /// Sound without an open stream.
    NotListening = "not_listening", CONFLICT,
        "Le micro n'est pas ouvert. Ouvrez-le avant de parler.";
    /// Some sound did not arrive.
    FramesLost = "frames_lost", BAD_REQUEST,
        "Une partie du son s'est perdue en chemin. Relisez ce qui a été compris, et corrigez-le s'il le faut.";
    /// Nobody is free to transcribe.
    TranscriptionBusy = "transcription_busy", SERVICE_UNAVAILABLE,
        "Beaucoup de personnes parlent en ce moment : vos mots sont gardés et seront transcrits dans un instant.";
    /// Transcribing takes longer than speaking.
    TranscriptionSlow = "transcription_slow", SERVICE_UNAVAILABLE,
        "La transcription prend plus de temps que la parole sur cette machine. Faites des phrases courtes, ou continuez à l'écrit.";
    /// The words could not be transcribed.
    TranscriptionFailed = "transcription_failed", INTERNAL_SERVER_ERROR,
        "Ce que vous venez de dire n'a pas pu être transcrit. Redites-le, ou écrivez-le.";
    /// A turn of speech that does not end.
    Monologue = "monologue", PAYLOAD_TOO_LARGE,
        "Vous parlez depuis plusieurs minutes : ce que vous avez dit est transmis. Laissez la personne répondre.";
    /// Sound comes faster than it can be taken.
    TooFarBehind = "too_far_behind", TOO_MANY_REQUESTS,
        "Le son arrive plus vite qu'il ne peut être transcrit. Attendez quelques secondes avant de reprendre.";
    /// No audio for a reply.
    ReplyUnspoken = "reply_unspoken", SERVICE_UNAVAILABLE,
        "Cette réplique n'a pas pu être dite à voix haute. Vous pouvez la lire à l'écran.";
    // what was asked for
    /// No such address.
    NotFound = "not_found", NOT_FOUND,
        "Cette page n'existe pas, ou elle ne vous appartient pas.";
    /// No such situation.
    UnknownSituation = "unknown_situation", NOT_FOUND,
        "Cette situation n'existe pas.";
    /// No such conversation, or another visitor's.
    UnknownConversation = "unknown_conversation", NOT_FOUND,
        "Cet échange n'existe pas, ou il ne vous appartient pas.";
    /// The conversation was erased, with all that was its owner's.
    Erased = "erased", GONE,
        "Cet échange a été effacé, avec les données de la personne à qui il appartenait. Il ne peut pas continuer.";
    /// Nobody is signed in.
    SignInNeeded = "sign_in_needed", UNAUTHORIZED,
        "Identifiez-vous pour ouvrir cette page. Vous y reviendrez aussitôt après.";
    /// Signed in, but in another role.
    NotAllowed = "not_allowed", FORBIDDEN,
        "Votre compte ne donne pas accès à cette page. Si vous devez y accéder, demandez-le à la personne qui administre le service.";
    /// No such group, or another trainer's.
    UnknownGroup = "unknown_group", NOT_FOUND,
        "Ce groupe n'existe pas, ou vous n'en êtes pas le formateur.";
    /// Nobody of that id, or nobody of one's groups.
    UnknownPerson = "unknown_person", NOT_FOUND,
        "Cette personne n'existe pas, ou elle n'est dans aucun de vos groupes.";
    /// No such exam booklet, or another person's.
    UnknownBooklet = "unknown_booklet", NOT_FOUND,
        "Ce livret n'existe pas, ou il ne vous appartient pas.";
    /// The situation's file has faults.
    SituationBroken = "situation_broken", SERVICE_UNAVAILABLE,
        "La fiche de cette situation contient une erreur. Prévenez votre formateur ; les autres situations restent ouvertes.";
    // the service itself
    /// The database is locked or overloaded.
    StoreBusy = "store_busy", SERVICE_UNAVAILABLE,
        "L'enregistrement est momentanément occupé. Rien n'est perdu : réessayez dans quelques secondes.";
    /// No room left to store.
    StoreFull = "store_full", INSUFFICIENT_STORAGE,
        "Il n'y a plus de place pour enregistrer. Votre message n'est pas envoyé : copiez-le et prévenez la personne qui gère le service.";
    /// The database is damaged, or is not one.
    StoreCorrupt = "store_corrupt", INTERNAL_SERVER_ERROR,
        "La base de données est abîmée. Votre message n'est pas envoyé : copiez-le et prévenez la personne qui gère le service.";
    /// The database does not answer.
    StoreUnreachable = "store_unreachable", SERVICE_UNAVAILABLE,
        "La base de données ne répond pas. Votre message n'est pas envoyé : réessayez dans un moment.";
    /// The server stops or starts.
    GoingAway = "going_away", SERVICE_UNAVAILABLE,
        "Le service s'arrête ou redémarre. Votre échange est enregistré : il reprendra là où il en était.";
    /// A fault of ours.
    Internal = "internal", INTERNAL_SERVER_ERROR,
        "Une erreur est survenue de notre côté. Rechargez la page : ce qui a été envoyé est enregistré.";
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_unique_and_messages_are_calm_sentences() {
        let mut names: Vec<_> = Code::ALL.iter().map(|code| code.name()).collect();
        names.sort_unstable();
        names.dedup();
        assert_eq!(names.len(), Code::ALL.len());
        for code in Code::ALL {
            assert!(code.message().ends_with('.') && !code.message().contains('!'), "{}", code.name());
        }
    }
}
