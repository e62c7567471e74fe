//! The UI's calls: every command of the one list, passed on to the shop as it is.
//!
//! No command is named here: what exists, its arguments and its errors are settled in `mostrador-api`, and checked there for
//! every host alike. The shell adds some of its own, because only it can open a window (`practice_phone_open`), only it hears of
//! links (`deep_link_take`) and only it knows the desktop ([`outward`]: `media_save`, `link_open`; [`exports`](crate::exports):
//! `file_begin`, `file_write`, `file_end`; [`voice`](crate::voice): `voice_begin`, `voice_end`; `habits`: `start_with_system_get`, `start_with_system_set`).
//!
//! Who may call: only the window with the UI in it. Pages of other origins are refused by the web view's own access rules
//! already (no capability names them); that a call comes from that window is checked once more here.

use mostrador_api::commands::dispatch;
use mostrador_api::{ApiError, ErrorCode, Shop};
use serde_json::{Value, json};
use tauri::ipc::{Invoke, InvokeBody, InvokeError};
use tauri::{AppHandle, Manager as _, Wry};

use crate::addresses::phone_in;
use crate::exports::Exports;
use crate::opening::Door;
use crate::visits::Visits;
use crate::voice::Voice;
use crate::{habits, outward, window, words};

/// Opens the practice phone's window. Its address is the shop's to know, not the page's to say.
const PRACTICE_PHONE_OPEN: &str = "practice_phone_open";
/// Puts a file where the operator keeps theirs.
const MEDIA_SAVE: &str = "media_save";
/// The link that waits to be followed, once.
const DEEP_LINK_TAKE: &str = "deep_link_take";
/// Whether the desktop starts us.
const START_WITH_SYSTEM_GET: &str = "start_with_system_get";
/// Makes the desktop start us, or no longer.
const START_WITH_SYSTEM_SET: &str = "start_with_system_set";
/// Has the desktop open an address, after the page has asked the operator.
const LINK_OPEN: &str = "link_open";

/// A file that comes piece by piece, where the operator wants it.
const FILE_BEGIN: &str = "file_begin";
const FILE_WRITE: &str = "file_write";
const FILE_END: &str = "file_end";

/// The microphone, from the press of a button to the next.
const VOICE_BEGIN: &str = "voice_begin";
const VOICE_END: &str = "voice_end";

/// What the web view hands every call to.
pub(crate) fn handler(door: Door) -> impl Fn(Invoke<Wry>) -> bool + Send + Sync + 'static {
    move |Invoke {
              message, resolver, ..
          }| {
        let args = match message.payload() {
            _ if message.webview_ref().label() != window::MAIN => Err(ErrorCode::UnknownCommand),
            InvokeBody::Json(args) => Ok(args.clone()),
            InvokeBody::Raw(_) => Err(ErrorCode::BadRequest),
        };
        let name = message.command().to_owned();
        let app = message.webview_ref().app_handle().clone();
        let door = door.clone();
        resolver.respond_async(async move {
            let answer = match args {
                Ok(args) => answer(&app, &door, &name, args).await,
                Err(code) => Err(code.into()),
            };
            answer.map_err(InvokeError::from)
        });
        true
    }
}

async fn answer(app: &AppHandle, door: &Door, name: &str, args: Value) -> Result<Value, ApiError> {
    let shop = door.shop().await;
    match name {
        MEDIA_SAVE => outward::save(app, &shop, args).await,
        LINK_OPEN => outward::open(args).await.map(|()| Value::Null),
        FILE_BEGIN => app.state::<Exports>().begin(app, &shop, args).await,
        FILE_WRITE => app.state::<Exports>().write(args).await,
        FILE_END => app.state::<Exports>().end(args).await,
        VOICE_BEGIN => app.state::<Voice>().begin().await,
        VOICE_END => app.state::<Voice>().end(args).await,
        DEEP_LINK_TAKE => Ok(json!(app.state::<Visits>().take())),
        START_WITH_SYSTEM_GET => habits::starts_with_system(app).await,
        START_WITH_SYSTEM_SET => habits::start_with_system(app, args).await,
        PRACTICE_PHONE_OPEN => open_phone(app, &shop, &args).await.map(|()| Value::Null),
        _ => dispatch(&shop, name, args).await,
    }
}

async fn open_phone(app: &AppHandle, shop: &Shop, args: &Value) -> Result<(), ApiError> {
    let language = words::of_shop(shop).await;
    let number = args["number"].as_u64().unwrap_or_default();
    let url = shop
        .phone_url()
        .and_then(|phone| phone_in(&phone, language.as_str(), number))
        .ok_or(ErrorCode::NotFound)?;
    window::open_phone(app, url, words::of(language).phone).map_err(|error| {
        tracing::error!(%error, "the practice phone's window does not open");
        ErrorCode::Internal.into()
    })
}
