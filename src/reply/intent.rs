//! What the character does next, decided by code; several may combine in one reply.
//!
//! Invariant: the vocabulary is closed, and a name never changes once a transcript may hold it.

use std::fmt;

macro_rules! intents {
    ($($(#[$doc:meta])* $variant:ident = $name:literal;)+) => {
        /// One thing a reply is meant to do.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Intent { $($(#[$doc])* $variant,)+ }

        impl Intent {
            /// The name in events and in the ledger of `comptoir play`.
            pub const fn name(self) -> &'static str { match self { $(Intent::$variant => $name,)+ } }
        }
    };
}

intents! {
    /// Says why it calls or comes.
    Open = "open";
    /// Reacts to what was done.
    React = "react";
    /// Confirms a reformulation.
    Confirm = "confirm";
    /// Corrects a reformulation.
    Correct = "correct";
    /// Tells a fact asked for.
    Answer = "answer";
    /// Answers on identity and the like.
    Identify = "identify";
    /// Does not tell yet.
    Withhold = "withhold";
    /// Does not know.
    DoesNotKnow = "does_not_know";
    /// Did not understand.
    NotUnderstood = "not_understood";
    /// Agrees, chooses, says whether it is clear or whether there is more.
    Agree = "agree";
    /// Says the last answer again.
    Repeat = "repeat";
    /// Tells something by itself.
    Volunteer = "volunteer";
    /// Comes back to what it wants.
    Press = "press";
    /// Complains that its question was left without an answer.
    Protest = "protest";
    /// Only listens.
    Listen = "listen";
    /// Holds small talk.
    SmallTalk = "small_talk";
    /// Warns that it is about to break off.
    Warn = "warn";
    /// Breaks off.
    BreakOff = "break_off";
    /// Ends content.
    EndContent = "end_content";
    /// Ends without more.
    EndNeutral = "end_neutral";
    /// Ends unsatisfied.
    EndTense = "end_tense";
    /// Is put on hold.
    Wait = "wait";
    /// Is back from hold.
    Back = "back";
    /// Is transferred to a service that fits.
    Transferred = "transferred";
    /// Is transferred to a service that does not fit.
    TransferredWrong = "transferred_wrong";
    /// Sees a colleague called in.
    Colleague = "colleague";
    /// Sees the manager called in.
    Manager = "manager";
    /// Breaks a silence.
    Silence = "silence";
}

impl fmt::Display for Intent {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}
