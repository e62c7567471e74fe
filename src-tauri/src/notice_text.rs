//! Text from outside, made fit for a desktop notification.
//!
//! A notification's title is plain text, its body is markup: a daemon may show `<b>` as bold and `<a>` as a link. What a
//! customer writes is neither, so it is escaped. Characters that are not seen but turn text around (a name that reads as
//! another one) are left out, and neither part may grow without end: it is a glance, the message itself is in the window.

use crate::links::turns_text;

/// The longest title, in characters.
const TITLE: usize = 80;
/// The longest body, in characters, before it is escaped.
const BODY: usize = 400;

/// A title: one line of plain text.
pub fn title(text: &str) -> String {
    let line: String = visible(text)
        .map(|c| if c.is_whitespace() { ' ' } else { c })
        .collect();
    shortened(line.trim(), TITLE)
}

/// A body as plain text, for daemons that know no markup.
pub fn plain_body(text: &str) -> String {
    let lines: String = visible(text).collect();
    shortened(lines.trim(), BODY)
}

/// A body as markup that shows exactly the text.
pub fn markup_body(text: &str) -> String {
    let plain = plain_body(text);
    let mut markup = String::with_capacity(plain.len());
    for c in plain.chars() {
        match c {
            '&' => markup.push_str("&amp;"),
            '<' => markup.push_str("&lt;"),
            '>' => markup.push_str("&gt;"),
            '"' => markup.push_str("&quot;"),
            '\'' => markup.push_str("&#39;"),
            plain => markup.push(plain),
        }
    }
    markup
}

/// Without control characters (line breaks and tabs stay) and without those that change the direction of what follows.
fn visible(text: &str) -> impl Iterator<Item = char> {
    text.chars()
        .filter(|c| (!c.is_control() || matches!(c, '\n' | '\t')) && !turns_text(*c))
}

fn shortened(text: &str, longest: usize) -> String {
    match text.char_indices().nth(longest) {
        None => text.to_owned(),
        Some((end, _)) => format!("{}…", text[..end].trim_end()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_body_shows_markup_as_the_text_that_it_is() {
        let hostile = r#"<b>hi</b> & <a href="https://shop.example">pay</a> <img src='x'>"#;
        let markup = markup_body(hostile);
        assert_eq!(
            markup,
            "&lt;b&gt;hi&lt;/b&gt; &amp; &lt;a href=&quot;https://shop.example&quot;&gt;pay&lt;/a&gt; &lt;img src=&#39;x&#39;&gt;",
            "nothing of it may become bold, a link or a picture"
        );
    }

    #[test]
    fn what_is_escaped_already_is_escaped_again() {
        assert_eq!(
            markup_body("&lt;"),
            "&amp;lt;",
            "the customer wrote these four letters, and they are shown"
        );
    }

    #[test]
    fn a_long_body_is_cut_before_it_is_escaped() {
        let markup = markup_body(&"&".repeat(BODY + 1));
        assert!(
            markup.ends_with("&amp;…"),
            "no entity may be cut in half: {}",
            &markup[markup.len() - 12..]
        );
        assert_eq!(
            markup.matches("&amp;").count(),
            BODY,
            "what is shown is counted, not its spelling"
        );
    }

    #[test]
    fn a_title_is_one_short_line() {
        assert_eq!(
            title("  Rosa\nPérez\t(taller) "),
            "Rosa Pérez (taller)",
            "line breaks would make room for a false body"
        );
        let long = title(&"ñ".repeat(TITLE * 2));
        assert_eq!(
            long.chars().count(),
            TITLE + 1,
            "cut with an ellipsis, by characters and not by bytes"
        );
    }

    #[test]
    fn characters_that_turn_or_hide_text_are_left_out() {
        assert_eq!(
            title("Banco\u{202e}asoR\u{0}\u{7}"),
            "BancoasoR",
            "a name must read as it is written"
        );
        assert_eq!(
            plain_body("a\u{2067}b\u{1b}[31mc\nd"),
            "ab[31mc\nd",
            "no escape reaches the daemon, lines stay"
        );
    }

    #[test]
    fn everyday_text_is_left_alone() {
        for text in ["¿Tienen pan de molde? 🍞", "ن", "1 + 1 = 2"] {
            assert_eq!(plain_body(text), text, "nothing in it is dangerous");
            assert_eq!(markup_body(text), text, "nothing in it is markup");
        }
    }
}
