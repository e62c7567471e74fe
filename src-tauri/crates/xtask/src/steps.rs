//! Numbered steps with their times, and the table at the end.
//!
//! Two kinds of step. *Preparation* has to work, or nothing after it can: its failure ends the command. A *check*
//! is judged and the next one runs all the same, so that one run tells everything that is wrong; only a check that
//! stands on something that failed is left out, and said to be.

use std::time::{Duration, Instant};

use crate::failure::Failure;

/// How a check ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Verdict {
    /// It found nothing wrong.
    Passed,
    /// It failed; its output is on the screen already.
    Failed,
    /// It does not apply here, and why.
    Skipped(String),
}

struct Row {
    name: String,
    verdict: Verdict,
    took: Duration,
    /// The end of what a failed one printed.
    last_words: String,
}

/// The steps of one command.
pub(crate) struct Steps {
    total: usize,
    rows: Vec<Row>,
}

impl Steps {
    /// For `total` steps.
    pub(crate) fn new(total: usize) -> Self {
        Self {
            total,
            rows: Vec::new(),
        }
    }

    /// A step that everything after it stands on; `work` may add a word on what it found.
    pub(crate) fn prepare<T>(
        &mut self,
        name: &str,
        work: impl FnOnce() -> Result<T, Failure>,
    ) -> Result<T, Failure> {
        self.announce(name);
        let start = now();
        let result = work();
        let verdict = if result.is_ok() {
            Verdict::Passed
        } else {
            Verdict::Failed
        };
        self.note(name, verdict, start.elapsed(), String::new());
        result
    }

    /// A step that is judged. Only an interruption ends the command here.
    pub(crate) fn check(
        &mut self,
        name: &str,
        work: impl FnOnce() -> Result<Verdict, Failure>,
    ) -> Result<Verdict, Failure> {
        self.announce(name);
        let start = now();
        let (verdict, last_words) = match work() {
            Ok(verdict) => (verdict, String::new()),
            Err(Failure::Interrupted) => return Err(Failure::Interrupted),
            Err(failure) => {
                println!("      {failure}");
                let last_words = match failure {
                    Failure::Refused { last_words, .. } => last_words,
                    _ => String::new(),
                };
                (Verdict::Failed, last_words)
            }
        };
        self.note(name, verdict.clone(), start.elapsed(), last_words);
        Ok(verdict)
    }

    /// The last step, which lasts as long as the user wants: announced, not timed.
    pub(crate) fn announce(&self, name: &str) {
        println!("[{}/{}] {name}", self.rows.len() + 1, self.total);
    }

    /// Prints the last words of what failed, the table and the sum; gives whether nothing failed.
    pub(crate) fn summary(&self) -> bool {
        for row in self.rows.iter().filter(|row| !row.last_words.is_empty()) {
            println!("\n{}, once more:\n{}", row.name, row.last_words);
        }
        let width = self
            .rows
            .iter()
            .map(|row| row.name.chars().count())
            .max()
            .unwrap_or(0);
        println!();
        for row in &self.rows {
            let verdict = match &row.verdict {
                Verdict::Passed => "passed".to_owned(),
                Verdict::Failed => "FAILED".to_owned(),
                Verdict::Skipped(why) => format!("skipped: {why}"),
            };
            println!("{:<width$}  {:>9}  {verdict}", row.name, readable(row.took));
        }
        let passed = self.count(&Verdict::Passed);
        let failed = self.count(&Verdict::Failed);
        println!("\n{passed} passed, {failed} failed");
        failed == 0
    }

    fn count(&self, verdict: &Verdict) -> usize {
        self.rows.iter().filter(|row| row.verdict == *verdict).count()
    }

    fn note(&mut self, name: &str, verdict: Verdict, took: Duration, last_words: String) {
        let time = readable(took);
        match &verdict {
            Verdict::Passed => println!("      done in {time}"),
            Verdict::Failed => println!("      failed after {time}"),
            Verdict::Skipped(why) => println!("      skipped: {why}"),
        }
        self.rows.push(Row {
            name: name.to_owned(),
            verdict,
            took,
            last_words,
        });
    }
}

/// The one place where these commands read a clock.
#[allow(
    clippy::disallowed_methods,
    reason = "steps are timed for the user's eyes; nothing depends on the time"
)]
pub(crate) fn now() -> Instant {
    Instant::now()
}

/// `0.4 s`, `12 s`, `3 min 05 s`.
fn readable(time: Duration) -> String {
    let seconds = time.as_secs();
    match seconds {
        0..10 => format!("{:.1} s", time.as_secs_f64()),
        10..60 => format!("{seconds} s"),
        _ => format!("{} min {:02} s", seconds / 60, seconds % 60),
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::{Steps, Verdict, readable};
    use crate::failure::Failure;

    #[test]
    fn times_are_as_exact_as_they_are_interesting() {
        let shown = [340, 12_900, 185_000].map(|millis| readable(Duration::from_millis(millis)));
        assert_eq!(
            shown,
            ["0.3 s", "12 s", "3 min 05 s"],
            "short times in tenths, long ones in minutes"
        );
    }

    #[test]
    fn a_failed_check_is_counted_and_the_next_one_still_runs() {
        let mut steps = Steps::new(3);
        let failed = steps.check("first", || Err(Failure::Missing("no door".to_owned())));
        let passed = steps.check("second", || Ok(Verdict::Passed));
        let skipped = steps.check("third", || Ok(Verdict::Skipped("no window".to_owned())));

        assert_eq!(
            failed.ok(),
            Some(Verdict::Failed),
            "a failure is a verdict, not an end"
        );
        assert_eq!(
            passed.ok(),
            Some(Verdict::Passed),
            "the second check runs after a failed first"
        );
        assert!(
            matches!(skipped, Ok(Verdict::Skipped(_))),
            "what does not apply is neither"
        );
        assert_eq!(
            (steps.count(&Verdict::Passed), steps.count(&Verdict::Failed)),
            (1, 1)
        );
        assert!(!steps.summary(), "one failed check fails the whole");
    }

    #[test]
    fn what_a_failed_check_printed_last_is_kept_for_the_end() {
        let mut steps = Steps::new(2);
        let said = "expected [ Array(1) ] to deeply equal []";
        let _ = steps.check("first", || {
            Err(Failure::Refused {
                command: "npm run e2e".to_owned(),
                status: "exit code 1".to_owned(),
                advice: String::new(),
                last_words: said.to_owned(),
            })
        });
        let _ = steps.check("second", || Ok(Verdict::Passed));

        let kept: Vec<&str> = steps.rows.iter().map(|row| row.last_words.as_str()).collect();
        assert_eq!(
            kept,
            [said, ""],
            "a run of an hour prints much after it, and often only the end is read"
        );
    }

    #[test]
    fn an_interruption_ends_the_checks() {
        let mut steps = Steps::new(1);
        let ended = steps.check("first", || Err(Failure::Interrupted));
        assert!(
            matches!(ended, Err(Failure::Interrupted)),
            "Ctrl-C is not a failed test"
        );
    }

    #[test]
    fn preparation_that_fails_ends_the_command() {
        let mut steps = Steps::new(1);
        let ended: Result<(), Failure> =
            steps.prepare("Node", || Err(Failure::Missing("no Node".to_owned())));
        assert!(ended.is_err(), "what stands on a failed preparation cannot run");
        assert_eq!(steps.count(&Verdict::Failed), 1, "and it is in the table");
    }
}
