//! The profile of the linked number. The lengths are the gateway's documented ones, counted in characters.

use async_trait::async_trait;
use http::Method;
use mostrador_domain::{Failure, FailureCode, MediaKind};
use serde_json::{Value, json};

use super::errors::{self, MALFORMED, done};
use super::fields::Fields;
use super::link::WhapiLink;
use super::send::data_address;
use crate::http_kit::{Call, Path};
use crate::{OwnProfile, Profile};

const PROFILE: &str = "/users/profile";

#[async_trait]
impl Profile for WhapiLink {
    async fn get(&self) -> Result<OwnProfile, Failure> {
        let answer = self.ask(Call::get(Path::fixed(PROFILE))).await?;
        if !answer.is_success() {
            return Err(errors::of_call(&answer));
        }
        profile(&answer.json()?)
    }

    async fn set_name(&self, name: &str) -> Result<(), Failure> {
        self.set("name", name, 3..=25).await
    }

    async fn set_about(&self, about: &str) -> Result<(), Failure> {
        self.set("about", about, 1..=139).await
    }

    async fn set_picture(&self, mime: &str, bytes: &[u8]) -> Result<(), Failure> {
        let picture = data_address(MediaKind::Image, mime, bytes)?;
        self.change_profile(json!({ "icon": picture })).await
    }
}

/// What a profile says.
pub(super) fn profile(body: &Value) -> Result<OwnProfile, Failure> {
    let profile = Fields::of(body).ok_or(MALFORMED)?;
    Ok(OwnProfile {
        name: profile.string("name"),
        about: profile.string("about"),
        picture: profile.string("icon_full").or_else(|| profile.string("icon")),
    })
}

impl WhapiLink {
    async fn set(
        &self,
        field: &str,
        words: &str,
        length: std::ops::RangeInclusive<usize>,
    ) -> Result<(), Failure> {
        if !length.contains(&words.chars().count()) {
            return Err(errors::rejected(FailureCode::RefusedContent));
        }
        self.change_profile(json!({ field: words })).await
    }

    async fn change_profile(&self, change: Value) -> Result<(), Failure> {
        let call = Call::new(Method::PATCH, Path::fixed(PROFILE)).json(&change);
        done(&self.ask(call.transfer()).await?)
    }
}
