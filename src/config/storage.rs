//! Where visitors, conversations and scorecards are kept.

use clap::Args;

/// Where things are kept.
#[derive(Clone, Debug, Args)]
pub struct Storage {
    /// `sqlite:<file>` (created if missing) or `postgres://user:password@host/database`.
    #[arg(
        long,
        env = "DATABASE_URL",
        default_value = "sqlite:comptoir.db",
        hide_env_values = true,
        value_parser = database
    )]
    database_url: String,
}

impl Storage {
    /// The address of the database. It may hold a password: never shown, never logged.
    pub fn address(&self) -> &str {
        &self.database_url
    }
}

fn database(text: &str) -> Result<String, String> {
    let known = ["sqlite:", "postgres:", "postgresql:"].iter().any(|scheme| text.starts_with(scheme));
    if known { Ok(text.to_owned()) } else { Err("sqlite:<fichier> ou postgres://… est attendu".to_owned()) }
}
