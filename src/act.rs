//! The acts: what a turn of speech does, as the grid and the characters understand it.
//!
//! Input: nothing. Output: the closed vocabulary shared by hearing, personas and rubrics.
//! Invariant: an act's text name (`snake_case`) never changes once a rubric or a persona may use it.

use std::fmt;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

macro_rules! acts {
    ($($(#[$doc:meta])* $variant:ident = $name:literal, $label:literal;)+) => {
        /// One thing a trainee's words do. One turn usually does several.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
        #[serde(rename_all = "snake_case")]
        pub enum Act { $($(#[$doc])* $variant,)+ }

        impl Act {
            /// Every act, in the order of the families of `hearing`.
            pub const ALL: &'static [Act] = &[$(Act::$variant,)+];

            /// The name used in files and in the ledger of `comptoir play`.
            pub const fn name(self) -> &'static str { match self { $(Act::$variant => $name,)+ } }

            /// The name shown to people, in French.
            pub const fn label(self) -> &'static str { match self { $(Act::$variant => $label,)+ } }
        }
    };
}

acts! {
    // courtesy
    /// « Bonjour », « bjr ».
    Greeting = "greeting", "salue";
    /// Names the agency, the landlord or oneself.
    Introduction = "introduction", "se présente";
    /// Offers a seat, time, attention: « prenez votre temps », « je vous écoute ».
    Welcome = "welcome", "met à l'aise";
    /// « Merci de me l'avoir dit ».
    Thanks = "thanks", "remercie";
    /// « Au revoir », « bonne journée ».
    Farewell = "farewell", "prend congé";
    /// « Tu », « ma petite dame », rude or familiar address.
    Familiarity = "familiarity", "tutoie ou parle familièrement";
    // listening
    /// « Je vous entends », « je comprends », tied to what was said.
    Acknowledgement = "acknowledgement", "accuse réception";
    /// « D'accord », « ok »: no link with what was said.
    MechanicalAck = "mechanical_ack", "acquiesce mécaniquement";
    /// Names a hardship or an emotion other than anger: « ça doit être dur ».
    Empathy = "empathy", "reconnaît la difficulté";
    /// Recognises anger: « il y a de quoi être furieux ».
    AngerNamed = "anger_named", "reconnaît la colère";
    /// « Je vous crois », « vous avez bien fait de venir ».
    Belief = "belief", "croit et valorise";
    /// « Dites-m'en plus », « et ensuite ? ».
    Prompt = "prompt", "relance";
    /// Takes up the other's own words.
    Echo = "echo", "reprend les mots";
    // questions
    /// What, how, tell me: leaves the answer open.
    OpenQuestion = "open_question", "question ouverte";
    /// Where, when, how many, yes or no.
    ClosedQuestion = "closed_question", "question fermée";
    /// Asks for name, file number, address, date of birth.
    IdentityQuestion = "identity_question", "vérifie l'identité";
    /// Three questions or more in one breath.
    QuestionBurst = "question_burst", "questions en rafale";
    // understanding
    /// Says the request again in one's own words.
    Reformulation = "reformulation", "reformule";
    /// « C'est bien cela ? »
    Validation = "validation", "fait valider";
    /// « Est-ce que c'est clair ? », has it said back.
    ComprehensionCheck = "comprehension_check", "vérifie la compréhension";
    /// « D'accord ? », « ça va ? »: for form's sake.
    FormalCheck = "formal_check", "vérifie pour la forme";
    /// « Autre chose ? »
    AnythingElse = "anything_else", "demande s'il y a autre chose";
    // explaining
    /// Why or how: steps, order, reason.
    Explanation = "explanation", "explique";
    /// « C'est comme… », « par exemple ».
    Example = "example", "donne un exemple";
    /// A trade term or abbreviation left unexplained.
    Jargon = "jargon", "emploie un terme non expliqué";
    /// « C'est la règle », « normalement ».
    VagueRule = "vague_rule", "invoque une règle vague";
    // conflict
    /// « Je vous présente nos excuses ».
    Apology = "apology", "s'excuse";
    /// Sets a calm frame: « je vous demande de ne pas crier, et je reste avec vous ».
    Boundary = "boundary", "pose un cadre";
    /// « Calmez-vous ».
    CalmOrder = "calm_order", "ordonne de se calmer";
    /// « Ce n'est pas ma faute », « c'est la commission, pas moi ».
    Defensive = "defensive", "se défend";
    /// « Vous auriez dû », a lesson.
    Judgement = "judgement", "juge";
    /// Doubts the person's word.
    Doubt = "doubt", "met en doute";
    /// Sarcasm, a written sigh.
    Irony = "irony", "ironise";
    /// Insult, shouting, contempt.
    Aggression = "aggression", "agresse";
    /// Threatens with police, eviction, loss of place.
    Threat = "threat", "menace";
    /// Says or approves something discriminatory.
    Discrimination = "discrimination", "tient ou approuve un propos discriminatoire";
    /// « C'est la vie en collectivité », « ce n'est rien ».
    Minimising = "minimising", "minimise";
    /// « Rappelez plus tard », « allez sur le site ».
    Dismissal = "dismissal", "renvoie";
    /// « Dépêchez-vous », « j'ai du monde ».
    Impatience = "impatience", "s'impatiente";
    /// Speaks before the other has finished. Told by when the words came, in a spoken exchange only.
    Interruption = "interruption", "coupe la parole";
    // care
    /// A place apart, a low voice, confidentiality promised.
    Discretion = "discretion", "assure la discrétion";
    /// Adapts: slower, louder, doing it together, priority.
    Adaptation = "adaptation", "s'adapte à la personne";
    /// A safety instruction.
    Safety = "safety", "donne une consigne de sécurité";
    /// States the degree of urgency.
    Urgency = "urgency", "dit l'urgence";
    // acting
    /// Names a service as the one that deals with it.
    Referral = "referral", "oriente vers un service";
    /// Passes the request on.
    Transmission = "transmission", "transmet la demande";
    /// Calls in a third person: colleague, manager, emergency duty.
    Relay = "relay", "fait appel à un tiers";
    /// Says why the third person is called in.
    RelayReason = "relay_reason", "explique le relais";
    /// Proposes an action or a solution.
    Proposal = "proposal", "propose une solution";
    /// Tells the person to do something.
    Instruction = "instruction", "donne une consigne";
    /// Asks for agreement, preference, availability.
    Involvement = "involvement", "associe la personne";
    /// Who does what and when.
    FollowUp = "follow_up", "propose un suivi daté";
    /// « On vous rappellera ».
    VagueFollowUp = "vague_follow_up", "promet un suivi vague";
    /// Guarantees what reception does not control.
    Promise = "promise", "promet imprudemment";
    /// « Je ne peux pas vous le garantir ».
    Caution = "caution", "reste prudent";
    /// Declines to do or tell something.
    Refusal = "refusal", "refuse";
    /// « Ne quittez pas », « un instant ».
    Hold = "hold", "fait patienter";
    /// Gives away something about another person.
    Disclosure = "disclosure", "livre une donnée sur un tiers";
    /// Weather, courtesies beside the point.
    SmallTalk = "small_talk", "bavarde";
}

impl fmt::Display for Act {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}
