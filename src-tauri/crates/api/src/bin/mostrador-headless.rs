//! Mostrador without a window: serves the commands on loopback and prints where, as one line of JSON.

use std::io::Write as _;
use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::Arc;

use clap::{Parser, ValueEnum};
use mostrador_api::headless::{self, find_ui};
use mostrador_api::keyring::SystemKeyring;
use mostrador_api::logs::Logs;
use mostrador_api::{Shop, ShopOptions};
use mostrador_engine::chance::SystemChance;
use mostrador_engine::clock::SystemClock;
use mostrador_engine::secrets::{MemorySecrets, Secrets};
use mostrador_engine::supervisor::Supervisor;
use secrecy::SecretString;

/// See `docs/adr/0016-memory.md`.
#[cfg(not(target_env = "msvc"))]
#[global_allocator]
static MEMORY: tikv_jemallocator::Jemalloc = tikv_jemallocator::Jemalloc;

/// Mostrador without a window: the same commands over HTTP, on this computer only.
#[derive(Parser)]
#[command(name = "mostrador-headless", version)]
struct Arguments {
    /// Where everything is kept; made if it is not there
    #[arg(long, value_name = "DIR")]
    data: PathBuf,
    /// The port to listen on; 0 = any free one
    #[arg(long, value_name = "N", default_value_t = 0)]
    port: u16,
    /// Where gateways' tokens are kept
    #[arg(long, value_enum)]
    secrets: SecretsChoice,
    /// Run the practice shop
    #[arg(long)]
    practice: bool,
    /// Serve the window to a browser, from DIR (usually ui/dist)
    #[arg(long, value_name = "DIR", num_args = 0..=1)]
    ui: Option<Option<PathBuf>>,
}

#[derive(Clone, Copy, ValueEnum)]
enum SecretsChoice {
    /// In memory, until the program ends
    Memory,
    /// In the operating system's keyring
    Keyring,
}

#[tokio::main]
async fn main() -> ExitCode {
    let logs = Logs::new(Arc::new(SystemClock));
    logs.start();
    match run(Arguments::parse(), logs).await {
        Ok(()) => ExitCode::SUCCESS,
        Err(problem) => {
            #[allow(clippy::print_stderr, reason = "a program for the terminal")]
            {
                eprintln!("mostrador-headless: {problem}");
            }
            ExitCode::FAILURE
        }
    }
}

async fn run(arguments: Arguments, logs: Logs) -> Result<(), String> {
    let ui = match arguments.ui {
        None => None,
        Some(said) => {
            let found =
                find_ui(said).ok_or("--ui: no built window was found; `npm run build` in ui/ makes one")?;
            Some(found)
        }
    };
    let secrets: Arc<dyn Secrets> = match arguments.secrets {
        SecretsChoice::Memory => Arc::new(MemorySecrets::default()),
        SecretsChoice::Keyring => Arc::new(SystemKeyring::default()),
    };
    let options = ShopOptions {
        data: arguments.data,
        secrets,
        notifier: Box::new(|hub| Arc::new(hub)),
        practice: arguments.practice,
        clock: Arc::new(SystemClock),
        chance: Arc::new(SystemChance),
        logs: logs.clone(),
    };
    let shop = Arc::new(Shop::open(options).await.map_err(|error| error.to_string())?);
    let crew = Supervisor::default().crew("headless");
    let served = headless::start(Arc::clone(&shop), &crew, arguments.port, ui, &SystemChance).await;
    let served = served.map_err(|error| error.to_string())?;
    logs.never_tell(&SecretString::from(served.token.clone()));
    say(&serde_json::json!({ "url": served.url, "token": served.token }))?;
    wait_for_the_end().await;
    crew.stop().await;
    shop.close().await;
    Ok(())
}

fn say(line: &serde_json::Value) -> Result<(), String> {
    let mut out = std::io::stdout().lock();
    writeln!(out, "{line}")
        .and_then(|()| out.flush())
        .map_err(|error| error.to_string())
}

/// Until somebody interrupts it or asks it to end.
async fn wait_for_the_end() {
    #[cfg(unix)]
    {
        use tokio::signal::unix::{SignalKind, signal};
        if let Ok(mut terminate) = signal(SignalKind::terminate()) {
            tokio::select! {
                _ = tokio::signal::ctrl_c() => {}
                _ = terminate.recv() => {}
            }
            return;
        }
    }
    let _interrupted = tokio::signal::ctrl_c().await;
}
