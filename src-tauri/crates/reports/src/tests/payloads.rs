//! What a customer may write so that a spreadsheet runs it.

use crate::guard::guarded;

/// Beginnings of formulas, as they are tried: each sign, blanks before it, lines below, forms that look alike.
pub(super) const PAYLOADS: [&str; 60] = [
    "=1+1",
    "=cmd|' /C calc'!A0",
    "=HYPERLINK(\"http://example.invalid\",\"a\")",
    "=IMPORTXML(\"http://example.invalid\",\"//a\")",
    "=WEBSERVICE(\"http://example.invalid\")",
    "=DDE(\"cmd\";\"/C calc\";\"a\")",
    "==1",
    "=",
    "+1+1",
    "+51900000001",
    "+cmd|' /C calc'!A0",
    "+",
    "-1+1",
    "-2+3+cmd|' /C calc'!A0",
    "-",
    "--1",
    "@SUM(1+1)",
    "@SUM(1+1)*cmd|' /C calc'!A0",
    "@",
    "\t=1+1",
    "\tplain",
    "\t",
    "\r=1+1",
    "\rplain",
    "\n=1+1",
    "\nplain",
    "\r\n=1+1",
    "\n",
    " =1+1",
    "   +1",
    " -1",
    " @SUM(1)",
    "\u{a0}=1+1",
    "\u{a0}\u{a0}-1",
    "\u{a0} =1",
    "\u{2003}=1+1",
    "\u{3000}=1+1",
    "\u{202f}@SUM(1)",
    "\u{feff}=1+1",
    "\u{200b}=1+1",
    "\u{200e}=1+1",
    "\u{202e}=1+1",
    "\u{2060}+1",
    "\u{0}=1+1",
    "\u{1b}=1+1",
    "hola\n=1+1",
    "hola\r=1+1",
    "hola\r\n+1",
    "hola\n -1",
    "hola\n\n@SUM(1)",
    "hola\u{2028}=1+1",
    "hola\u{85}=1+1",
    "hola\u{b}=1+1",
    "\"\n=1+1",
    "a\";\n=1+1;\"",
    "＝1+1",
    "＋1",
    "－1",
    "＠SUM(1)",
    " ＝1+1",
];

/// What the guard must never let through, said in another way than the guard says it.
pub(super) fn wakes(cell: &str) -> bool {
    let breaks = ['\r', '\n', '\u{b}', '\u{c}', '\u{85}', '\u{2028}', '\u{2029}'];
    let signs = "=+-@\t＝＋－＠";
    cell.starts_with(['\t', '\r', '\n'])
        || cell.split(breaks).any(|line| {
            line.chars()
                .find(|sign| {
                    *sign == '\t' || !(sign.is_whitespace() || sign.is_control() || is_unseen(*sign))
                })
                .is_some_and(|sign| signs.contains(sign))
        })
}

fn is_unseen(sign: char) -> bool {
    "\u{feff}\u{200b}\u{200e}\u{200f}\u{202e}\u{2060}".contains(sign)
}

#[test]
fn every_payload_is_one_and_is_put_to_sleep() {
    for payload in PAYLOADS {
        assert!(
            wakes(payload),
            "{payload:?} is no payload: the list would prove nothing"
        );
        let safe = guarded(payload);
        assert!(
            !wakes(&safe),
            "{payload:?} became {safe:?}, which a spreadsheet still runs"
        );
        assert_eq!(
            safe.replace('\'', ""),
            payload.replace('\'', ""),
            "nothing but apostrophes may be added"
        );
    }
}

#[test]
fn plain_words_stay_as_they_are() {
    for text in [
        "",
        "Sí, quiero dos",
        "a = b",
        "10-12",
        "José",
        "línea 1\nlínea 2",
        "'=1",
        "51900000001",
        "¿cuánto?",
    ] {
        assert_eq!(guarded(text), text, "an apostrophe where none is needed is noise");
    }
}
