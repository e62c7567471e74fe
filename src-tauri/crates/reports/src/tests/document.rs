//! PDF.

use std::fs;
use std::path::Path;

use super::samples::{long, nothing, report};
use crate::{Language, pdf};

/// Writes documents to look at: `cargo test -p mostrador-reports -- --ignored look`.
#[test]
#[ignore = "writes files into target/reports, for people to look at"]
fn look() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../target/reports");
    fs::create_dir_all(&folder).expect("a folder under target");
    for language in Language::ALL {
        for (name, report) in [("usual", report()), ("long", long()), ("nothing", nothing())] {
            let file = pdf(&report, language).expect("a document");
            fs::write(folder.join(format!("{name}-{}.pdf", language.words().tag)), file).expect("a file");
        }
    }
}
