//! Starting with the system, as the UI asks for it and is told of it.
//!
//! The answer is `{offered, on}`. It is offered where desktops follow the XDG specification ([`crate::autostart`]); elsewhere the
//! UI shows no such choice.

use std::ffi::OsString;

use mostrador_api::{ApiError, ErrorCode};
use serde::Deserialize;
use serde_json::{Value, json};
use tauri::{AppHandle, Manager as _};

use crate::autostart::Autostart;
use crate::outward::in_background;

/// How another start opens the same shop.
pub(crate) struct Habits {
    /// Its entry; `None` = this desktop has no such thing.
    pub(crate) autostart: Option<Autostart>,
    pub(crate) arguments: Vec<OsString>,
}

impl Habits {
    /// Those of the shop that is known as `instance`, opened anew with `arguments`.
    pub(crate) fn of(instance: &str, arguments: Vec<OsString>) -> Self {
        let settings = dirs::config_dir().filter(|_| cfg!(all(unix, not(target_os = "macos"))));
        Self {
            autostart: settings.map(|settings| Autostart::of(&settings, instance)),
            arguments,
        }
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Wanted {
    on: bool,
}

/// Whether the desktop starts us.
pub(crate) async fn starts_with_system(app: &AppHandle) -> Result<Value, ApiError> {
    let autostart = app.state::<Habits>().autostart.clone();
    in_background(move || Ok(view(autostart.as_ref()))).await
}

/// Makes the desktop start us, or no longer.
pub(crate) async fn start_with_system(app: &AppHandle, args: Value) -> Result<Value, ApiError> {
    let Wanted { on } = serde_json::from_value(args).map_err(|_| ErrorCode::BadRequest)?;
    let habits = app.state::<Habits>();
    let (autostart, arguments) = (habits.autostart.clone(), habits.arguments.clone());
    in_background(move || {
        match &autostart {
            Some(autostart) if on => autostart.turn_on(&std::env::current_exe()?, &arguments)?,
            Some(autostart) => autostart.turn_off()?,
            None => {}
        }
        Ok(view(autostart.as_ref()))
    })
    .await
}

fn view(autostart: Option<&Autostart>) -> Value {
    json!({ "offered": autostart.is_some(), "on": autostart.is_some_and(Autostart::is_on) })
}
