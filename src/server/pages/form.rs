//! What was typed into a form, and what is wrong with it.

use super::Problem;

/// A form as it is shown: empty, or again with what was typed and what to put right.
#[derive(Clone, Debug, Default)]
pub struct Form {
    values: Vec<(&'static str, String)>,
    problems: Vec<Problem>,
}

impl Form {
    /// With a field filled in. Passwords are never filled in again.
    #[must_use]
    pub fn with(mut self, field: &'static str, value: impl Into<String>) -> Form {
        self.values.push((field, value.into()));
        self
    }

    /// Notes what is wrong with a field.
    pub fn fault(&mut self, field: &'static str, text: impl Into<String>) {
        self.problems.push(Problem { field, text: text.into() });
    }

    /// Takes a field that is right, or notes what is wrong with it.
    pub fn take<T>(&mut self, field: &'static str, read: Result<T, &'static str>) -> Option<T> {
        match read {
            Ok(value) => Some(value),
            Err(fault) => {
                self.fault(field, fault);
                None
            }
        }
    }

    /// Whether something is wrong.
    pub fn is_faulty(&self) -> bool {
        !self.problems.is_empty()
    }

    /// What is wrong, in the order of the fields.
    pub fn problems(&self) -> &[Problem] {
        &self.problems
    }

    /// What a field holds.
    pub fn value(&self, field: &str) -> &str {
        self.values.iter().find(|(name, _)| *name == field).map_or("", |(_, value)| value)
    }

    /// What is wrong with a field.
    pub fn problem(&self, field: &str) -> Option<&Problem> {
        self.problems.iter().find(|problem| problem.field == field)
    }
}
