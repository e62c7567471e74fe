//! The order in which the program starts and ends.
//!
//! ```text
//! start   options → the web view's environment (Linux) → no screen? say so and end → runtime → the one program of this folder?
//!         else show the other's window → the shop, beside the window (calls wait at the door) → tray, notifications, signals
//! end     asked by the window, the tray or a signal → windows gone → our tasks → the shop → the event loop
//! ```
//!
//! All tasks belong to one crew. The end runs beside the event loop, not in it: tasks that are about to stop may still be
//! waiting for the main thread to change a menu. If the end takes too long it is cut short: what is in flight is settled at
//! the next start, as after a power cut.

use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use mostrador_api::keyring::SystemKeyring;
use mostrador_api::logs::Logs;
use mostrador_api::{Shop, ShopOptions};
use mostrador_engine::chance::SystemChance;
use mostrador_engine::clock::SystemClock;
use mostrador_engine::supervisor::{Crew, Supervisor};
use tauri::{App, AppHandle, Manager as _, RunEvent, generate_context};
use tokio::runtime::Runtime;

#[cfg(all(unix, not(target_os = "macos")))]
use crate::exports::Exports;
use crate::frugal;
use crate::habits::Habits;
use crate::notifications::{self, Wishes};
use crate::opening::Door;
use crate::options::Options;
use crate::visits::{self, Visits};
use crate::voice::Voice;
use crate::words::Trouble;
use crate::{addresses, calls, events, fatal, media, single_instance, spelling, tray, window};

/// How long the end may take.
const END_WITHIN: Duration = Duration::from_secs(10);

/// What is known before anything runs.
#[derive(Clone)]
struct Start {
    options: Options,
    data: PathBuf,
    logs: Logs,
}

/// Runs the program until it ends.
pub fn run(options: &Options) -> ExitCode {
    // First of all: see there.
    #[cfg(all(unix, not(target_os = "macos")))]
    frugal::begin();
    let logs = Logs::new(Arc::new(SystemClock));
    logs.start();
    let data = options.data_folder(dirs::data_local_dir().as_deref());
    let folder = data.clone().unwrap_or_default();
    let ended = match data {
        None => Err(Trouble::NoFolder),
        Some(_) if !has_screen() => Err(Trouble::NoScreen),
        Some(data) => start(Start {
            options: options.clone(),
            data,
            logs,
        }),
    };
    ended.unwrap_or_else(|trouble| {
        fatal::print(trouble, &folder);
        ExitCode::FAILURE
    })
}

/// On Linux a program without a display server cannot even say so in a dialog; elsewhere there always is one.
fn has_screen() -> bool {
    let named = |name| std::env::var_os(name).is_some_and(|value| !value.is_empty());
    !cfg!(all(unix, not(target_os = "macos"))) || named("DISPLAY") || named("WAYLAND_DISPLAY")
}

fn start(start: Start) -> Result<ExitCode, Trouble> {
    let runtime = runtime().map_err(|_| Trouble::Unusable)?;
    let _inside = runtime.enter();
    tauri::async_runtime::set(runtime.handle().clone());
    let door = Door::default();
    let crew = Arc::new(Supervisor::default().crew("shell"));
    let app = build(start, &door, &crew)?;
    let end = End {
        door,
        crew,
        begun: AtomicBool::new(false),
        over: Arc::default(),
    };
    let code = app.run_return(move |app, event| {
        if let RunEvent::ExitRequested { api, code, .. } = event
            && !end.is_over()
        {
            api.prevent_exit();
            end.begin(app, code.unwrap_or_default());
        }
    });
    Ok(u8::try_from(code).map_or(ExitCode::FAILURE, ExitCode::from))
}

fn runtime() -> std::io::Result<Runtime> {
    tokio::runtime::Builder::new_multi_thread()
        .thread_name("mostrador")
        .enable_all()
        .build()
}

fn build(start: Start, door: &Door, crew: &Arc<Crew>) -> Result<App, Trouble> {
    let context = generate_context!();
    let alone = single_instance::plugin(&context.config().identifier, &start.data);
    let set_up = (door.clone(), Arc::clone(crew));
    tauri::Builder::default()
        // First: a second start ends here, before it touches the data folder.
        .plugin(alone)
        .invoke_handler(calls::handler(door.clone()))
        .register_asynchronous_uri_scheme_protocol(addresses::MEDIA_SCHEME, media::protocol(door.clone()))
        .on_window_event(window::on_event)
        .setup(move |app| {
            let (door, crew) = set_up;
            set_up_all(app.handle(), start, &door, &crew);
            Ok(())
        })
        .build(context)
        .map_err(|error| {
            tracing::error!(%error, "the web view does not start");
            Trouble::NoWebView
        })
}

fn set_up_all(app: &AppHandle, start: Start, door: &Door, crew: &Crew) {
    crew.spawn("signals", end_on_signal(app.clone()));
    let instance = Options::instance(&app.config().identifier, &start.data);
    app.manage(Habits::of(&instance, start.options.to_start_hidden()));
    app.manage(Visits::default());
    app.manage(Voice::default());
    app.manage(Exports::default());
    visits::receive(app, start.options.link.as_deref());
    window::prepare(app, &start.data, start.options.hidden);
    let (wishes, board) = notifications::board();
    // The web view takes longer to come up than the shop; the two begin together.
    crew.spawn(
        "shop",
        keep_shop(app.clone(), start.clone(), door.clone(), wishes),
    );
    if let Err(trouble) = open_window(app, &start.data) {
        let app = app.clone();
        crew.spawn(
            "trouble",
            async move { give_up(&app, trouble, &start.data).await },
        );
        return;
    }
    #[cfg(all(unix, not(target_os = "macos")))]
    crate::page_process::watch(app, door);
    let (here, there) = (app.clone(), door.clone());
    crew.spawn_graceful("notifications", |ending| {
        board.run(here, there, ending.cancelled_owned())
    });
    crew.spawn("tray", tray::run(app.clone(), door.clone()));
    crew.spawn("spelling", spelling::run(app.clone(), door.clone()));
}

/// The web view keeps things in the data folder too; that it cannot is the folder's trouble, not the web view's.
fn open_window(app: &AppHandle, data: &Path) -> Result<(), Trouble> {
    std::fs::create_dir_all(data).map_err(|error| Trouble::from(&error))?;
    window::open_main(app, data).map_err(|error| {
        tracing::error!(%error, "the window does not open");
        Trouble::NoWebView
    })
}

/// Opens the shop, lets the calls in that wait for it, and tells the window what happens.
async fn keep_shop(app: AppHandle, start: Start, door: Door, wishes: Wishes) {
    let options = ShopOptions {
        data: start.data.clone(),
        secrets: Arc::new(SystemKeyring::default()),
        notifier: Box::new(|_hub| Arc::new(wishes)),
        practice: start.options.practice,
        clock: Arc::new(SystemClock),
        chance: Arc::new(SystemChance),
        logs: start.logs.clone(),
    };
    match Shop::open(options).await {
        Ok(shop) => {
            let events = shop.events();
            door.open(Arc::new(shop));
            events::forward(&app, events).await;
            std::future::pending().await
        }
        Err(error) => {
            tracing::error!(%error, "the shop does not open");
            give_up(&app, Trouble::from(&error), &start.data).await;
        }
    }
}

/// Says why, and asks for the end. The shop and the window begin together and may both fail of one cause, a folder that cannot
/// be used, say: whoever comes first tells it, once.
async fn give_up(app: &AppHandle, trouble: Trouble, data: &Path) {
    if window::hide_all(app) {
        fatal::tell(app, trouble, data).await;
        app.exit(1);
    }
    std::future::pending().await
}

/// A session that ends and Ctrl-C in a terminal end the program as closing it does.
async fn end_on_signal(app: AppHandle) {
    #[cfg(unix)]
    {
        use tokio::signal::unix::{SignalKind, signal};
        match signal(SignalKind::terminate()) {
            Ok(mut terminate) => {
                tokio::select! { _ = tokio::signal::ctrl_c() => {}, _ = terminate.recv() => {} }
            }
            // Without the one signal there is still the other.
            Err(_) => drop(tokio::signal::ctrl_c().await),
        }
    }
    #[cfg(not(unix))]
    drop(tokio::signal::ctrl_c().await);
    app.exit(0);
    std::future::pending().await
}

/// The end, once.
struct End {
    door: Door,
    crew: Arc<Crew>,
    begun: AtomicBool,
    over: Arc<AtomicBool>,
}

impl End {
    fn is_over(&self) -> bool {
        self.over.load(Ordering::SeqCst)
    }

    fn begin(&self, app: &AppHandle, code: i32) {
        if self.begun.swap(true, Ordering::SeqCst) {
            return;
        }
        window::hide_all(app);
        let (app, door, crew, over) = (
            app.clone(),
            self.door.clone(),
            Arc::clone(&self.crew),
            Arc::clone(&self.over),
        );
        // It belongs to no crew: it is what stops them.
        tauri::async_runtime::spawn(async move {
            let all = async {
                crew.stop().await;
                if let Some(shop) = door.shop_if_open() {
                    shop.close().await;
                }
            };
            if tokio::time::timeout(END_WITHIN, all).await.is_err() {
                tracing::warn!("the end took too long and was cut short");
            }
            over.store(true, Ordering::SeqCst);
            app.exit(code);
        });
    }
}
