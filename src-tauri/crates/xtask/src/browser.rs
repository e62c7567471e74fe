//! The headless program: served to a person's browser, and driven by the browser tests.
//!
//! Its first line is its address and a token, as JSON; everything it does needs that token. A person gets both in
//! one address, with the token after the `#`: that part stays in the browser and is sent to nobody.

use std::ffi::OsStr;
use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::Stdio;

use serde_json::Value;

use crate::cargo;
use crate::failure::Failure;
use crate::machine;
use crate::node::Node;
use crate::program::Program;

/// The headless program.
pub(crate) const HEADLESS_NAME: &str = "mostrador-headless";

/// What cargo is told to build it.
pub(crate) const HEADLESS: [&str; 4] = ["--package", "mostrador-api", "--bin", HEADLESS_NAME];

/// The practice shop by itself: a gateway that can be away while the program goes on.
const PRACTICE_NAME: &str = "mostrador-practice";
const PRACTICE: [&str; 4] = ["--package", "mostrador-sandbox", "--bin", PRACTICE_NAME];

/// Serves the practice shop until the program ends or Ctrl-C.
pub(crate) fn serve_practice_shop(program: &Path) -> Result<(), Failure> {
    let data = machine::data_folder().ok_or_else(|| {
        Failure::Missing(
            "Set HOME (on Windows APPDATA) to say where the practice shop keeps its data.".to_owned(),
        )
    })?;
    let mut served = Program::new(program)
        .args([OsStr::new("--data"), data.join("mostrador-practice").as_os_str()])
        .args(["--port", "0", "--secrets", "memory", "--practice", "--ui"])
        .advice("Read what it says above; if another one is open on the same data, close that first.")
        .streams(Stdio::null(), Stdio::piped(), Stdio::inherit());
    let mut running = served.start_sharing_group()?;
    if let Some(output) = running.child.stdout.take() {
        let mut output = BufReader::new(output);
        let mut first = String::new();
        let read = output
            .read_line(&mut first)
            .map_err(Failure::file("the program's output"))?;
        if read > 0 {
            println!("\n{}\n", address(&first)?);
            println!("Open this in a browser on this machine. The part after # is the key to this run only.");
            println!("Ctrl-C ends it.");
        }
        // Nothing more is expected there, but a full pipe would stop the program.
        std::io::copy(&mut output, &mut std::io::sink()).map_err(Failure::file("the program's output"))?;
    }
    served.finish(running, None)
}

/// The address to open, from the program's first line.
fn address(first_line: &str) -> Result<String, Failure> {
    let said: Value = serde_json::from_str(first_line).unwrap_or_default();
    match (said["url"].as_str(), said["token"].as_str()) {
        (Some(url), Some(token)) => Ok(format!("{}/#token={token}", url.trim_end_matches('/'))),
        _ => Err(Failure::Unexpected {
            what: format!("{HEADLESS_NAME} did not say where it listens"),
            advice: "Its first line should be {\"url\", \"token\"}; mend that, then run this again."
                .to_owned(),
        }),
    }
}

/// Walks through the headless program in Chromium, and takes its pictures if `screenshots` says where to.
pub(crate) fn walk(node: &Node, chromium: &Path, screenshots: Option<&Path>) -> Result<(), Failure> {
    // Both at once, so that what they share is compiled once; cargo puts them beside each other.
    let headless = cargo::build(HEADLESS_NAME, &[HEADLESS, PRACTICE].concat())?;
    let practice = headless.with_file_name(format!("{PRACTICE_NAME}{}", std::env::consts::EXE_SUFFIX));
    let mut tests = node
        .npm(["run", "e2e"])
        .env("MOSTRADOR_HEADLESS", headless)
        .env("MOSTRADOR_PRACTICE", practice)
        .env("CHROMIUM_PATH", chromium);
    tests = match screenshots {
        Some(folder) => tests.env("MOSTRADOR_SCREENSHOTS", folder),
        None => tests.without_env("MOSTRADOR_SCREENSHOTS"),
    };
    tests.quietly()
}

#[cfg(test)]
mod tests {
    use super::address;

    #[test]
    fn the_token_goes_after_the_hash_where_no_server_sees_it() {
        let shown = address(r#"{"url":"http://127.0.0.1:4321","token":"abc"}"#).ok();
        assert_eq!(shown.as_deref(), Some("http://127.0.0.1:4321/#token=abc"));
    }

    #[test]
    fn an_address_that_ends_in_a_slash_gets_no_second_one() {
        let shown = address(r#"{"url":"http://127.0.0.1:4321/","token":"abc"}"#).ok();
        assert_eq!(shown.as_deref(), Some("http://127.0.0.1:4321/#token=abc"));
    }

    #[test]
    fn a_first_line_without_an_address_is_a_failure_that_shows_no_token() {
        for line in ["", "listening…", r#"{"token":"abc"}"#] {
            let shown = address(line).map_err(|failure| failure.to_string());
            assert!(
                matches!(&shown, Err(words) if !words.contains("abc")),
                "`{line}` names no address, but gave {shown:?}"
            );
        }
    }
}
