//! What tells two messages of one kind apart whose words are the same: where a place is, whose cards they are, what a poll offers.
//!
//! A place may have no words at all, a card's are a name, a poll's its question. What cannot be compared is not the same: then a person
//! decides ([`super::has_look_alike`]).

use mostrador_domain::{ContactCard, Location, Poll};
use serde::de::DeserializeOwned;

/// So many degrees are nothing that tells two places apart, two metres at the most: a gateway may write fewer digits.
const NEAR: f64 = 0.000_02;

/// Does the rest of a message, as JSON, say the same as that of its echo? `kind` is ours.
pub(super) fn is_same(kind: &str, ours: Option<&str>, echo: Option<&str>) -> bool {
    match kind {
        "location" | "live_location" => both(ours, echo).is_some_and(|(one, other)| is_near(&one, &other)),
        "contact" | "contact_list" => both::<Vec<ContactCard>>(ours, echo)
            .is_some_and(|(one, other)| one.iter().map(whose).eq(other.iter().map(whose))),
        "poll" => both::<Poll>(ours, echo).is_some_and(|(one, other)| offered(&one) == offered(&other)),
        _ => true,
    }
}

fn both<T: DeserializeOwned>(ours: Option<&str>, echo: Option<&str>) -> Option<(T, T)> {
    let read = |data: Option<&str>| serde_json::from_str(data?).ok();
    read(ours).zip(read(echo))
}

fn is_near(one: &Location, other: &Location) -> bool {
    let near = |one: f64, other: f64| (one - other).abs() < NEAR;
    near(one.latitude, other.latitude) && near(one.longitude, other.longitude)
}

/// The digits of the numbers on a card, in order; of a card without any, all of it. A gateway may write the card anew around them.
fn whose(card: &ContactCard) -> Vec<String> {
    let numbers = card.vcard.lines().filter_map(|line| {
        let (name, value) = line.split_once(':')?;
        let name = name.split(';').next()?.rsplit('.').next()?;
        let digits: String = value.chars().filter(char::is_ascii_digit).collect();
        (name.eq_ignore_ascii_case("TEL") && !digits.is_empty()).then_some(digits)
    });
    let mut numbers: Vec<String> = numbers.collect();
    numbers.sort();
    if numbers.is_empty() {
        numbers.push(closed_up(&card.vcard));
    }
    numbers
}

fn offered(poll: &Poll) -> Vec<String> {
    poll.options.iter().map(|option| closed_up(option)).collect()
}

/// Without white space: gateways trim.
fn closed_up(text: &str) -> String {
    text.split_whitespace().collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tables::message::columns::json;

    fn place(latitude: f64, longitude: f64) -> Option<String> {
        json(&Location {
            latitude,
            longitude,
            ..Location::default()
        })
    }

    fn cards(vcards: &[&str]) -> Option<String> {
        let card = |vcard: &&str| ContactCard {
            name: "Julia".into(),
            vcard: (*vcard).into(),
        };
        json(&vcards.iter().map(card).collect::<Vec<_>>())
    }

    fn poll(options: &[&str]) -> Option<String> {
        json(&Poll {
            question: "¿Hoy?".into(),
            options: options.iter().map(|option| (*option).into()).collect(),
            several: false,
        })
    }

    #[track_caller]
    fn assert_same(kind: &str, ours: &Option<String>, echo: &Option<String>, same: bool) {
        assert_eq!(
            is_same(kind, ours.as_deref(), echo.as_deref()),
            same,
            "{kind}: {ours:?} and {echo:?}"
        );
    }

    #[test]
    fn a_place_is_where_it_is_and_digits_that_a_gateway_leaves_out_do_not_matter() {
        let here = place(-12.046_374_1, -77.042_793_4);
        assert_same("location", &here, &place(-12.046_374, -77.042_79), true);
        assert_same("location", &here, &place(-12.046_5, -77.042_79), false);
        assert_same("location", &here, &place(-12.046_374, -77.043), false);
        assert_same("live_location", &here, &None, false);
    }

    #[test]
    fn a_card_is_whose_number_it_bears_however_it_is_written() {
        let ours = cards(&["BEGIN:VCARD\nFN:Julia\nTEL:+51 900 000 041\nEND:VCARD"]);
        let anew =
            cards(&["BEGIN:VCARD\r\nVERSION:3.0\r\nitem1.TEL;waid=51900000041:+51900000041\r\nEND:VCARD"]);
        let another = cards(&["BEGIN:VCARD\nFN:Julia\nTEL:+51 900 000 042\nEND:VCARD"]);
        let two = cards(&[
            "BEGIN:VCARD\nTEL:51900000041\nEND:VCARD",
            "BEGIN:VCARD\nTEL:51900000042\nEND:VCARD",
        ]);
        assert_same("contact", &ours, &anew, true);
        assert_same("contact", &ours, &another, false);
        assert_same("contact_list", &two, &ours, false);
        let (mail, other) = (cards(&["EMAIL:a@example.com"]), cards(&["EMAIL:b@example.com"]));
        assert_same("contact", &mail, &mail, true);
        assert_same("contact", &mail, &other, false);
    }

    #[test]
    fn a_poll_is_what_it_offers() {
        let ours = poll(&["sí ", "no"]);
        assert_same("poll", &ours, &poll(&["sí", "no"]), true);
        assert_same("poll", &ours, &poll(&["no", "sí"]), false);
        assert_same("poll", &ours, &poll(&["sí", "no", "mañana"]), false);
    }

    #[test]
    fn whatever_else_has_its_words_and_its_file() {
        assert_same("text", &None, &None, true);
        assert_same("link_preview", &None, &Some("{}".into()), true);
    }
}
