//! The secrets of a device as one entry of the keyring.
//!
//! A gateway that asks for one secret keeps it as it is: so it was before others asked for several, and still is. Several are
//! a JSON object, each under its field's word.

use mostrador_gateways::{FieldKey, LinkConfig, Needs};
use secrecy::{ExposeSecret, SecretString};
use serde_json::{Map, Value};

/// The entry; `None` = nothing secret was given.
pub(super) fn packed(needs: Needs, config: &LinkConfig) -> Option<SecretString> {
    let given: Vec<(FieldKey, &SecretString)> = needs
        .secrets()
        .filter_map(|key| Some((key, config.secret(key)?)))
        .collect();
    if let Some(only) = only_one(needs) {
        return config.secret(only).cloned();
    }
    if given.is_empty() {
        return None;
    }
    let object: Map<String, Value> = given
        .into_iter()
        .map(|(key, secret)| (key.as_str().to_owned(), Value::from(secret.expose_secret())))
        .collect();
    Some(SecretString::from(Value::Object(object).to_string()))
}

/// The configuration with what an entry holds. An entry from before the gateway asked for several is the first of them.
pub(super) fn unpacked(needs: Needs, packed: &SecretString, config: LinkConfig) -> LinkConfig {
    if let Some(only) = only_one(needs) {
        return config.with_secret(only, packed.clone());
    }
    match serde_json::from_str(packed.expose_secret()) {
        Ok(Value::Object(object)) => object.into_iter().fold(config, |config, (word, value)| {
            match (FieldKey::from_word(&word), value) {
                (Some(key), Value::String(text)) if key.is_secret() => {
                    config.with_secret(key, SecretString::from(text))
                }
                _ => config,
            }
        }),
        _ => match needs.secrets().next() {
            Some(first) => config.with_secret(first, packed.clone()),
            None => config,
        },
    }
}

fn only_one(needs: Needs) -> Option<FieldKey> {
    let mut keys = needs.secrets();
    let first = keys.next()?;
    keys.next().is_none().then_some(first)
}

#[cfg(test)]
mod tests {
    use mostrador_gateways::Field;

    use super::*;

    const ONE: Needs = Needs {
        fields: &[
            Field::required(FieldKey::Token),
            Field::url("https://gateway.example"),
        ],
    };
    const TWO: Needs = Needs {
        fields: &[
            Field::required(FieldKey::Token),
            Field::required(FieldKey::ContainerToken),
        ],
    };

    fn word(config: &LinkConfig, key: FieldKey) -> Option<&str> {
        config.secret(key).map(ExposeSecret::expose_secret)
    }

    #[test]
    fn one_secret_is_kept_as_it_always_was() {
        let config = LinkConfig::default().with(FieldKey::Token, "t-1");
        let entry = packed(ONE, &config).expect("there is a secret");
        assert_eq!(
            entry.expose_secret(),
            "t-1",
            "devices of earlier versions have it so"
        );
        let read = unpacked(ONE, &entry, LinkConfig::default());
        assert_eq!(word(&read, FieldKey::Token), Some("t-1"), "and it is read so");
        assert!(
            packed(ONE, &LinkConfig::default()).is_none(),
            "there is nothing to keep"
        );
    }

    #[test]
    fn several_secrets_come_back_each_under_its_own_word() {
        let config = LinkConfig::default()
            .with(FieldKey::Token, "t-\"1")
            .with(FieldKey::ContainerToken, "c-2");
        let entry = packed(TWO, &config).expect("there are secrets");
        let read = unpacked(TWO, &entry, LinkConfig::default());
        assert_eq!(word(&read, FieldKey::Token), Some("t-\"1"), "the first");
        assert_eq!(word(&read, FieldKey::ContainerToken), Some("c-2"), "the second");
    }

    #[test]
    fn an_entry_that_is_no_object_is_the_first_secret() {
        let read = unpacked(TWO, &SecretString::from("t-old"), LinkConfig::default());
        assert_eq!(
            word(&read, FieldKey::Token),
            Some("t-old"),
            "nothing is thrown away"
        );
        assert_eq!(
            word(&read, FieldKey::ContainerToken),
            None,
            "the other has to be given"
        );
    }
}
