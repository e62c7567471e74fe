//! What goes wrong at the gateway while the program is killed: seeded, new for each stretch between two kills.

use serde_json::{Value, json};

use crate::Broken;
use crate::dice::Dice;
use crate::judge::Weather;
use crate::practice::Practice;

/// Requests that faults are ordered for, sends more often than the rest.
const TARGETS: &[(&str, &str)] = &[
    ("POST", "/messages/text"),
    ("POST", "/messages/text"),
    ("POST", "/messages/text"),
    ("POST", "/messages/"),
    ("POST", "/media"),
    ("GET", "/messages/list"),
    ("GET", "/messages/list"),
    ("GET", "/health"),
    ("GET", "/chats"),
    ("GET", "/media/"),
    ("PUT", "/messages/"),
    ("PATCH", "/settings"),
];

/// The statuses that a gateway may answer instead of doing what it was asked. Those that mean "no number" or "no token" are left
/// out: they stop a device until a person comes, who is not part of this.
const STATUSES: &[u16] = &[400, 404, 409, 413, 415, 422, 429, 429, 500, 502, 503, 504];

/// Those that refuse a message for good.
const REFUSALS: &[u64] = &[400, 413, 415];

/// Orders what goes wrong from now on, and says what of it can make a message of ours fail.
///
/// # Errors
/// The practice shop does not answer.
pub(crate) async fn turn(practice: &Practice, dice: &Dice) -> Result<Weather, Broken> {
    let faults: Vec<Value> = (0..dice.below(4)).map(|_| fault(dice)).collect();
    let weather = faults.iter().map(felt).fold(Weather::default(), Weather::and);
    practice.order(faults).await?;
    practice.temper(dice.percent(30), dice.percent(20)).await?;
    Ok(weather)
}

/// What this fault can do to messages of ours: each time it is met, one try of one.
fn felt(fault: &Value) -> Weather {
    if fault["method"] != "POST" {
        return Weather::default();
    }
    let times = fault["times"]
        .as_u64()
        .and_then(|times| usize::try_from(times).ok());
    let tries = times.unwrap_or_default();
    let refuses = fault["kind"]["status"]["code"]
        .as_u64()
        .is_some_and(|code| REFUSALS.contains(&code));
    Weather {
        refusals: if refuses { tries } else { 0 },
        tries,
    }
}

/// Orders what goes wrong from now on while a campaign runs: connections cut before and after the effect, answers that ask to slow
/// down, servers that fail before and after they have done it, delays. More often than for a person's own messages.
///
/// # Errors
/// The practice shop does not answer.
pub(crate) async fn turn_over_a_campaign(practice: &Practice, dice: &Dice) -> Result<(), Broken> {
    let faults = (0..dice.below(6)).map(|_| fault_of_a_campaign(dice)).collect();
    practice.order(faults).await?;
    practice.temper(dice.percent(30), dice.percent(10)).await
}

/// The gateway takes what it is sent and shows nothing of it: whether an uncertain message went only the phone can tell. Six times no answer
/// comes, with others in between, since so many in a row would pause the campaign; one is refused. Gives how many refusals were ordered.
///
/// # Errors
/// The practice shop does not answer.
pub(crate) async fn turn_blind(practice: &Practice) -> Result<usize, Broken> {
    let blind = json!({ "method": "GET", "path_prefix": "/messages/list/", "times": 100_000, "kind": { "status": { "code": 500, "headers": {} } } });
    let once =
        |kind: Value| json!({ "method": "POST", "path_prefix": "/messages/text", "times": 1, "kind": kind });
    let (cut, lost) = (
        || once(json!("cut_before_effect")),
        || once(json!("cut_after_effect")),
    );
    let taken = || once(json!({ "delay_ms": 1 }));
    let refused = once(json!({ "status": { "code": 400, "headers": {} } }));
    let faults = vec![
        blind,
        cut(),
        lost(),
        taken(),
        cut(),
        refused,
        lost(),
        taken(),
        cut(),
        lost(),
    ];
    practice.order(faults).await?;
    // Its calls would show it.
    practice.temper(false, true).await?;
    Ok(1)
}

/// Nothing goes wrong any more.
///
/// # Errors
/// The practice shop does not answer.
pub(crate) async fn clear(practice: &Practice) -> Result<(), Broken> {
    practice.order(Vec::new()).await?;
    practice.temper(false, false).await
}

fn fault(dice: &Dice) -> Value {
    let (method, path) = dice
        .one_of(TARGETS)
        .copied()
        .unwrap_or(("POST", "/messages/text"));
    json!({ "method": method, "path_prefix": path, "times": 1 + dice.below(2), "kind": kind(dice) })
}

fn fault_of_a_campaign(dice: &Dice) -> Value {
    let kind = match dice.below(7) {
        0 => json!("cut_before_effect"),
        1 => json!("cut_after_effect"),
        2 => json!({ "status": { "code": 429, "headers": { "retry-after": "1" } } }),
        3 => json!({ "status": { "code": server_error(dice), "headers": {} } }),
        4 => json!({ "status_after_effect": { "code": server_error(dice) } }),
        5 => json!({ "late_effect_ms": 200 + dice.below(1_500) }),
        _ => json!({ "delay_ms": dice.below(800) }),
    };
    json!({ "method": "POST", "path_prefix": "/messages/text", "times": 1 + dice.below(2), "kind": kind })
}

fn kind(dice: &Dice) -> Value {
    match dice.below(12) {
        0 | 1 => status(dice),
        8 => json!({ "status_after_effect": { "code": server_error(dice) } }),
        9 => json!({ "html_page": { "code": dice.one_of(&[200, 502, 503]) } }),
        10 => json!({ "slow_body": { "bytes_per_second": 20 + dice.below(400) } }),
        11 => json!("cut_after_effect"),
        2 => json!({ "delay_ms": dice.below(1_500) }),
        3 => json!({ "late_effect_ms": 200 + dice.below(3_000) }),
        4 => json!("cut_before_effect"),
        5 => json!("cut_after_effect"),
        6 => json!("truncated_body"),
        _ if dice.percent(80) => json!("malformed_body"),
        _ => json!({ "huge_body": { "bytes": 20_000_000 } }),
    }
}

/// A gateway that has done what it was asked may well answer these. A refusal would be a lie, which nobody can see through.
fn server_error(dice: &Dice) -> u16 {
    dice.one_of(&[500, 502, 503, 504]).copied().unwrap_or(500)
}

fn status(dice: &Dice) -> Value {
    let code = dice.one_of(STATUSES).copied().unwrap_or(503);
    let headers = if code == 429 {
        json!({ "retry-after": "1" })
    } else {
        json!({})
    };
    json!({ "status": { "code": code, "headers": headers } })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_seed_gives_the_same_weather_and_another_one_another() {
        let week = |seed| {
            let dice = Dice::new(seed, "weather");
            (0..50).map(|_| fault(&dice)).collect::<Vec<_>>()
        };
        assert_eq!(week(1), week(1), "a failing seed can be run again");
        assert_ne!(week(1), week(2), "and another one is another run");
    }

    #[test]
    fn what_refuses_a_message_is_counted_as_often_as_it_may_be_met() {
        let status = |method: &str, code: u16| json!({ "method": method, "path_prefix": "/messages/text", "times": 2, "kind": { "status": { "code": code, "headers": {} } } });
        let weather = |refusals, tries| Weather { refusals, tries };
        assert_eq!(felt(&status("POST", 413)), weather(2, 2));
        assert_eq!(felt(&status("POST", 503)), weather(0, 2), "that proves nothing");
        assert_eq!(felt(&status("GET", 400)), weather(0, 0), "that sends nothing");
        let cut =
            json!({ "method": "POST", "path_prefix": "/media", "times": 1, "kind": "cut_before_effect" });
        assert_eq!(felt(&cut), weather(0, 1));
    }
}
