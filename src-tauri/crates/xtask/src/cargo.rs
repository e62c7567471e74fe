//! Calls of cargo, and the program that a build made.

use std::path::PathBuf;

use serde_json::Value;

use crate::failure::Failure;
use crate::program::Program;

/// The desktop program as people run it: with the UI built in, not fetched from a development server. Every call
/// that compiles the desktop package uses these arguments, so that it is compiled once.
pub(crate) const DESKTOP: [&str; 4] = ["--package", "mostrador", "--features", "custom-protocol"];

/// Everything but the desktop package: no Tauri, no GTK.
pub(crate) const NO_DESKTOP: [&str; 3] = ["--workspace", "--exclude", "mostrador"];

/// The cargo that started us.
pub(crate) fn cargo<const N: usize>(arguments: [&str; N]) -> Program {
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    Program::new(cargo).args(arguments)
}

/// Builds with `arguments` and gives the path of the program called `name` that came out.
pub(crate) fn build(name: &str, arguments: &[&str]) -> Result<PathBuf, Failure> {
    let messages = cargo(["build", "--message-format=json-render-diagnostics"])
        .args(arguments)
        .result_with_progress()?;
    executable(&messages, name).ok_or_else(|| Failure::Unexpected {
        what: format!("The build ended well but made no program called {name}"),
        advice: "Check that the package still has it.".to_owned(),
    })
}

/// What to add to `cargo test` with [`DESKTOP`] for everything of that package but the test called `left_out`.
pub(crate) fn desktop_tests_but(left_out: &str) -> Result<Vec<String>, Failure> {
    let described = cargo(["metadata", "--no-deps", "--format-version", "1"]).answer();
    let described = described.as_deref().map(serde_json::from_str::<Value>);
    let Some(Ok(described)) = described else {
        return Err(Failure::Unexpected {
            what: "cargo could not describe the workspace".to_owned(),
            advice: "Run `cargo metadata --no-deps` and mend what it says.".to_owned(),
        });
    };
    let mut arguments = vec!["--lib".to_owned(), "--bins".to_owned()];
    for name in integration_tests(&described, "mostrador").filter(|name| *name != left_out) {
        arguments.extend(["--test".to_owned(), name.to_owned()]);
    }
    Ok(arguments)
}

/// The names of a package's integration tests, in cargo's description of the workspace.
fn integration_tests<'a>(described: &'a Value, package: &'a str) -> impl Iterator<Item = &'a str> {
    let packages = described["packages"].as_array().into_iter().flatten();
    packages
        .filter(move |candidate| candidate["name"] == package)
        .filter_map(|package| package["targets"].as_array())
        .flatten()
        .filter(|target| target["kind"][0] == "test")
        .filter_map(|target| target["name"].as_str())
}

/// Finds a program in cargo's messages, one JSON object a line.
fn executable(messages: &str, name: &str) -> Option<PathBuf> {
    messages
        .lines()
        .filter_map(|line| serde_json::from_str::<Value>(line).ok())
        .filter(|message| message["reason"] == "compiler-artifact" && message["target"]["name"] == name)
        .filter(|message| message["target"]["kind"][0] == "bin")
        .find_map(|message| message["executable"].as_str().map(PathBuf::from))
}

#[cfg(test)]
mod tests {
    use std::path::PathBuf;

    use super::{executable, integration_tests};

    #[test]
    fn only_the_integration_tests_of_the_named_package_are_listed() {
        let described = serde_json::json!({"packages": [
            {"name": "shop", "targets": [
                {"name": "shop", "kind": ["lib"]},
                {"name": "opening", "kind": ["test"]},
                {"name": "window", "kind": ["test"]},
            ]},
            {"name": "other", "targets": [{"name": "elsewhere", "kind": ["test"]}]},
        ]});
        let listed: Vec<&str> = integration_tests(&described, "shop").collect();
        assert_eq!(
            listed,
            ["opening", "window"],
            "neither the library nor another package's tests"
        );
    }

    #[test]
    fn the_program_is_found_among_libraries_of_the_same_name() {
        let messages = concat!(
            r#"{"reason":"compiler-artifact","target":{"name":"counter","kind":["lib"]},"executable":null}"#,
            "\n",
            "not JSON: a build script printed it\n",
            r#"{"reason":"compiler-artifact","target":{"name":"other","kind":["bin"]},"executable":"/t/other"}"#,
            "\n",
            r#"{"reason":"compiler-artifact","target":{"name":"counter","kind":["bin"]},"executable":"/t/counter"}"#,
            "\n",
            r#"{"reason":"build-finished","success":true}"#,
        );
        assert_eq!(
            executable(messages, "counter"),
            Some(PathBuf::from("/t/counter")),
            "the binary of that name, wherever cargo put it"
        );
        assert_eq!(
            executable(messages, "missing"),
            None,
            "what was not built is not found"
        );
    }
}
