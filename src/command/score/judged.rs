//! A model that judges transcripts from files.

use std::path::Path;
use std::sync::Arc;

use anyhow::Context as _;
use tokio::runtime::Runtime;
use tokio::sync::mpsc::unbounded_channel;

use crate::chain::Chain;
use crate::clock::SystemClock;
use crate::config::Models;
use crate::hearing::Ears;
use crate::organisation::Organisation;
use crate::persona::Persona;
use crate::review::{Case, Judge};
use crate::rubric::Rubric;
use crate::scoring::judge::combine;
use crate::scoring::{Report, report_of};
use crate::transcript::Transcript;

/// The model, and what runs it.
pub(super) struct Panel {
    judge: Judge,
    runtime: Runtime,
}

impl Panel {
    /// The judge of the settings.
    pub(super) fn of(models: &Models) -> anyhow::Result<Panel> {
        let budget = models.budget(Arc::new(SystemClock));
        // Nobody keeps the accounts of a command: what each transcript used stands on its line.
        let (uses, _) = unbounded_channel();
        let judge = models.judge(&budget, &uses).context("read the settings")?;
        let judge = judge.context("find a model that judges: set COMPTOIR_MODEL_URL and COMPTOIR_MODEL_NAME")?;
        Ok(Panel { judge, runtime: Runtime::new().context("start the runtime")? })
    }

    /// Completes the rules' report. What the model was not able to judge is told, and keeps the rules' marks.
    pub(super) fn complete(
        &self,
        file: &Path,
        transcript: &Transcript,
        (persona, ears, organisation): (&Persona, &Ears, &Organisation),
        rubric: &Rubric,
        rules: &Report,
    ) -> Report {
        let case = Case { transcript, persona, rubric, rules: &rules.scorecard, organisation };
        let (mut judged, setbacks) = self.runtime.block_on(self.judge.judge(&case));
        for (axis, setback) in setbacks {
            eprintln!("comptoir: failed to judge {axis} of {}: {}", file.display(), Chain(&setback));
            judged.given_up.push((axis, setback.code().to_owned()));
        }
        let both = combine(&rules.scorecard, &judged, rubric, transcript);
        report_of(both, transcript, persona, ears, rubric)
    }
}
