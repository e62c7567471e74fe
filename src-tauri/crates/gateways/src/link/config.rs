//! What a link is opened with, and what a driver asks for.
//!
//! A driver says which fields a person has to give; each has a key that the store, the commands and the screens share.
//! Whether a field is kept in the keyring or in the store is the key's own matter, so that no driver can get it wrong.

use std::collections::BTreeMap;

use secrecy::SecretString;
use url::Url;

/// One thing that a person gives.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum FieldKey {
    /// Where the gateway is.
    Url,
    /// The access key.
    Token,
    /// A second key, for one number's session.
    ContainerToken,
    /// Who signs in.
    Email,
    /// With which password.
    Password,
    /// What the gateway calls the number's session.
    Instance,
    /// Which of the gateway's generations of calls is spoken.
    Generation,
    /// Below which path a reseller's customer is blocked, where the gateway publishes none.
    BlockPath,
    /// The same for letting them in again.
    UnblockPath,
}

/// How a field is shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum FieldKind {
    /// In plain sight.
    Text,
    /// An address, in plain sight.
    Url,
    /// Hidden while it is typed.
    Secret,
    /// One of a few words.
    Choice,
    /// A path below the gateway's address, in plain sight. Few need it.
    Path,
}

impl FieldKey {
    /// All of them.
    pub const ALL: [Self; 9] = [
        Self::Url,
        Self::Token,
        Self::ContainerToken,
        Self::Email,
        Self::Password,
        Self::Instance,
        Self::Generation,
        Self::BlockPath,
        Self::UnblockPath,
    ];

    /// The word the keyring, the store and the commands use.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Url => "url",
            Self::Token => "token",
            Self::ContainerToken => "container_token",
            Self::Email => "email",
            Self::Password => "password",
            Self::Instance => "instance",
            Self::Generation => "generation",
            Self::BlockPath => "block_path",
            Self::UnblockPath => "unblock_path",
        }
    }

    /// The key that [`Self::as_str`] printed.
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|key| key.as_str() == word)
    }

    /// How it is shown.
    pub fn kind(self) -> FieldKind {
        match self {
            Self::Url => FieldKind::Url,
            Self::Token | Self::ContainerToken | Self::Password => FieldKind::Secret,
            Self::Email | Self::Instance => FieldKind::Text,
            Self::Generation => FieldKind::Choice,
            Self::BlockPath | Self::UnblockPath => FieldKind::Path,
        }
    }

    /// Is it kept in the keyring, and never in the store?
    pub fn is_secret(self) -> bool {
        match self {
            Self::Token | Self::ContainerToken | Self::Email | Self::Password => true,
            Self::Url | Self::Instance | Self::Generation | Self::BlockPath | Self::UnblockPath => false,
        }
    }

    /// May it be changed while the device stays the same one? Another address or name is another device; a secret is replaced.
    pub fn may_change(self) -> bool {
        matches!(self, Self::Generation | Self::BlockPath | Self::UnblockPath)
    }
}

/// A field that a driver asks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Field {
    /// Which.
    pub key: FieldKey,
    /// No link without it.
    pub required: bool,
    /// What most people give.
    pub default: Option<&'static str>,
    /// Of a [`FieldKind::Choice`]: the words to choose from.
    pub options: &'static [&'static str],
}

impl Field {
    /// A field without which there is no link.
    pub const fn required(key: FieldKey) -> Self {
        Self {
            key,
            required: true,
            default: None,
            options: &[],
        }
    }

    /// A field that may be left empty.
    pub const fn optional(key: FieldKey) -> Self {
        Self {
            required: false,
            ..Self::required(key)
        }
    }

    /// The gateway's address, with the one that most people use.
    pub const fn url(default: &'static str) -> Self {
        Self {
            default: Some(default),
            ..Self::optional(FieldKey::Url)
        }
    }

    /// One of a few words; without an answer it is the first.
    pub const fn choice(key: FieldKey, options: &'static [&'static str]) -> Self {
        let default = match options {
            [first, ..] => Some(*first),
            [] => None,
        };
        Self {
            default,
            options,
            ..Self::optional(key)
        }
    }
}

/// What a driver needs to open a link: its fields, in the order in which they are asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Needs {
    /// The fields.
    pub fields: &'static [Field],
}

impl Needs {
    /// Nothing.
    pub const NOTHING: Self = Self { fields: &[] };

    /// The keys of what is kept in the keyring.
    pub fn secrets(self) -> impl Iterator<Item = FieldKey> {
        self.fields
            .iter()
            .map(|field| field.key)
            .filter(|key| key.is_secret())
    }
}

/// What a link is opened with. A text that is empty, or blank, was not given.
#[derive(Clone, Default)]
pub struct LinkConfig {
    plain: BTreeMap<FieldKey, String>,
    secret: BTreeMap<FieldKey, SecretString>,
}

impl LinkConfig {
    /// The configuration with one more field; secrets are kept as such, whatever they came as.
    #[must_use]
    pub fn with(mut self, key: FieldKey, text: &str) -> Self {
        let text = text.trim();
        if text.is_empty() {
            return self;
        }
        if key.is_secret() {
            self.secret.insert(key, SecretString::from(text));
        } else {
            self.plain.insert(key, text.to_owned());
        }
        self
    }

    /// The configuration as if this field had not been given.
    #[must_use]
    pub fn without(mut self, key: FieldKey) -> Self {
        self.plain.remove(&key);
        self.secret.remove(&key);
        self
    }

    /// The configuration with one more secret.
    #[must_use]
    pub fn with_secret(mut self, key: FieldKey, secret: SecretString) -> Self {
        self.secret.insert(key, secret);
        self
    }

    /// The configuration with this address.
    #[must_use]
    pub fn at(self, url: &Url) -> Self {
        self.with(FieldKey::Url, url.as_str())
    }

    /// This one, with whatever `newer` gives in place of what is here.
    #[must_use]
    pub fn overlaid(mut self, newer: Self) -> Self {
        self.plain.extend(newer.plain);
        self.secret.extend(newer.secret);
        self
    }

    /// A field that is no secret.
    pub fn text(&self, key: FieldKey) -> Option<&str> {
        self.plain.get(&key).map(String::as_str)
    }

    /// A secret.
    pub fn secret(&self, key: FieldKey) -> Option<&SecretString> {
        self.secret.get(&key)
    }

    /// A secret without which there is no link.
    ///
    /// # Errors
    /// [`OpenError::Missing`].
    pub fn needed(&self, key: FieldKey) -> Result<&SecretString, OpenError> {
        self.secret(key).ok_or(OpenError::Missing(key))
    }

    /// The gateway's address, or the `usual` one.
    ///
    /// # Errors
    /// [`OpenError::Missing`] where there is no usual one, [`OpenError::Invalid`].
    pub fn url_or(&self, usual: Option<&str>) -> Result<Url, OpenError> {
        let text = self
            .text(FieldKey::Url)
            .or(usual)
            .ok_or(OpenError::Missing(FieldKey::Url))?;
        Url::parse(text).map_err(|_| OpenError::Invalid(FieldKey::Url))
    }

    /// All fields that are no secrets.
    pub fn texts(&self) -> impl Iterator<Item = (FieldKey, &str)> {
        self.plain.iter().map(|(key, text)| (*key, text.as_str()))
    }

    /// All secrets.
    pub fn secrets(&self) -> impl Iterator<Item = (FieldKey, &SecretString)> {
        self.secret.iter().map(|(key, secret)| (*key, secret))
    }
}

/// Why a link cannot be opened.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum OpenError {
    /// This has to be given.
    #[error("something is missing: {0:?}")]
    Missing(FieldKey),
    /// This cannot be used: a secret with characters that none has, an address that is none or is not safe.
    #[error("something cannot be used: {0:?}")]
    Invalid(FieldKey),
    /// This kind of gateway is not running in this program.
    #[error("this gateway is not offered here")]
    NotOffered,
}

#[cfg(test)]
mod tests {
    use secrecy::ExposeSecret;

    use super::*;

    #[test]
    fn words_of_fields_read_back() {
        for key in FieldKey::ALL {
            assert_eq!(FieldKey::from_word(key.as_str()), Some(key), "{key:?} reads back");
        }
        assert_eq!(FieldKey::from_word("pin"), None, "there is no such field");
    }

    #[test]
    fn what_is_hidden_while_it_is_typed_is_kept_in_the_keyring() {
        for key in FieldKey::ALL {
            let hidden = key.kind() == FieldKind::Secret;
            assert!(!hidden || key.is_secret(), "{key:?} must not lie in a file");
        }
    }

    #[test]
    fn a_blank_field_was_not_given_and_the_newer_word_holds() {
        let kept = LinkConfig::default()
            .with(FieldKey::Token, "old")
            .with(FieldKey::Instance, "centro");
        let config = kept.overlaid(
            LinkConfig::default()
                .with(FieldKey::Token, " new ")
                .with(FieldKey::Instance, "  "),
        );
        let token = config.needed(FieldKey::Token).expect("it was given");
        assert_eq!(token.expose_secret(), "new", "the newer one, without blanks");
        assert_eq!(
            config.text(FieldKey::Instance),
            Some("centro"),
            "nothing newer was given"
        );
        assert_eq!(
            config.needed(FieldKey::Password).err(),
            Some(OpenError::Missing(FieldKey::Password)),
            "it is said what is missing"
        );
    }

    #[test]
    fn the_usual_address_holds_where_none_was_given() {
        let usual = LinkConfig::default().url_or(Some("https://gateway.example"));
        assert_eq!(
            usual.map(String::from),
            Ok("https://gateway.example/".to_owned()),
            "the usual one"
        );
        let none = LinkConfig::default().url_or(None);
        assert_eq!(
            none.err(),
            Some(OpenError::Missing(FieldKey::Url)),
            "there is none"
        );
        let wrong = LinkConfig::default().with(FieldKey::Url, "gateway").url_or(None);
        assert_eq!(
            wrong.err(),
            Some(OpenError::Invalid(FieldKey::Url)),
            "that is no address"
        );
    }
}
