//! Nothing of what is documented is passed over unseen: every value of every fixture changes what is read, or is known to be left out.

use std::collections::BTreeSet;

use super::*;

/// What is left out: a path a line, places in lists as `*`, below the reason why (`#`).
const LEFT_OUT: &str = include_str!("left_out.list");

/// Every value that is no list and no object, by its place.
fn leaves(value: &Value, at: &str, found: &mut Vec<String>) {
    match value {
        Value::Object(fields) => {
            for (name, inner) in fields {
                leaves(inner, &format!("{at}/{name}"), found);
            }
        }
        Value::Array(items) => {
            for (place, inner) in items.iter().enumerate() {
                leaves(inner, &format!("{at}/{place}"), found);
            }
        }
        Value::Null => {}
        _ => found.push(at.to_owned()),
    }
}

/// Another value of the same kind.
fn changed(value: &Value) -> Value {
    match value {
        Value::String(text) => json!(format!("{text}7")),
        Value::Bool(flag) => json!(!flag),
        Value::Number(number) => json!(number.as_f64().unwrap_or_default() + 7.0),
        other => other.clone(),
    }
}

/// The place with `*` for each place in a list.
fn general(at: &str) -> String {
    let part = |part: &str| match part.parse::<usize>() {
        Ok(_) => "*".to_owned(),
        Err(_) => part.to_owned(),
    };
    at.split('/').map(part).collect::<Vec<String>>().join("/")
}

#[test]
fn every_value_of_every_fixture_is_used_or_listed_as_left_out() {
    let mut all = fixtures();
    for name in contents().into_keys() {
        let item = with_content(&name);
        let call = json!({ "messages": [item], "event": { "type": "messages", "event": "post" } });
        all.insert(format!("content {name}"), call);
    }
    let (mut used, mut unused) = (BTreeSet::new(), BTreeSet::new());
    for body in all.values() {
        let before = said(body);
        let mut places = Vec::new();
        leaves(body, "", &mut places);
        for at in places {
            let mut other = body.clone();
            let leaf = other.pointer_mut(&at).expect("it is there");
            *leaf = changed(leaf);
            let differs = said(&other) != before;
            if differs { &mut used } else { &mut unused }.insert(general(&at));
        }
    }
    // What is of use in one place may be of none in another.
    let unused: BTreeSet<&str> = unused.difference(&used).map(String::as_str).collect();
    let (reasons, listed): (Vec<&str>, Vec<&str>) = LEFT_OUT.lines().partition(|line| line.starts_with("# "));
    assert!(
        LEFT_OUT.starts_with("# ") && reasons.len() > 1,
        "each stands below a reason"
    );
    let once: BTreeSet<&str> = listed.iter().copied().collect();
    assert_eq!(once.len(), listed.len(), "each stands once");
    assert_eq!(unused, once, "read it, or list it with its reason");
    assert!(used.len() > 100, "much is read: {}", used.len());
}
