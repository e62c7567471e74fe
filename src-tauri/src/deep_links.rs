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
        let hostile = [
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
            " mostrador://chat/",
            "mostrador://",
            "mostrador:///",
            "mostrador:////chat/51900000011",
            "mostrador:\\\\chat\\51900000011",
            "mostrador:/chat/51900000011",
            "mostrador://chat/51900000011%00",
            "mostrador://chat/51900000011%0a",
            "mostrador://chat/51900000011%20",
            "mostrador://chat/51900000011%2f",
            "mostrador://chat/51900000011%2f..%2fid",
            "mostrador://chat/519\u{200b}00000011",
            "mostrador://chat/５１９００００００１１",
            "mostrador://chat/51900000O11",
            "mostrador://chat/0x519000000",
            "mostrador://chat/5.19e10000",
            "mostrador://chat/51900000011,51900000012",
            "mostrador://chat/51900000011 51900000012",
            "mostrador://chat/51900000011\\",
            "mostrador://chat/(519)00000011",
            "mostrador://chat/519-000-00011",
            "mostrador://chat/51900000011@s.whatsapp.net",
            "mostrador://chat/tel:51900000011",
            "mostrador://chat/https://evil.example/51900000011",
            "mostrador://chat/$(id)",
            "mostrador://chat/`id`",
            "mostrador://chat/'--",
            "mostrador://chat/1%20OR%201=1",
            "mostrador://chat/<img src=x onerror=alert(1)>",
            "mostrador://chat/%3Cscript%3E",
            "mostrador://chat/..",
            "mostrador://chat/../../etc/passwd",
            "mostrador://chat/..%2f..%2fetc%2fpasswd",
            "mostrador://chat/C:\\Windows",
            "mostrador://chat/id/00000001",
            "mostrador://chat/id/1.0",
            "mostrador://chat/id/1e3",
            "mostrador://chat/id/0x1",
            "mostrador://chat/id/+1",
            "mostrador://chat/id/１",
            "mostrador://chat/id/1/",
            "mostrador://chat/id//1",
            "mostrador://chat/ID/1",
            "mostrador://chat/%69d/1",
            "mostrador://chat/id/1;2",
            "mostrador://chat/id/1?&text=a&text=b",
            "mostrador://chat/id/1?text[]=a&x=1",
            "mostrador://chat/id/1?TEXT=a",
            "mostrador://chat/id/1?%54ext=a",
            "mostrador://chat/id/1?text=a#b",
            "mostrador://chat/id/1#",
            "mostrador://chat/id/1?media=/etc/passwd",
            "mostrador://chat/id/1?file=file:///etc/passwd",
            "mostrador://chat/id/1?draft=a",
            "mostrador://chat/id/1?text=%07",
            "mostrador://chat/id/1?text=%7f",
            "mostrador://chat/id/1?text=a%c2%85b",
            "mostrador://chat/id/1?text=a%c2%9bb",
            "mostrador://chat/id/1?text=a%e2%80%aab",
            "mostrador://chat/id/1?text=a%e2%80%abb",
            "mostrador://chat/id/1?text=a%e2%80%acb",
            "mostrador://chat/id/1?text=a%e2%80%adb",
            "mostrador://chat/id/1?text=a%e2%81%a6b",
            "mostrador://chat/id/1?text=a%e2%81%a7b",
            "mostrador://chat/id/1?text=a%e2%81%a8b",
            "mostrador://chat/id/1?text=a%e2%81%a9b",
            "mostrador://chat/id/1?text=%c0%af",
            "mostrador://chat/id/1?text=%ed%a0%80",
            "mostrador://chat/id/1?text=%f5%80%80%80",
            "mostrador://chats/51900000011",
            "mostrador://CHAT/51900000011",
            "mostrador://cһat/51900000011",
            "mostrador://chat./51900000011",
            "mostrador://chat%2e/51900000011",
            "mostrador://localhost/chat/51900000011",
            "mostrador://127.0.0.1/51900000011",
            "mostrador://[::1]/51900000011",
            "mostrador://:secret@chat/51900000011",
            "mostrador://chat:99999/51900000011",
            "mostrador://send/51900000011",
            "mostrador://call/51900000011",
            "mostrador://import/51900000011",
            "mostrador://campaign/id/1",
            "mostrador://settings/token",
            "mostradorx://chat/51900000011",
            "mostrador-x://chat/51900000011",
            "mоstrador://chat/51900000011",
            "x-mostrador:mostrador://chat/51900000011",
            "web+mostrador://chat/51900000011",
            "whatsapp://send?phone=51900000011",
            "data:text/html,mostrador://chat/51900000011",
            "blob:mostrador://chat/51900000011",
            "intent://chat/51900000011#Intent;scheme=mostrador;end",
            &too_long,
            &endless,
        ];
        assert!(
            hostile.len() >= 100,
            "as many as docs/reliability.md says: {}",
            hostile.len()
        );
        let taken: Vec<_> = hostile.into_iter().filter(|link| read(link).is_some()).collect();
        assert!(taken.is_empty(), "these lead nowhere: {taken:#?}");
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
