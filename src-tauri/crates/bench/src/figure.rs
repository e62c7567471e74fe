//! What was measured, one line a figure.

use serde::Serialize;

/// On which side of the goal is good.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) enum Goal {
    /// This or more.
    AtLeast(f64),
    /// This or less.
    AtMost(f64),
    /// Told for what it explains.
    None,
}

/// One figure.
pub(crate) struct Figure {
    pub(crate) name: String,
    pub(crate) value: f64,
    pub(crate) unit: &'static str,
    pub(crate) goal: Goal,
}

/// A figure as a line of JSON.
#[derive(Serialize)]
struct Line<'a> {
    name: &'a str,
    value: f64,
    unit: &'a str,
    goal: Option<String>,
    ok: bool,
}

impl Figure {
    pub(crate) fn new(name: impl Into<String>, value: f64, unit: &'static str, goal: Goal) -> Self {
        Self {
            name: name.into(),
            value,
            unit,
            goal,
        }
    }

    pub(crate) fn is_ok(&self) -> bool {
        match self.goal {
            Goal::AtLeast(goal) => self.value >= goal,
            Goal::AtMost(goal) => self.value <= goal,
            Goal::None => true,
        }
    }

    fn goal_in_words(&self) -> Option<String> {
        match self.goal {
            Goal::AtLeast(goal) => Some(format!(">= {goal}")),
            Goal::AtMost(goal) => Some(format!("<= {goal}")),
            Goal::None => None,
        }
    }

    /// Prints it: for programs as JSON, for people as a row.
    #[allow(clippy::print_stdout, reason = "it is what the program is for")]
    pub(crate) fn print(&self, json: bool) {
        let goal = self.goal_in_words();
        if json {
            let line = Line {
                name: &self.name,
                value: (self.value * 10_000.0).round() / 10_000.0,
                unit: self.unit,
                goal,
                ok: self.is_ok(),
            };
            println!("{}", serde_json::to_string(&line).unwrap_or_default());
        } else {
            let verdict = match (&goal, self.is_ok()) {
                (None, _) => "",
                (_, true) => "ok",
                (_, false) => "MISSED",
            };
            println!(
                "{:<44} {:>12.3} {:<8} {:<10} {verdict}",
                self.name,
                self.value,
                self.unit,
                goal.unwrap_or_default()
            );
        }
    }
}
