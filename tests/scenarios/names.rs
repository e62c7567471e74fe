//! The capability set decides what is shown and done, never which gateway it is: a gateway that is added later works without a change in
//! the crates above the drivers. (`ui/tests/gateway-names.test.ts` holds the window to the same.)

use std::path::{Path, PathBuf};

use mostrador_gateways::GatewayKind;

/// The crates above the drivers.
const ABOVE: [&str; 6] = ["domain", "campaigns", "reports", "store", "engine", "api"];

#[test]
fn no_crate_above_the_drivers_names_a_gateway() {
    let names: Vec<String> = GatewayKind::all()
        .filter(|kind| !kind.is_practice())
        .flat_map(|kind| [kind.as_str().to_owned(), kind.name().to_lowercase()])
        .collect();
    assert!(names.len() > 8, "they are known: {names:?}");
    let crates = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let mut sources = vec![];
    for name in ABOVE {
        gather(&crates.join(name).join("src"), &mut sources);
    }
    assert!(sources.len() > 200, "they are looked at: {}", sources.len());
    let naming: Vec<String> = sources
        .iter()
        .flat_map(|path| {
            let source = std::fs::read_to_string(path).expect("a source");
            let code = production(&source).to_lowercase();
            let named = names.iter().filter(|name| code.contains(name.as_str()));
            let at = path.strip_prefix(&crates).unwrap_or(path).display().to_string();
            named.map(|name| format!("{at}: {name}")).collect::<Vec<_>>()
        })
        .collect();
    assert!(naming.is_empty(), "{naming:#?}");
}

fn gather(folder: &Path, into: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(folder).expect("a folder") {
        let path = entry.expect("an entry").path();
        if path.is_dir() {
            gather(&path, into);
        } else if path.extension().is_some_and(|ending| ending == "rs") {
            into.push(path);
        }
    }
}

/// What runs in the program: no tests, which stand at a file's end or in files of their own, and no comments.
fn production(source: &str) -> String {
    let before = source.split("#[cfg(test)]\nmod tests {").next().unwrap_or(source);
    let code = before.lines().filter(|line| !line.trim_start().starts_with("//"));
    code.collect::<Vec<_>>().join("\n")
}
