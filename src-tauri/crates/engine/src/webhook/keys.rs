//! The two secrets of a route: the one in its path, and the one that a gateway repeats in a header or signs with.
//!
//! The one in the path begins with our [`Mark`].
//!
//! For a gateway on this computer they are made anew by each session, and whenever our port was another's meanwhile. A way in from the internet keeps them over
//! a restart, so that what the gateway sends meanwhile arrives: they lie with the device's other secrets, as a JSON object.

use secrecy::{ExposeSecret, SecretString};
use serde_json::{Value, json};

use super::Mark;
use super::mark::LENGTH;
use crate::chance::{Chance, secret_word};

/// Hexadecimal digits of a secret: 128 bits.
const SECRET: usize = 32;

/// See the module.
#[derive(Clone)]
pub(crate) struct RouteKeys {
    pub(super) path: SecretString,
    pub(super) header: SecretString,
}

impl RouteKeys {
    /// New ones, of 128 bits each.
    pub(crate) fn new(chance: &dyn Chance, mark: &Mark) -> Self {
        Self {
            path: SecretString::from(format!("{}{}", mark.word(), secret_word(chance))),
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
    pub(crate) fn unpacked(entry: &SecretString, mark: &Mark) -> Option<Self> {
        let object: Value = serde_json::from_str(entry.expose_secret()).ok()?;
        let word = |name: &str, begins: &str, length: usize| {
            let word = object.get(name)?.as_str()?;
            let whole = word.len() == length && word.bytes().all(|byte| byte.is_ascii_hexdigit());
            (whole && word.starts_with(begins)).then(|| SecretString::from(word))
        };
        Some(Self {
            path: word("path", mark.word(), LENGTH + SECRET)?,
            header: word("header", "", SECRET)?,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::chance::SeededChance;

    #[test]
    fn what_was_packed_comes_back() {
        let mark = Mark::new(&SeededChance::new(2));
        let keys = RouteKeys::new(&SeededChance::new(3), &mark);
        let again = RouteKeys::unpacked(&keys.packed(), &mark).expect("it is ours");
        assert_eq!(again.path.expose_secret(), keys.path.expose_secret());
        assert_eq!(again.header.expose_secret(), keys.header.expose_secret());
        assert_ne!(
            keys.path.expose_secret(),
            keys.header.expose_secret(),
            "each is its own"
        );
        assert!(
            keys.path.expose_secret().starts_with(mark.word()),
            "the gateway's list tells whose it is"
        );
        let others = Mark::new(&SeededChance::new(4));
        assert!(
            RouteKeys::unpacked(&keys.packed(), &others).is_none(),
            "an address that we would not know again"
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
                RouteKeys::unpacked(&SecretString::from(entry), &Mark::new(&SeededChance::new(2))).is_none(),
                "{entry:?} would be a path that can be guessed"
            );
        }
    }
}
