//! What a process takes of the machine, as Linux counts it. Elsewhere there are no such figures.

use std::time::Duration;

use crate::Problem;
use crate::timing::{now, pause};

/// The kernel's ticks of processor time in a second, as it tells them to programs, on every machine we know.
const TICKS: f64 = 100.0;

/// Its share of the machine's memory, in MiB (`Pss`: what is shared counts in parts).
pub(crate) fn memory(pid: u32) -> Result<f64, Problem> {
    let told = std::fs::read_to_string(format!("/proc/{pid}/smaps_rollup"))?;
    let kib = told.lines().find_map(|line| line.strip_prefix("Pss:"));
    let kib: Option<f64> = kib.and_then(|rest| rest.trim().trim_end_matches(" kB").trim().parse().ok());
    kib.map(|kib| kib / 1_024.0)
        .ok_or_else(|| Problem::InVain("the system tells a process's memory".to_owned()))
}

/// How much of one core it takes on average during `span`, in percent.
pub(crate) async fn processor(pid: u32, span: Duration) -> Result<f64, Problem> {
    let (start, before) = (now(), ticks(pid)?);
    pause(span).await;
    let spent = (ticks(pid)? - before) / TICKS;
    Ok(spent / start.elapsed().as_secs_f64() * 100.0)
}

/// Its processor time so far.
fn ticks(pid: u32) -> Result<f64, Problem> {
    let told = std::fs::read_to_string(format!("/proc/{pid}/stat"))?;
    // The program's name, which may hold anything, is in parentheses before the numbers.
    let numbers = told.rsplit(')').next().unwrap_or_default();
    let mut times = numbers.split_whitespace().skip(11).take(2);
    let mut next = || times.next().and_then(|number| number.parse::<f64>().ok());
    match (next(), next()) {
        (Some(user), Some(system)) => Ok(user + system),
        _ => Err(Problem::InVain("the system tells a process's time".to_owned())),
    }
}

#[cfg(all(test, target_os = "linux"))]
mod tests {
    use super::{memory, ticks};

    #[test]
    fn a_process_is_told_its_memory_and_its_time() {
        let here = std::process::id();
        let held = vec![1_u8; 32 * 1_024 * 1_024];
        let memory = memory(here).expect("it runs");
        assert!(
            memory >= 32.0,
            "what is held counts: {memory} MiB, {}",
            held.len()
        );
        assert!(ticks(here).expect("it runs") >= 0.0, "it has run");
    }
}
