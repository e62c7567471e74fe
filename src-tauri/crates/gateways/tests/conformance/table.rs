//! The table of the battery in `docs/gateways.md`: what each dialect is held to, and why not to the rest.

use std::fmt::Write as _;
use std::path::PathBuf;

use crate::DIALECTS;
use crate::checks_list;

const BEGIN: &str = "<!-- battery: begin. Written by the battery itself, do not edit: MOSTRADOR_WRITE=1 cargo test -p mostrador-gateways --test conformance table -->\n";
const END: &str = "<!-- battery: end -->\n";

fn table() -> String {
    let mut out = String::from("\n| Check |");
    for dialect in DIALECTS {
        let _infallible = write!(out, " {} |", dialect.name);
    }
    out.push_str("\n|---|");
    out.push_str(&"---|".repeat(DIALECTS.len()));
    out.push('\n');
    let mut group_before = "";
    for (group, check, need) in checks_list() {
        if group != group_before {
            let _infallible = writeln!(out, "| **{group}** |{}", " |".repeat(DIALECTS.len()));
            group_before = group;
        }
        let _infallible = write!(out, "| {} |", check.replace('_', " "));
        for dialect in DIALECTS {
            match need.missing(dialect) {
                None => out.push_str(" ✓ |"),
                Some(reason) => {
                    let _infallible = write!(out, " *{reason}* |");
                }
            }
        }
        out.push('\n');
    }
    out.push('\n');
    out
}

#[test]
fn the_table_of_the_documentation_is_not_stale() {
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../../docs/gateways.md");
    let text = std::fs::read_to_string(&path).expect("docs/gateways.md is there");
    let (before, rest) = text.split_once(BEGIN).expect("the table has a beginning");
    let (_, after) = rest.split_once(END).expect("the table has an end");
    let fresh = format!("{before}{BEGIN}{}{END}{after}", table());
    if std::env::var_os("MOSTRADOR_WRITE").is_some() {
        std::fs::write(&path, &fresh).expect("it can be written");
    }
    let now = std::fs::read_to_string(&path).expect("docs/gateways.md is there");
    assert!(
        now == fresh,
        "docs/gateways.md is stale: its first line of the table says how to write it"
    );
}
