//! `docs/reliability.md` names tests; each of them exists.

use std::path::Path;

/// `path::name` of every test that the document names.
fn named(document: &str) -> Vec<(&str, &str)> {
    let quoted = document.split('`').skip(1).step_by(2);
    quoted.filter_map(|quoted| quoted.split_once(".rs::")).collect()
}

#[test]
fn every_test_that_the_document_names_exists() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../..");
    let document = std::fs::read_to_string(root.join("docs/reliability.md")).expect("the document");
    let named = named(&document);
    assert!(named.len() > 30, "the table is there: {} tests", named.len());
    let dead = named.iter().filter(|(path, name)| {
        let below = if path.starts_with("crates/") {
            "src-tauri"
        } else {
            ""
        };
        let source = std::fs::read_to_string(root.join(below).join(format!("{path}.rs"))).unwrap_or_default();
        let declared = source
            .split_once(&format!("fn {name}("))
            .map(|(before, _)| before);
        // A test, and not just a function of that name.
        !declared.is_some_and(|before| {
            before
                .rsplit('\n')
                .nth(1)
                .is_some_and(|line| line.trim().contains("test]"))
        })
    });
    let dead: Vec<_> = dead.collect();
    assert!(
        dead.is_empty(),
        "named in docs/reliability.md and in no source: {dead:#?}"
    );
}

#[test]
fn every_bad_input_has_a_test() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../..");
    let document = std::fs::read_to_string(root.join("docs/reliability.md")).expect("the document");
    let (_, table) = document.split_once("| Bad input |").expect("the table");
    for row in table.lines().skip(2).take_while(|line| line.starts_with('|')) {
        assert!(row.contains(".rs::"), "no test shows this: {row}");
    }
}
