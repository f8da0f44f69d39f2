//! The folder whose files take precedence over those inside the program.

use std::path::PathBuf;

use clap::Args;

/// Which files take precedence.
#[derive(Clone, Debug, Args)]
pub struct Folder {
    /// Folder with `personas/`, `rubrics/` and `web/`, where it has them.
    #[arg(long, env = "COMPTOIR_FOLDER", default_value = ".")]
    pub folder: PathBuf,
}
