//! What of the page is built into the program, compressed as it is there: with Brotli.

use std::io::Write as _;
use std::path::Path;

use crate::Problem;
use crate::figure::{Figure, Goal};

/// Thousands of bytes.
const MOST: f64 = 250.0;
const CODE: [&str; 3] = ["html", "js", "css"];
/// The best that it does.
const QUALITY: u32 = 9;
const WINDOW_BITS: u32 = 22;
const BUFFER: usize = 4_096;

pub(super) fn figures(ui: &Path) -> Result<Vec<Figure>, Problem> {
    let (code, other) = sizes(ui)?;
    Ok(vec![
        Figure::new("window_shipped_code", code / 1_000.0, "KB", Goal::AtMost(MOST)),
        Figure::new("window_shipped_other", other / 1_000.0, "KB", Goal::None),
    ])
}

/// Bytes of its code, and of all else (the font, the icon).
fn sizes(folder: &Path) -> Result<(f64, f64), Problem> {
    let (mut code, mut other) = (0.0, 0.0);
    for entry in std::fs::read_dir(folder)? {
        let path = entry?.path();
        if path.is_dir() {
            let within = sizes(&path)?;
            code += within.0;
            other += within.1;
            continue;
        }
        let size = compressed(&std::fs::read(&path)?)? as f64;
        let ending = path
            .extension()
            .and_then(|ending| ending.to_str())
            .unwrap_or_default();
        if CODE.contains(&ending) {
            code += size;
        } else {
            other += size;
        }
    }
    Ok((code, other))
}

fn compressed(bytes: &[u8]) -> Result<usize, Problem> {
    let mut writer = brotli::CompressorWriter::new(Vec::new(), BUFFER, QUALITY, WINDOW_BITS);
    writer.write_all(bytes)?;
    Ok(writer.into_inner().len())
}

#[cfg(test)]
mod tests {
    use super::sizes;

    #[test]
    fn code_is_told_apart_from_what_is_none_wherever_it_lies() {
        let folder = tempfile::tempdir().expect("a folder");
        let assets = folder.path().join("assets");
        std::fs::create_dir(&assets).expect("a folder");
        std::fs::write(folder.path().join("index.html"), "<p>".repeat(1_000)).expect("a page");
        std::fs::write(assets.join("a.js"), "let a;".repeat(1_000)).expect("a script");
        std::fs::write(assets.join("font.woff2"), [7; 100]).expect("a font");
        let (code, other) = sizes(folder.path()).expect("they can be read");
        assert!(
            code > 0.0 && code < 1_000.0,
            "both are counted, compressed: {code}"
        );
        assert!(other > 0.0 && other < code, "the font is none: {other}");
    }
}
