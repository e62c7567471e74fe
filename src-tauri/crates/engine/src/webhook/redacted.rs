//! A call's body as it may be shown: its structure, every value replaced.
//!
//! What stays are the names of fields, `null`, `true` and `false`. A text becomes its length (`‹abc × 12›`), a number `‹#›`,
//! what is left out of a list its count (`‹+2›`): signs, for the window explains them in its language. A name
//! of a field that does not look like one that a programmer wrote (a person's address used as a key, a token) is replaced too.

use mostrador_gateways::read_json;
use serde_json::{Map, Value};

/// Elements of a list that are shown; the others have the same shape, and are counted.
const ELEMENTS: usize = 3;
/// The longest name of a field.
const NAME: usize = 32;

/// The structure of a body, read as the drivers read it; `None` = it is not JSON.
pub(super) fn structure(body: &[u8]) -> Option<Value> {
    read_json(body).map(|value| hidden(&value))
}

fn hidden(value: &Value) -> Value {
    match value {
        Value::Null | Value::Bool(_) => value.clone(),
        Value::Number(_) => Value::from("‹#›"),
        Value::String(text) => Value::from(format!("‹abc × {}›", text.chars().count())),
        Value::Array(elements) => {
            let mut shown: Vec<Value> = elements.iter().take(ELEMENTS).map(hidden).collect();
            if elements.len() > ELEMENTS {
                shown.push(Value::from(format!("‹+{}›", elements.len() - ELEMENTS)));
            }
            Value::from(shown)
        }
        Value::Object(fields) => Value::from(hidden_fields(fields)),
    }
}

fn hidden_fields(fields: &Map<String, Value>) -> Map<String, Value> {
    let name = |(at, (name, value)): (usize, (&String, &Value))| {
        let shown = if is_a_name(name) {
            name.clone()
        } else {
            format!("‹? {}›", at + 1)
        };
        (shown, hidden(value))
    };
    fields.iter().enumerate().map(name).collect()
}

/// Does a field's name look as if a programmer had written it? It begins with a small letter and has two digits at the most.
fn is_a_name(name: &str) -> bool {
    let written = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '-');
    name.len() <= NAME
        && name.starts_with(|c: char| c.is_ascii_lowercase() || c == '_')
        && name.chars().all(written)
        && name.chars().filter(char::is_ascii_digit).count() <= 2
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn values_are_replaced_and_the_structure_stays() {
        let body = json!({
            "messages": [{ "from": "51900000011", "timestamp": 1_700_000_000, "from_me": false, "text": { "body": "¿Sí?" }, "context": null }],
        });
        let shown = structure(body.to_string().as_bytes());
        assert_eq!(
            shown,
            Some(json!({
                "messages": [{
                    "from": "‹abc × 11›", "timestamp": "‹#›", "from_me": false,
                    "text": { "body": "‹abc × 4›" }, "context": null,
                }],
            }))
        );
    }

    #[test]
    fn a_field_that_is_named_after_somebody_is_replaced() {
        let body =
            json!({ "51900000011@s.whatsapp.net": 1, "Rosa": 2, "a1b2c3d4": 3, "pushName": 4, "sha256": 5 });
        let shown = structure(body.to_string().as_bytes()).expect("JSON").to_string();
        for hidden in ["51900000011", "Rosa", "a1b2c3d4", "sha256"] {
            assert!(!shown.contains(hidden), "{hidden} is not shown: {shown}");
        }
        assert!(shown.contains("pushName"), "a field's own name is: {shown}");
    }

    #[test]
    fn a_long_list_is_counted() {
        let shown = structure(b"[1,2,3,4,5]").expect("JSON");
        assert_eq!(shown, json!(["‹#›", "‹#›", "‹#›", "‹+2›"]));
    }

    #[test]
    fn half_an_emoji_hides_nothing_of_what_the_drivers_read_all_the_same() {
        for (body, name) in [
            (&br#"{"pushName":"Ana\ud83c","id":1}"#[..], "‹abc × 4›"),
            (b"{\"pushName\":\"An\xf0\x9f\",\"id\":1}", "‹abc × 3›"),
        ] {
            let shown = json!({ "pushName": name, "id": "‹#›" });
            assert_eq!(structure(body), Some(shown));
        }
    }

    #[test]
    fn what_is_not_json_has_no_structure() {
        assert_eq!(structure(b"hola"), None);
    }
}
