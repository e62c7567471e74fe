//! SQL: which message that a gateway shows, `e`, may be the one of an outbox row, `o`, whose message is `m`.

use std::time::Duration;

/// How far a gateway's clock may be behind ours.
const SKEW: Duration = Duration::from_secs(30);
/// How long after the attempt began an echo may bear its time: the call's time-out and the gateway's own lag.
const LATEST: Duration = Duration::from_secs(300);
/// By so much at the most a clock is wrong.
const WRONG: Duration = Duration::from_secs(86_400);
/// So long after the attempt began, a deletion of which nobody tells in which chat it was may be the message's.
const ANYWHERE: Duration = Duration::from_secs(900);

/// SQL: the message `e` can be the echo of the outbox row `row`, whose message is `message`, as far as [`super::said`] finds nothing else.
pub(super) fn alike(row: &str, message: &str) -> String {
    format!(
        "{} AND {} AND {}",
        same(message),
        same_file(message),
        in_time(row)
    )
}

/// SQL: the message `e` bears a time at which the row `row` can have been sent.
pub(super) fn in_time(row: &str) -> String {
    let (skew, latest) = (SKEW.as_millis(), LATEST.as_millis());
    format!("e.at BETWEEN {row}.claimed_at - {skew} AND {row}.claimed_at + {latest}")
}

/// SQL: the message `e` is ours, and was told by a gateway after the outbox's `message` was written here.
/// In which chats it may be is for the asker to say: all with the same person.
pub(super) fn told_since(message: &str) -> String {
    format!("e.from_me = 1 AND e.gateway_id IS NOT NULL AND e.id > {message}.id")
}

/// SQL: the same, and it is of the family of that message.
pub(super) fn told_after(message: &str) -> String {
    format!(
        "{} AND {} = {}",
        told_since(message),
        family("e"),
        family(message)
    )
}

/// SQL: what the message `e` said first is here, beside what it says since it was edited. What was listed after an edit, and then told
/// as that edit too, was never here as it was, whatever it was edited to afterwards.
const FIRST_IS_HERE: &str = "EXISTS (SELECT 1 FROM message_edit w WHERE w.message_id = e.id AND w.at = e.at AND w.text IS NOT e.text
      AND NOT EXISTS (SELECT 1 FROM message_edit x WHERE x.message_id = e.id AND x.at <> e.at AND x.text IS w.text))";

/// SQL: what the message `e` said first, as far as that is here: `column` is `text` or `data`.
pub(super) fn first(column: &str) -> String {
    format!(
        "CASE WHEN e.edited_at IS NOT NULL AND {FIRST_IS_HERE}
              THEN (SELECT w.{column} FROM message_edit w WHERE w.message_id = e.id AND w.at = e.at) ELSE e.{column} END"
    )
}

/// SQL: the message `e` can have been sent as the outbox row `row`, whose message is `message`, and what it said first cannot be known
/// here: it was deleted since, or edited before it was told. Also if a clock is wrong: there are no words by which to know it then.
pub(super) fn untold(row: &str, message: &str) -> String {
    let wrong = WRONG.as_millis();
    format!(
        "{} AND (e.deleted_at IS NOT NULL OR (e.edited_at IS NOT NULL AND NOT {FIRST_IS_HERE}))
         AND e.at BETWEEN {row}.claimed_at - {wrong} AND {row}.claimed_at + {wrong}",
        told_since(message)
    )
}

/// SQL: a message that is not here was deleted since the outbox's row `o` was tried, in a chat with the person whose addresses are `?3`
/// (a JSON list), in one with somebody of whom nobody has told who it is, or nobody has told in which. Some gateways list no more what was
/// deleted, but that it was; some give the time at which it was sent. So whatever came here since by our own clock counts, and what bears a
/// time since though a clock is wrong. Where no chat is told, it is not told either who did it: customers delete too, so that counts for a
/// while only.
pub(super) fn deleted_unseen() -> String {
    let (skew, wrong, anywhere) = (SKEW.as_millis(), WRONG.as_millis(), ANYWHERE.as_millis());
    format!(
        "EXISTS (SELECT 1 FROM change_parked p
                  WHERE p.device_id = o.device_id AND p.what = 'deleted' AND p.by_address IS NULL
                    AND CASE WHEN p.chat IS NULL
                             THEN p.parked_at BETWEEN o.claimed_at AND o.claimed_at + {anywhere}
                               OR p.at BETWEEN o.claimed_at - {skew} AND o.claimed_at + {anywhere}
                             ELSE (p.parked_at >= o.claimed_at OR p.at >= o.claimed_at - {wrong})
                              AND (p.chat IN (SELECT value FROM json_each(?3))
                                OR (p.chat LIKE '%@lid' AND NOT EXISTS (SELECT 1 FROM person_address a WHERE a.address = p.chat))) END)"
    )
}

/// SQL: the message `e` says what the outbox's `message` says. Gateways trim, and write other line ends; a place without a name
/// gets one from some.
pub(super) fn same(message: &str) -> String {
    format!(
        "{} AND ({} IS {} OR ({message}.text IS NULL AND {} = 'location'))",
        told_after(message),
        without_spaces(&first("text")),
        without_spaces(&format!("{message}.text")),
        family(message)
    )
}

/// White space, as Unicode has it, and the mark of byte order, which JavaScript trims too: gateways are written in any language. First
/// and last code of each stretch.
const SPACES: [(u32, u32); 11] = [
    (0x0009, 0x000D),
    (0x0020, 0x0020),
    (0x0085, 0x0085),
    (0x00A0, 0x00A0),
    (0x1680, 0x1680),
    (0x2000, 0x200A),
    (0x2028, 0x2029),
    (0x202F, 0x202F),
    (0x205F, 0x205F),
    (0x3000, 0x3000),
    (0xFEFF, 0xFEFF),
];

/// SQL: a text without its white space.
pub(super) fn without_spaces(text: &str) -> String {
    SPACES
        .into_iter()
        .flat_map(|(first, last)| first..=last)
        .fold(text.to_owned(), |text, space| {
            format!("replace({text}, char({space}), '')")
        })
}

/// SQL: a chat of the outbox's row `o` that bears an id of which nobody has told whose it is: it may be the same person's.
pub(super) const OF_NOBODY_KNOWN: &str =
    "SELECT c.id FROM chat c WHERE c.device_id = o.device_id AND c.kind = 'person' AND c.address LIKE '%@lid'
     AND NOT EXISTS (SELECT 1 FROM person_address p WHERE p.address = c.address)";

/// SQL: where the hashes of both files are known, they are equal. Where they are not, the words under the file tell it, and where
/// there are none its size.
pub(super) fn same_file(message: &str) -> String {
    format!(
        "coalesce((SELECT CASE WHEN ef.told_sha256 IS NOT NULL AND mf.sha256 IS NOT NULL THEN ef.told_sha256 = mf.sha256
                               WHEN {message}.text IS NULL THEN ef.bytes = mf.bytes END
                     FROM media ef JOIN media mf ON mf.id = {message}.media_id WHERE ef.id = e.media_id),
                  {message}.media_id IS NULL OR {message}.text IS NOT NULL)"
    )
}

/// SQL: the kind of a message, where gateways may show one as another.
pub(super) fn family(message: &str) -> String {
    format!(
        "CASE {message}.kind WHEN 'link_preview' THEN 'text' WHEN 'audio' THEN 'voice' WHEN 'gif' THEN 'video'
              WHEN 'short_video' THEN 'video' WHEN 'contact_list' THEN 'contact' WHEN 'live_location' THEN 'location'
              ELSE {message}.kind END"
    )
}

/// SQL: the message `e` is one of the outbox's own.
pub(super) const TAKEN: &str =
    "EXISTS (SELECT 1 FROM outbox taken WHERE taken.message_id = e.id AND taken.kind = 'send')";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_that_is_white_space_is_in_the_list() {
        let listed = |sign: char| {
            let code = u32::from(sign);
            SPACES.iter().any(|&(first, last)| (first..=last).contains(&code))
        };
        for sign in '\0'..=char::MAX {
            let wanted = sign.is_whitespace() || sign == '\u{FEFF}';
            assert_eq!(listed(sign), wanted, "U+{:04X}", u32::from(sign));
        }
    }
}
