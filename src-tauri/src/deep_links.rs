//! Links that lead into the program: `mostrador://chat/51900000011` and `mostrador://chat/id/12`, with `?text=…` if wished.
//!
//! Whoever makes a link may be anybody: a page, a letter, a customer. So a link can do two things and no third: show a chat that
//! is there already, and offer words for an empty draft, which a person reads before they send them. It never sends, changes a
//! setting or names a file. What is not exactly such a link is refused whole, and no part of it is logged.

use serde::Serialize;
use url::Url;

use crate::links::turns_text;

/// The scheme that the package claims on the desktop.
pub const SCHEME: &str = "mostrador";
/// Where all our links lead.
const PLACE: &str = "chat";
const BY_ID: &str = "id";
/// Longer ones hold nothing that we would take: every character of the longest text, spelled out.
const MAX_BYTES: usize = 64 * 1_024;
/// Characters, as in a message.
const MAX_TEXT: usize = 4_096;

/// Where a link leads.
#[derive(Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct DeepLink {
    /// Which chat.
    pub chat: LinkedChat,
    /// Words for its draft, if that is empty.
    pub text: Option<String>,
}

/// A chat as a link names it.
#[derive(Clone, PartialEq, Eq, Serialize)]
#[serde(tag = "by", rename_all = "snake_case")]
pub enum LinkedChat {
    /// By the number of the other side: 8 to 15 digits (E.164).
    Number {
        /// The digits.
        number: String,
    },
    /// By our own id.
    Id {
        /// The id.
        id: i64,
    },
}

/// Does it claim to be one of ours? It may still be refused.
pub fn claims_to_be(argument: &str) -> bool {
    let scheme = argument.split(':').next().unwrap_or_default();
    argument.len() > scheme.len() && scheme.eq_ignore_ascii_case(SCHEME)
}

/// Reads a link; `None` = it is refused.
pub fn read(link: &str) -> Option<DeepLink> {
    let url = Url::parse(link).ok().filter(|_| link.len() <= MAX_BYTES)?;
    let is_ours = url.scheme() == SCHEME
        && url.host_str() == Some(PLACE)
        && url.username().is_empty()
        && url.password().is_none()
        && url.port().is_none()
        && url.fragment().is_none();
    let parts: Vec<&str> = url.path_segments().filter(|_| is_ours)?.collect();
    let chat = match parts.as_slice() {
        [number] => LinkedChat::Number {
            number: digits(number, 8..=15)?.to_owned(),
        },
        [BY_ID, id] => LinkedChat::Id {
            id: digits(id, 1..=18)?.parse().ok()?,
        },
        _ => return None,
    };
    Some(DeepLink {
        chat,
        text: text(&url)?,
    })
}

/// Plain digits, as many as may be, the first no zero.
fn digits(part: &str, count: std::ops::RangeInclusive<usize>) -> Option<&str> {
    let plain = count.contains(&part.len())
        && part.bytes().all(|byte| byte.is_ascii_digit())
        && !part.starts_with('0');
    plain.then_some(part)
}

/// The words; `Some(None)` = none are offered, `None` = what is offered is refused.
fn text(url: &Url) -> Option<Option<String>> {
    let mut pairs = url.query_pairs();
    match (pairs.next(), pairs.next()) {
        (None, _) => Some(None),
        (Some((name, words)), None) if name == "text" => {
            let words = words.trim();
            let reads_as_it_is = words.chars().all(may_stand_in_a_draft) && words.chars().count() <= MAX_TEXT;
            reads_as_it_is.then(|| (!words.is_empty()).then(|| words.to_owned()))
        }
        _ => None,
    }
}

/// A draft has to read as what is sent: no control characters but line breaks and tabs, nothing that turns text around, and
/// nothing that was no text when it was written.
fn may_stand_in_a_draft(sign: char) -> bool {
    let control = sign.is_control() && !matches!(sign, '\n' | '\t');
    !control && !turns_text(sign) && sign != char::REPLACEMENT_CHARACTER
}

#[cfg(test)]
mod tests {
    use super::*;

    fn number(link: &str) -> Option<String> {
        match read(link)?.chat {
            LinkedChat::Number { number } => Some(number),
            LinkedChat::Id { .. } => None,
        }
    }

    #[test]
    fn a_link_names_a_chat_by_number_or_id() {
        assert_eq!(
            number("mostrador://chat/51900000011").as_deref(),
            Some("51900000011"),
            "a number"
        );
        assert_eq!(
            number("MOSTRADOR://chat/51900000011").as_deref(),
            Some("51900000011"),
            "schemes are the same in capitals"
        );
        let by_id = read("mostrador://chat/id/12").map(|link| link.chat);
        assert!(by_id == Some(LinkedChat::Id { id: 12 }), "our own id");
    }

    #[test]
    fn words_come_with_a_link_as_they_were_written() {
        let words = |link: &str| read(link).and_then(|link| link.text);
        assert_eq!(
            words("mostrador://chat/51900000011?text=Hola%2C%20%C2%BFqu%C3%A9%20tal%3F%0A%F0%9F%8D%9E")
                .as_deref(),
            Some("Hola, ¿qué tal?\n🍞"),
            "letters, a line break, a picture"
        );
        assert_eq!(
            words("mostrador://chat/id/12?text=a+b%2Bc").as_deref(),
            Some("a b+c"),
            "a plus is a space, as in a form"
        );
        assert_eq!(words("mostrador://chat/id/12?text=%20"), None, "blank is none");
        let longest = format!("mostrador://chat/id/12?text={}", "%C3%B1".repeat(MAX_TEXT));
        assert_eq!(
            words(&longest).map(|words| words.chars().count()),
            Some(MAX_TEXT),
            "as long as a message"
        );
    }

    #[test]
    fn what_is_not_exactly_such_a_link_is_refused() {
        let too_long = format!("mostrador://chat/id/12?text={}", "a".repeat(MAX_TEXT + 1));
        let endless = format!("mostrador://chat/id/12?text={}", "a".repeat(MAX_BYTES));
        for hostile in [
            "",
            "mostrador",
            "mostrador:",
            "mostrador:chat/51900000011",
            "mostrador:///chat/51900000011",
            "mostrador://chat",
            "mostrador://chat/",
            "mostrador://chat/51900000011/",
            "mostrador://chat//51900000011",
            "mostrador://chat/1234567",
            "mostrador://chat/5190000001112345",
            "mostrador://chat/0051900000011",
            "mostrador://chat/+51900000011",
            "mostrador://chat/51900000011@g.us",
            "mostrador://chat/%35%31900000011",
            "mostrador://chat/٥١٩٠٠٠٠٠٠١١",
            "mostrador://chat/51900000011;drop",
            "mostrador://chat/id",
            "mostrador://chat/id/",
            "mostrador://chat/id/0",
            "mostrador://chat/id/-1",
            "mostrador://chat/id/12/3",
            "mostrador://chat/id/9999999999999999999",
            "mostrador://chat/../settings/12345678",
            "mostrador://settings/51900000011",
            "mostrador://chat.evil.example/51900000011",
            "mostrador://evil@chat/51900000011",
            "mostrador://chat:80/51900000011",
            "mostrador://chat/51900000011#now",
            "mostrador://chat/51900000011?send=1",
            "mostrador://chat/51900000011?text=hi&send=1",
            "mostrador://chat/51900000011?text=a&text=b",
            "mostrador://chat/51900000011?Text=hi",
            "mostrador://chat/51900000011?text=%1b%5b2J",
            "mostrador://chat/51900000011?text=a%00b",
            "mostrador://chat/51900000011?text=pay%E2%80%AE001",
            "mostrador://chat/51900000011?text=%ff%fe",
            "https://chat/51900000011",
            "file:///etc/passwd",
            "javascript:alert(1)",
            "--data=/tmp",
            &too_long,
            &endless,
        ] {
            assert!(read(hostile).is_none(), "{:.80} leads nowhere", hostile);
        }
    }

    #[test]
    fn a_word_on_the_command_line_is_told_from_a_link() {
        for link in ["mostrador://chat/1", "mostrador:", "Mostrador:x"] {
            assert!(claims_to_be(link), "{link} is for us to judge");
        }
        for word in [
            "",
            "mostrador",
            "practice",
            "mostradorx://chat",
            "https://mostrador:1",
        ] {
            assert!(!claims_to_be(word), "{word} is a mistake");
        }
    }

    #[test]
    fn the_page_is_told_where_a_link_leads() {
        let told = |link: &str| serde_json::to_value(read(link)).expect("plain data");
        assert_eq!(
            told("mostrador://chat/51900000011?text=hola"),
            serde_json::json!({ "chat": { "by": "number", "number": "51900000011" }, "text": "hola" }),
            "by number"
        );
        assert_eq!(
            told("mostrador://chat/id/12"),
            serde_json::json!({ "chat": { "by": "id", "id": 12 }, "text": null }),
            "by id"
        );
    }
}
