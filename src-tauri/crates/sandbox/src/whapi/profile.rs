//! The shop's own profile.

use axum::http::StatusCode;
use serde_json::json;

use super::{
    Refusal,
    entry::At,
    given::{Given, wrong},
    media::{handed_over, linked},
    said::{Said, done},
};

pub(super) async fn profile(At(branch): At) -> Result<Said, Refusal> {
    branch.look(|world, _| {
        linked(world, "Need channel authorization for get profile")?;
        let shop = world.shop();
        let mut shape = json!({ "name": shop.name, "about": shop.about });
        if let Some(icon) = &shop.icon {
            let address = format!("http://127.0.0.1:{}/files/{icon}", branch.port());
            shape["icon"] = json!(address);
            shape["icon_full"] = json!(address);
        }
        Ok(Said(shape))
    })
}

/// A text of so many characters.
fn within(text: Option<String>, range: std::ops::RangeInclusive<usize>) -> Result<Option<String>, Refusal> {
    match text {
        Some(text) if !range.contains(&text.chars().count()) => Err(wrong()),
        other => Ok(other),
    }
}

pub(super) async fn change(At(branch): At, mut given: Given) -> Result<Said, Refusal> {
    let name = within(given.said("name")?, 3..=25)?;
    let about = within(given.said("about")?, 1..=139)?;
    let icon = handed_over(&mut given, "icon")?;
    branch.step(|world, now| {
        linked(world, "Need channel authorization for edit profile")?;
        let icon = icon.map(|file| file.into_world(world, now)).transpose()?;
        let picture = |id: &String| world.media(id).is_some_and(|media| media.look.is_some());
        if icon.as_ref().is_some_and(|id| !picture(id)) {
            return Err(Refusal::new(
                StatusCode::UNSUPPORTED_MEDIA_TYPE,
                "Unsupported media type",
            ));
        }
        world.present(name, about, icon);
        Ok(done())
    })
}

/// The older way to set what the shop says about itself. It is not about any connection.
pub(super) async fn set_about(At(branch): At, given: Given) -> Result<Said, Refusal> {
    let about = given.needed("status")?.to_owned();
    branch.step(|world, _| {
        linked(world, "Need channel authorization for change status")?;
        world.present(None, Some(about), None);
        Ok(done())
    })
}
