//! Under which name a file from outside is saved.
//!
//! Its sender chose the name, so it says nothing of where it goes and nothing that reads otherwise than it is: no folder, no
//! sign that is not seen or turns the order of letters (`gpj.exe` read from behind), no name that a system keeps for itself,
//! and an end that stays in sight. What kind of file it is stays in its ending; nothing that was saved is ever opened by us.

use crate::links::is_unseen;

/// Bytes; systems take 255, and a number in brackets may be added.
const MAX_BYTES: usize = 180;
/// An ending longer than this is a part of the name.
const MAX_ENDING: usize = 12;

/// The name to save under. `unnamed` is what it is called if nothing remains of the told name.
pub fn safe(told: &str, unnamed: &str) -> String {
    let last = told.rsplit(['/', '\\']).next().unwrap_or_default();
    let plain: String = last.chars().filter_map(plain).collect();
    // Many spaces push the real ending out of sight.
    let words: Vec<&str> = plain.split(' ').filter(|word| !word.is_empty()).collect();
    let name = words.join(" ");
    // Hidden, or cut by Windows.
    let name = name.trim_matches(|sign| sign == '.' || sign == ' ');
    let name = if name.is_empty() { unnamed } else { name };
    let name = shortened(name);
    if is_reserved(&name) {
        format!("_{name}")
    } else {
        name
    }
}

/// The `count`th name to try when others have the name already: `menu.pdf`, `menu (2).pdf`.
pub fn numbered(name: &str, count: u32) -> String {
    if count < 2 {
        return name.to_owned();
    }
    let (stem, ending) = parts(name);
    format!("{stem} ({count}){ending}")
}

/// A sign as it may stand in a name, if it may.
fn plain(sign: char) -> Option<char> {
    match sign {
        _ if is_unseen(sign) => None,
        _ if sign.is_whitespace() => Some(' '),
        _ if sign.is_control() => None,
        '<' | '>' | ':' | '"' | '|' | '?' | '*' => Some('_'),
        // They look like the parts of a path, or like the dot before an ending.
        '\u{2044}' | '\u{2215}' | '\u{29f8}' | '\u{ff0f}' | '\u{ff3c}' | '\u{2216}' | '\u{29f5}' => Some('_'),
        '\u{2024}' | '\u{ff0e}' | '\u{fe52}' => Some('.'),
        _ => Some(sign),
    }
}

/// Windows takes these for devices, whatever ending they have.
fn is_reserved(name: &str) -> bool {
    let stem = name
        .split('.')
        .next()
        .unwrap_or_default()
        .trim()
        .to_ascii_uppercase();
    let numbered = |device: &str| {
        stem.strip_prefix(device)
            .is_some_and(|rest| rest.chars().count() == 1 && rest.chars().all(|sign| sign.is_numeric()))
    };
    matches!(
        stem.as_str(),
        "CON" | "PRN" | "AUX" | "NUL" | "CONIN$" | "CONOUT$"
    ) || numbered("COM")
        || numbered("LPT")
}

/// Without its middle's end; the ending stays.
fn shortened(name: &str) -> String {
    if name.len() <= MAX_BYTES {
        return name.to_owned();
    }
    let (stem, ending) = parts(name);
    let mut room = MAX_BYTES.saturating_sub(ending.len());
    while !stem.is_char_boundary(room) {
        room -= 1;
    }
    let stem = stem.get(..room).unwrap_or_default().trim_end();
    format!("{stem}{ending}")
}

fn parts(name: &str) -> (&str, &str) {
    match name.rfind('.') {
        Some(at) if at > 0 && name.len() - at <= MAX_ENDING => name.split_at(at),
        _ => (name, ""),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_honest_name_stays_as_it_is() {
        for name in [
            "menu.pdf",
            "Lista de precios (marzo).xlsx",
            "ñandú y pingüino.docx",
            "価格.txt",
            "archive.tar.gz",
            "sin nombre",
            "a",
            "😀.png",
            "constancia.pdf",
            "COM10.txt",
            "Oferta 50% a $10.pdf",
        ] {
            assert_eq!(safe(name, "file"), name, "nothing is wrong with it");
        }
    }

    #[test]
    fn a_hostile_name_says_nothing_of_where_it_goes_and_hides_nothing() {
        let hostile = [
            ("../../etc/passwd", "passwd"),
            ("..\\..\\Windows\\win.ini", "win.ini"),
            ("/etc/passwd", "passwd"),
            ("C:\\autoexec.bat", "autoexec.bat"),
            ("\\\\evil.example\\share\\a.exe", "a.exe"),
            ("a/b\\c.pdf", "c.pdf"),
            ("C:evil.exe", "C_evil.exe"),
            ("a.txt:stream", "a.txt_stream"),
            ("..", "file"),
            (".", "file"),
            ("", "file"),
            ("   ", "file"),
            ("...", "file"),
            ("a/", "file"),
            ("\u{202e}", "file"),
            ("\u{200b}\u{feff}", "file"),
            (".bashrc", "bashrc"),
            ("..hidden", "hidden"),
            ("~/.ssh/authorized_keys", "authorized_keys"),
            ("menu.pdf.", "menu.pdf"),
            ("menu.pdf...", "menu.pdf"),
            ("menu.exe ", "menu.exe"),
            ("menu.pdf . .", "menu.pdf"),
            ("photo\u{202e}gpj.exe", "photogpj.exe"),
            ("photo\u{2066}\u{202d}gpj.exe\u{2069}", "photogpj.exe"),
            ("me\u{200d}nu.pdf", "menu.pdf"),
            ("me\u{ad}nu.pdf", "menu.pdf"),
            ("menu\u{2028}.pdf", "menu.pdf"),
            ("menu.pdf\u{0}.exe", "menu.pdf.exe"),
            ("menu\n.pdf", "menu .pdf"),
            ("menu\r\nSet: x.pdf", "menu Set_ x.pdf"),
            ("menu.pdf                              .exe", "menu.pdf .exe"),
            ("menu.pdf\u{a0}\u{a0}\u{3000}.exe", "menu.pdf .exe"),
            ("menu\t.pdf", "menu .pdf"),
            ("menu\u{1b}[2J.pdf", "menu[2J.pdf"),
            ("menu\u{7f}.pdf", "menu.pdf"),
            ("menu\u{85}.pdf", "menu .pdf"),
            ("menu<b>.pdf", "menu_b_.pdf"),
            ("what?.pdf", "what_.pdf"),
            ("a*b.pdf", "a_b.pdf"),
            ("a|b.pdf", "a_b.pdf"),
            ("\"menu\".pdf", "_menu_.pdf"),
            ("CON", "_CON"),
            ("con.txt", "_con.txt"),
            ("NUL.tar.gz", "_NUL.tar.gz"),
            ("aux", "_aux"),
            ("PRN.pdf", "_PRN.pdf"),
            ("COM1", "_COM1"),
            ("CONIN$", "_CONIN$"),
            ("LPT\u{b3}", "_LPT\u{b3}"),
            ("lpt2. pdf", "_lpt2. pdf"),
            ("com9.pdf", "_com9.pdf"),
            ("LPT1.pdf", "_LPT1.pdf"),
            ("COM\u{b9}.pdf", "_COM\u{b9}.pdf"),
            ("nul .txt", "_nul .txt"),
            ("a\u{2215}b.pdf", "a_b.pdf"),
            ("a\u{2044}b.pdf", "a_b.pdf"),
            ("a\u{ff0f}b.pdf", "a_b.pdf"),
            ("a\u{ff3c}b.pdf", "a_b.pdf"),
            ("menu\u{2024}exe", "menu.exe"),
            ("menu\u{ff0e}exe", "menu.exe"),
            ("file:///etc/passwd", "passwd"),
            ("menu\u{fe0f}.pdf", "menu.pdf"),
            ("menu\u{e0041}.pdf", "menu.pdf"),
        ];
        assert!(hostile.len() > 60, "a list that is worth the name");
        for (told, name) in hostile {
            assert_eq!(safe(told, "file"), name, "{told:?}");
            assert_eq!(safe(name, "file"), name, "{name:?} is safe already");
        }
    }

    #[test]
    fn a_long_name_keeps_its_ending() {
        for told in [
            "a".repeat(4_000) + ".pdf",
            "ñ".repeat(4_000) + ".pdf",
            "😀".repeat(4_000) + ".pdf",
        ] {
            let name = safe(&told, "file");
            assert!(
                name.len() <= MAX_BYTES && name.ends_with(".pdf"),
                "{} bytes",
                name.len()
            );
        }
        let no_ending = "a.".repeat(4_000) + &"b".repeat(4_000);
        assert!(
            safe(&no_ending, "file").len() <= MAX_BYTES,
            "an ending without end is none"
        );
    }

    #[test]
    fn a_taken_name_gets_a_number_before_its_ending() {
        assert_eq!(numbered("menu.pdf", 1), "menu.pdf", "the first has none");
        assert_eq!(numbered("menu.pdf", 2), "menu (2).pdf", "the ending stays last");
        assert_eq!(numbered("menu", 3), "menu (3)", "without an ending too");
    }
}
