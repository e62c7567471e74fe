//! `mostrador-practice`: the practice shop alone, for tests and tools in other processes.
//!
//! Prints one line of JSON when it is ready, `{"url", "token", "phone", "devices"}`, and serves until it is
//! interrupted. Everything that can be ordered while it runs is under `/sandbox`.

use std::{path::PathBuf, process::ExitCode, time::Duration};

use clap::Parser;
use mostrador_sandbox::{ReceiptDelays, Sandbox, SandboxConfig, StartError};

/// A simulated WhatsApp behind a gateway's own HTTP, on this machine only.
#[derive(Parser)]
#[command(name = "mostrador-practice", version)]
struct Arguments {
    /// The port; 0 takes any free one.
    #[arg(long, default_value_t = 0)]
    port: u16,
    /// The access token; without one, that of the state file or a new one.
    #[arg(long)]
    token: Option<String>,
    /// Settles ids and texts of the invented world.
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// How many chats there are; without it, a dozen customers and a group.
    #[arg(long, value_name = "N")]
    chats: Option<u32>,
    /// How many messages lie in them.
    #[arg(long, value_name = "N")]
    messages: Option<u32>,
    /// How many of the shop's numbers there are, each with a token of its own.
    #[arg(long, value_name = "N", default_value_t = 1)]
    devices: u32,
    /// How many times quicker than usual ticks and answers come.
    #[arg(long, value_name = "X", default_value_t = 1.0)]
    speed: f64,
    /// Nothing happens by itself, and what is asked for happens at once.
    #[arg(long)]
    tests: bool,
    /// How many events of one kind may travel in one webhook.
    #[arg(long, value_name = "N")]
    webhook_batch: Option<usize>,
    /// Keeps the world in this file between runs.
    #[arg(long, value_name = "FILE")]
    state: Option<PathBuf>,
    /// How often some customer writes without being asked; 0 is never.
    #[arg(long, value_name = "SECONDS", default_value_t = 90)]
    customers_write_every: u64,
    /// No waiting: ticks and answers come at once.
    #[arg(long)]
    fast: bool,
}

impl Arguments {
    fn config(self) -> SandboxConfig {
        let every = (self.customers_write_every > 0).then(|| Duration::from_secs(self.customers_write_every));
        let preset = if self.tests {
            SandboxConfig::for_tests()
        } else {
            SandboxConfig {
                customers_write_every: every,
                ..SandboxConfig::practice()
            }
        };
        let mut config = SandboxConfig {
            port: self.port,
            token: self.token.or(preset.token),
            seed: self.seed,
            chats: self.chats,
            messages: self.messages,
            devices: self.devices,
            webhook_batch: self.webhook_batch.unwrap_or(preset.webhook_batch),
            state_file: self.state,
            ..preset
        }
        .at_speed(self.speed);
        if self.fast {
            config.starting = Duration::ZERO;
            config.answer_after = Duration::ZERO;
            config.receipts = ReceiptDelays {
                sent: Duration::ZERO,
                delivered: Duration::ZERO,
                read: Some(Duration::ZERO),
            };
        }
        config
    }
}

#[tokio::main]
#[allow(clippy::print_stdout, clippy::print_stderr, reason = "a program's own output")]
async fn main() -> ExitCode {
    match run(Arguments::parse()).await {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("mostrador-practice: {error}");
            ExitCode::FAILURE
        }
    }
}

#[allow(
    clippy::print_stdout,
    reason = "the one line that whoever started it waits for"
)]
async fn run(arguments: Arguments) -> Result<(), StartError> {
    let sandbox = Sandbox::start(arguments.config()).await?;
    let devices = sandbox.devices();
    let devices: Vec<_> = devices
        .iter()
        .map(|device| serde_json::json!({ "token": device.token, "number": device.number }))
        .collect();
    let ready = serde_json::json!({
        "url": sandbox.url(),
        "token": sandbox.token(),
        "phone": sandbox.phone_url(),
        "devices": devices,
    });
    println!("{ready}");
    interrupted().await;
    sandbox.stop().await;
    Ok(())
}

#[cfg(unix)]
async fn interrupted() {
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
async fn interrupted() {
    drop(tokio::signal::ctrl_c().await);
}
