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

/// A table of counts in the document.
struct Table {
    /// From so many kills on, a run's counts are written into it.
    worth_noting: u64,
    /// What stands around it.
    begin: &'static str,
    end: &'static str,
    /// What stands in it, and the count's name.
    rows: &'static [(&'static str, &'static str)],
}

const OF_MESSAGES: Table = Table {
    worth_noting: 300,
    begin: "<!-- counts: written by `cargo xtask crash` -->",
    end: "<!-- end of counts -->",
    rows: &[
        ("Named points at which it killed itself", "points"),
        ("Random `kill -9`", "kills"),
        ("Messages that reached somebody", "sent"),
        ("Customers' messages that are shown", "received"),
        ("Lost", "lost"),
        ("Twice", "twice"),
        ("Uncertain, each shown for a person to decide", "uncertain"),
        ("Seed", "seed"),
    ],
};

const OF_CAMPAIGNS: Table = Table {
    worth_noting: 200,
    begin: "<!-- counts: written by `cargo xtask crash --campaign` -->",
    end: "<!-- end of the campaign's counts -->",
    rows: &[
        ("Named points at which it killed itself", "points"),
        ("Random `kill -9`", "kills"),
        ("People on the list", "recipients"),
        ("People who got it, the named points' included", "sent"),
        ("Lost", "lost"),
        ("Twice", "twice"),
        ("Left out or failed, each shown with its reason", "failed"),
        ("By reason", "reasons"),
        (
            "Uncertain while the gateway shows nothing, each shown for a person to decide",
            "uncertain",
        ),
        ("Paused by the brake and resumed by a person", "resumed"),
        ("Seed", "seed"),
    ],
};

/// Runs every named crash point and `kills` random kills, and notes the counts if there were enough. With `recipients`, it is a
/// campaign to so many people that is killed.
pub(crate) fn run(kills: u32, seed: u64, recipients: Option<u32>) -> Result<ExitCode, Failure> {
    let folder = project::root().join("target").join("crash");
    fs::create_dir_all(&folder).map_err(Failure::file(&folder))?;
    let campaign = recipients.map(|recipients| {
        [
            "--campaign".to_owned(),
            "--recipients".to_owned(),
            recipients.to_string(),
        ]
    });
    runner(&folder)?
        .args(["--kills", &kills.to_string(), "--seed", &seed.to_string()])
        .args(campaign.into_iter().flatten())
        .advice("What was found stands above; run it again with the same seed to see it again.")
        .in_terminal()?;
    let result = folder.join("result.json");
    let counts = fs::read_to_string(&result).map_err(Failure::file(&result))?;
    let counts: Value = serde_json::from_str(&counts).unwrap_or_default();
    let of = if recipients.is_some() {
        &OF_CAMPAIGNS
    } else {
        &OF_MESSAGES
    };
    if counts["kills"]
        .as_u64()
        .is_some_and(|made| made >= of.worth_noting)
    {
        note(of, &counts)?;
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

fn note(of: &Table, counts: &Value) -> Result<(), Failure> {
    let path = project::root().join("docs").join("reliability.md");
    let text = fs::read_to_string(&path).map_err(Failure::file(&path))?;
    let Some(text) = with_counts(of, &text, counts) else {
        return Err(Failure::Unexpected {
            what: format!("{} has no place for the counts", path.display()),
            advice: format!("Put `{}` and `{}` where they belong.", of.begin, of.end),
        });
    };
    fs::write(&path, text).map_err(Failure::file(&path))
}

/// The document with these counts in the place of the last ones; `None` = it has no such place.
fn with_counts(of: &Table, text: &str, counts: &Value) -> Option<String> {
    let (begin, end) = (of.begin, of.end);
    let (before, rest) = text.split_once(begin)?;
    let (_, after) = rest.split_once(end)?;
    let rows: Vec<String> = of
        .rows
        .iter()
        .map(|(what, name)| {
            let count = &counts[*name];
            match count.as_str() {
                Some(words) => format!("| {what} | {words} |"),
                None => format!("| {what} | {count} |"),
            }
        })
        .collect();
    Some(format!(
        "{before}{begin}\n\n| | |\n|---|---|\n{}\n\n{end}{after}",
        rows.join("\n")
    ))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::{OF_CAMPAIGNS, OF_MESSAGES, with_counts};
    use crate::project;

    #[test]
    fn the_counts_replace_the_last_ones_and_nothing_else() {
        let (begin, end) = (OF_MESSAGES.begin, OF_MESSAGES.end);
        let text = format!("before\n{begin}\nold\n{end}\nafter\n");
        let counts = json!({ "points": 4, "kills": 300, "sent": 10, "received": 9, "lost": 0, "twice": 0, "uncertain": 1, "seed": 7 });
        let once = with_counts(&OF_MESSAGES, &text, &counts).expect("there is a place for them");
        assert!(
            once.starts_with("before\n") && once.ends_with("\nafter\n") && !once.contains("old"),
            "{once}"
        );
        assert!(once.contains("| Random `kill -9` | 300 |"), "{once}");
        assert_eq!(
            with_counts(&OF_MESSAGES, &once, &counts),
            Some(once),
            "written twice it is the same"
        );
    }

    #[test]
    fn the_document_has_a_place_for_each_table_of_counts() {
        let text = std::fs::read_to_string(project::root().join("docs/reliability.md")).unwrap_or_default();
        for of in [&OF_MESSAGES, &OF_CAMPAIGNS] {
            assert!(
                with_counts(of, &text, &json!({})).is_some(),
                "`{}` … `{}` stands in docs/reliability.md",
                of.begin,
                of.end
            );
        }
    }
}
