//! The two secrets of a route: the one in its path, and the one that a gateway repeats in a header or signs with.
//!
//! For a gateway on this computer they are made anew by each session, and whenever our port was another's meanwhile. A way in from the internet keeps them over
//! a restart, so that what the gateway sends meanwhile arrives: they lie with the device's other secrets, as a JSON object.

use secrecy::{ExposeSecret, SecretString};
use serde_json::{Value, json};

use crate::chance::{Chance, secret_word};

/// See the module.
#[derive(Clone)]
pub(crate) struct RouteKeys {
    pub(super) path: SecretString,
    pub(super) header: SecretString,
}

impl RouteKeys {
    /// New ones, of 128 bits each.
    pub(crate) fn new(chance: &dyn Chance) -> Self {
        Self {
            path: SecretString::from(secret_word(chance)),
            header: SecretString::from(secret_word(chance)),
        }
    }

    /// As one entry among the secrets.
    pub(crate) fn packed(&self) -> SecretString {
        let Self { path, header } = self;
        let object = json!({ "path": path.expose_secret(), "header": header.expose_secret() });
        SecretString::from(object.to_string())
    }

    /// What an entry holds; `None` = it is not one of ours.
    pub(crate) fn unpacked(entry: &SecretString) -> Option<Self> {
        let object: Value = serde_json::from_str(entry.expose_secret()).ok()?;
        let word = |name: &str| {
            let word = object.get(name)?.as_str()?;
            let ours = word.len() == 32 && word.bytes().all(|byte| byte.is_ascii_hexdigit());
            ours.then(|| SecretString::from(word))
        };
        Some(Self {
            path: word("path")?,
            header: word("header")?,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::chance::SeededChance;

    #[test]
    fn what_was_packed_comes_back() {
        let keys = RouteKeys::new(&SeededChance::new(3));
        let again = RouteKeys::unpacked(&keys.packed()).expect("it is ours");
        assert_eq!(again.path.expose_secret(), keys.path.expose_secret());
        assert_eq!(again.header.expose_secret(), keys.header.expose_secret());
        assert_ne!(
            keys.path.expose_secret(),
            keys.header.expose_secret(),
            "each is its own"
        );
    }

    #[test]
    fn an_entry_that_is_not_ours_opens_nothing() {
        for entry in [
            "",
            "{}",
            r#"{"path":"","header":""}"#,
            r#"{"path":"abc","header":"abc"}"#,
        ] {
            assert!(
                RouteKeys::unpacked(&SecretString::from(entry)).is_none(),
                "{entry:?} would be a path that can be guessed"
            );
        }
    }
}
