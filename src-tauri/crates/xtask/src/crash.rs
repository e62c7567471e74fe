//! `cargo xtask crash`: the crash matrix, and its counts in `docs/reliability.md`.
//!
//! The matrix itself is the runner of the crate `crash-matrix`; here it is built with the programs that it kills, and started.
//! What a failing run leaves behind is below `target/crash/`. Runs of fewer kills than [`WORTH_NOTING`] are for trying things
//! out: they are not written down.

use std::fs;
use std::path::PathBuf;
use std::process::ExitCode;

use serde_json::Value;

use crate::cargo;
use crate::failure::Failure;
use crate::program::Program;
use crate::project;

/// From so many kills on, a run's counts are written into the document.
const WORTH_NOTING: u64 = 300;
/// What stands around them there.
const BEGIN: &str = "<!-- counts: written by `cargo xtask crash` -->";
const END: &str = "<!-- end of counts -->";

/// Runs every named crash point and `kills` random kills, and notes the counts if there were enough.
pub(crate) fn run(kills: u32, seed: u64) -> Result<ExitCode, Failure> {
    let folder = project::root().join("target").join("crash");
    fs::create_dir_all(&folder).map_err(Failure::file(&folder))?;
    runner(&folder)?
        .args(["--kills", &kills.to_string(), "--seed", &seed.to_string()])
        .advice("What was found stands above; run it again with the same seed to see it again.")
        .in_terminal()?;
    let result = folder.join("result.json");
    let counts = fs::read_to_string(&result).map_err(Failure::file(&result))?;
    let counts: Value = serde_json::from_str(&counts).unwrap_or_default();
    if counts["kills"].as_u64().is_some_and(|made| made >= WORTH_NOTING) {
        note(&counts)?;
    }
    Ok(ExitCode::SUCCESS)
}

/// The runner with the programs it kills, built.
fn runner(folder: &std::path::Path) -> Result<Program, Failure> {
    let packages = [
        "--package",
        "mostrador-api",
        "--package",
        "mostrador-engine",
        "--package",
        "mostrador-sandbox",
        "--package",
        "mostrador-crash-matrix",
        // Named points exist only in a program that is built to be killed; nothing that is shipped is built so.
        "--features",
        "mostrador-engine/crash-points",
    ];
    let runner = cargo::build("mostrador-crash-matrix", &packages)?;
    let beside =
        |name: &str| -> PathBuf { runner.with_file_name(format!("{name}{}", std::env::consts::EXE_SUFFIX)) };
    Ok(Program::new(&runner)
        .args(["--program".into(), beside("mostrador-headless")])
        .args(["--practice".into(), beside("mostrador-practice")])
        .args(["--folder".into(), folder.to_owned()]))
}

fn note(counts: &Value) -> Result<(), Failure> {
    let path = project::root().join("docs").join("reliability.md");
    let text = fs::read_to_string(&path).map_err(Failure::file(&path))?;
    let Some(text) = with_counts(&text, counts) else {
        return Err(Failure::Unexpected {
            what: format!("{} has no place for the counts", path.display()),
            advice: format!("Put `{BEGIN}` and `{END}` where they belong."),
        });
    };
    fs::write(&path, text).map_err(Failure::file(&path))
}

/// The document with these counts in the place of the last ones; `None` = it has no such place.
fn with_counts(text: &str, counts: &Value) -> Option<String> {
    let (before, rest) = text.split_once(BEGIN)?;
    let (_, after) = rest.split_once(END)?;
    let rows = [
        ("Named points at which it killed itself", "points"),
        ("Random `kill -9`", "kills"),
        ("Messages that reached somebody", "sent"),
        ("Customers' messages that are shown", "received"),
        ("Lost", "lost"),
        ("Twice", "twice"),
        ("Uncertain, each shown for a person to decide", "uncertain"),
        ("Seed", "seed"),
    ];
    let rows: Vec<String> = rows
        .iter()
        .map(|(what, name)| format!("| {what} | {} |", counts[*name]))
        .collect();
    Some(format!(
        "{before}{BEGIN}\n\n| | |\n|---|---|\n{}\n\n{END}{after}",
        rows.join("\n")
    ))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::{BEGIN, END, with_counts};
    use crate::project;

    #[test]
    fn the_counts_replace_the_last_ones_and_nothing_else() {
        let text = format!("before\n{BEGIN}\nold\n{END}\nafter\n");
        let counts = json!({ "points": 4, "kills": 300, "sent": 10, "received": 9, "lost": 0, "twice": 0, "uncertain": 1, "seed": 7 });
        let once = with_counts(&text, &counts).expect("there is a place for them");
        assert!(
            once.starts_with("before\n") && once.ends_with("\nafter\n") && !once.contains("old"),
            "{once}"
        );
        assert!(once.contains("| Random `kill -9` | 300 |"), "{once}");
        assert_eq!(
            with_counts(&once, &counts),
            Some(once),
            "written twice it is the same"
        );
    }

    #[test]
    fn the_document_has_a_place_for_the_counts() {
        let text = std::fs::read_to_string(project::root().join("docs/reliability.md")).unwrap_or_default();
        assert!(
            with_counts(&text, &json!({})).is_some(),
            "`{BEGIN}` … `{END}` stands in docs/reliability.md"
        );
    }
}
