//! The header that lets a call in.

use http::header::{AUTHORIZATION, HeaderName, HeaderValue};
use secrecy::{ExposeSecret, SecretString};

use crate::{FieldKey, OpenError};

/// A header with a secret in it. It has no `Debug`, and the value is marked so that nothing prints it.
pub(crate) struct Key {
    pub(super) name: HeaderName,
    pub(super) value: HeaderValue,
}

impl Key {
    /// `Authorization: Bearer …`
    pub(crate) fn bearer(token: &SecretString) -> Result<Self, OpenError> {
        Self::of(AUTHORIZATION, "Bearer ", token)
    }

    /// A header of the gateway's own, in lower case.
    pub(crate) fn named(name: &'static str, token: &SecretString) -> Result<Self, OpenError> {
        Self::of(HeaderName::from_static(name), "", token)
    }

    fn of(name: HeaderName, before: &str, token: &SecretString) -> Result<Self, OpenError> {
        let token = usable(token)?;
        let text = format!("{before}{}", token.expose_secret());
        let mut value = HeaderValue::try_from(text).map_err(|_| OpenError::Invalid(FieldKey::Token))?;
        value.set_sensitive(true);
        Ok(Self { name, value })
    }
}

/// The token without the white space of a careless paste.
fn usable(token: &SecretString) -> Result<SecretString, OpenError> {
    let text = token.expose_secret().trim();
    if text.is_empty() {
        return Err(OpenError::Missing(FieldKey::Token));
    }
    if !text.bytes().all(|byte| byte.is_ascii_graphic()) {
        return Err(OpenError::Invalid(FieldKey::Token));
    }
    Ok(SecretString::from(text))
}
