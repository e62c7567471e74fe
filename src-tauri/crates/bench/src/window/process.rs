//! A program and all that it has started, as Linux tells of them: when it began, what memory all of it takes.

use std::collections::HashMap;
use std::path::Path;

use crate::Problem;
use crate::timing::since_1970;
use crate::usage;

/// The kernel's ticks in a second, as it tells them to programs.
const TICKS: f64 = 100.0;
/// Of the numbers in `stat` after the program's name: its parent's id, and its start in ticks since the machine's.
const PARENT: usize = 1;
const STARTED: usize = 19;

/// A program that runs.
#[derive(Clone, Copy)]
pub(crate) struct Process {
    pub(crate) id: u32,
    /// Milliseconds since 1970; known to a hundredth of a second.
    pub(crate) started: f64,
}

/// The one that was started from `binary` on the folder `data`.
pub(crate) fn of(binary: &Path, data: &Path) -> Result<Process, Problem> {
    let ours = |id: &u32| {
        std::fs::read(format!("/proc/{id}/cmdline")).is_ok_and(|said| {
            let mut arguments = said.split(|byte| *byte == 0);
            arguments.next() == Some(binary.as_os_str().as_encoded_bytes())
                && arguments.any(|argument| argument == data.as_os_str().as_encoded_bytes())
        })
    };
    let id = all()?.into_iter().find(ours);
    let id = id.ok_or_else(|| Problem::InVain("the program that was started runs".to_owned()))?;
    let up = std::fs::read_to_string("/proc/uptime")?;
    let up: f64 = up
        .split_whitespace()
        .next()
        .and_then(|word| word.parse().ok())
        .unwrap_or(0.0);
    let age = up - number(id, STARTED)? / TICKS;
    Ok(Process {
        id,
        started: since_1970() - age * 1_000.0,
    })
}

/// The memory of it and of all that it has started, in MiB (`Pss`).
pub(crate) fn memory(of: Process) -> Result<f64, Problem> {
    let mut children: HashMap<u32, Vec<u32>> = HashMap::new();
    for id in all()? {
        // Whoever is gone by now has no parent any more.
        if let Ok(parent) = number(id, PARENT) {
            children.entry(parent as u32).or_default().push(id);
        }
    }
    let mut sum = usage::memory(of.id)?;
    let mut left = children.remove(&of.id).unwrap_or_default();
    while let Some(id) = left.pop() {
        sum += usage::memory(id).unwrap_or(0.0);
        left.extend(children.remove(&id).unwrap_or_default());
    }
    Ok(sum)
}

fn all() -> Result<Vec<u32>, Problem> {
    let names = std::fs::read_dir("/proc")?
        .flatten()
        .map(|entry| entry.file_name());
    Ok(names.filter_map(|name| name.to_str()?.parse().ok()).collect())
}

fn number(id: u32, place: usize) -> Result<f64, Problem> {
    let told = std::fs::read_to_string(format!("/proc/{id}/stat"))?;
    // The program's name, which may hold anything, is in parentheses before the numbers.
    let numbers = told.rsplit(')').next().unwrap_or_default();
    let number = numbers
        .split_whitespace()
        .nth(place)
        .and_then(|number| number.parse().ok());
    number.ok_or_else(|| Problem::InVain("the system tells of a process".to_owned()))
}

#[cfg(all(test, target_os = "linux"))]
mod tests {
    use super::{PARENT, Process, memory, number};

    #[test]
    fn what_a_program_has_started_counts_with_it() {
        let here = Process {
            id: std::process::id(),
            started: 0.0,
        };
        let alone = memory(here).expect("it runs");
        let mut child = std::process::Command::new("sleep")
            .arg("60")
            .spawn()
            .expect("a program");
        assert_eq!(
            number(child.id(), PARENT).expect("it runs") as u32,
            here.id,
            "it is ours"
        );
        let both = memory(here).expect("it runs");
        child.kill().and_then(|()| child.wait()).expect("it ends");
        assert!(
            both > 0.0 && alone > 0.0,
            "both take something: {alone} MiB, {both} MiB"
        );
    }
}
