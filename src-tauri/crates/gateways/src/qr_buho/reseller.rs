//! Blocking a customer of the reseller and letting them in again. The vendor mentions both and publishes no call for either, so a
//! person who was told the paths types them for the device: each is called by `POST` at the gateway's own address and nowhere else.
//!
//! The customer's id stands in the path where that says `{id}`, as in the published call that deletes one; else in the body, as `id`.

use http::Method;
use serde_json::json;

use crate::http_kit::{Call, Path};
use crate::{FieldKey, LinkConfig, OpenError};

/// What stands for the customer's id.
const ID: &str = "{id}";

/// A template for each number of segments: the log shows how many there were and nothing of them.
const TEMPLATES: [&str; 8] = [
    "/{1}",
    "/{1}/{2}",
    "/{1}/{2}/{3}",
    "/{1}/{2}/{3}/{4}",
    "/{1}/{2}/{3}/{4}/{5}",
    "/{1}/{2}/{3}/{4}/{5}/{6}",
    "/{1}/{2}/{3}/{4}/{5}/{6}/{7}",
    "/{1}/{2}/{3}/{4}/{5}/{6}/{7}/{8}",
];

/// The paths that were typed.
pub(super) struct Reseller {
    block: Option<TypedPath>,
    unblock: Option<TypedPath>,
}

impl Reseller {
    /// Those of a device.
    pub(super) fn of(config: &LinkConfig) -> Result<Self, OpenError> {
        let read = |key| {
            let read = |text| TypedPath::read(text).ok_or(OpenError::Invalid(key));
            config.text(key).map(read).transpose()
        };
        Ok(Self {
            block: read(FieldKey::BlockPath)?,
            unblock: read(FieldKey::UnblockPath)?,
        })
    }

    /// The path in a field of this word.
    pub(super) fn path(&self, field: &str) -> Option<&TypedPath> {
        match FieldKey::from_word(field)? {
            FieldKey::BlockPath => self.block.as_ref(),
            FieldKey::UnblockPath => self.unblock.as_ref(),
            _ => None,
        }
    }
}

/// A path below the gateway's address: it begins with `/`, and nothing in it can lead to another host, to a query or out of itself.
pub(super) struct TypedPath {
    text: String,
}

impl TypedPath {
    /// What was typed, if it is such a path.
    fn read(text: &str) -> Option<Self> {
        let segments: Vec<&str> = text.strip_prefix('/')?.split('/').collect();
        let plain = |segment: &&str| {
            let usable = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.' | b'~');
            !segment.is_empty() && !matches!(*segment, "." | "..") && segment.bytes().all(usable)
        };
        let ids = segments.iter().filter(|segment| **segment == ID).count();
        let usable = segments.iter().all(|segment| *segment == ID || plain(segment));
        let fits = usable && ids <= 1 && segments.len() <= TEMPLATES.len() && text.len() <= 200;
        fits.then(|| Self {
            text: text.to_owned(),
        })
    }

    /// As it was typed.
    pub(super) fn text(&self) -> &str {
        &self.text
    }

    /// The call about this customer; `None` = no path can have such an id in it.
    pub(super) fn call(&self, customer: &str) -> Option<Call> {
        let segments = || self.text.split('/').skip(1);
        let template = TEMPLATES.get(segments().count().checked_sub(1)?)?;
        let path = segments().try_fold(Path::fixed(template), |path, segment| {
            path.and(if segment == ID { customer } else { segment })
        })?;
        let call = Call::new(Method::POST, path);
        Some(match segments().any(|segment| segment == ID) {
            true => call,
            false => call.json(&json!({ "id": customer })),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_plain_path_at_the_gateways_own_address_is_taken() {
        for good in [
            "/tenant/block",
            "/api/v2/tenants/{id}/block",
            "/{id}",
            "/a/b-c_d.e~f",
        ] {
            assert!(TypedPath::read(good).is_some(), "{good:?} is a path");
        }
        let long = format!("/{}", "a".repeat(200));
        let deep = "/a".repeat(9);
        for bad in [
            "",
            "/",
            "tenant/block",
            "//evil.example/block",
            "https://evil.example/block",
            "/\\evil.example",
            "/a/../admin",
            "/a/./b",
            "/a//b",
            "/a/",
            "/a?x=1",
            "/a#b",
            "/a b",
            "/a%2e%2e/b",
            "/user@evil.example:80",
            "/{id}/{id}",
            "/{name}",
            long.as_str(),
            deep.as_str(),
        ] {
            assert!(
                TypedPath::read(bad).is_none(),
                "{bad:?} could lead elsewhere, or nowhere"
            );
        }
    }

    #[test]
    fn an_id_that_would_name_another_path_makes_no_call() {
        let path = TypedPath::read("/tenant/{id}/block").expect("a path");
        assert!(path.call("tenant-1").is_some(), "an id");
        for bad in ["", "..", "."] {
            assert!(path.call(bad).is_none(), "{bad:?} is none");
        }
    }
}
