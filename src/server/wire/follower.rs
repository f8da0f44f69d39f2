//! What a trainer who follows a conversation says over its own socket.

use serde::{Deserialize, Serialize};

use super::MessageId;

/// What a follower says.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case", deny_unknown_fields)]
pub enum FollowerMessage {
    /// Follows, from the last event it has.
    Join {
        /// The last `seq` seen; nothing seen: 0.
        #[serde(default)]
        last_seq: u32,
    },
    /// One line that only the trainee sees.
    Whisper {
        /// Id of the message.
        id: MessageId,
        /// The line.
        text: String,
    },
}
