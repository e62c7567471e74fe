//! Sessions of which a task has ended early or panicked: they are stopped and started anew, as at a start of the program. What was
//! in flight is looked for, never sent again on a guess. One that breaks again and again is started less and less often.

use std::sync::Weak;

use mostrador_domain::DeviceId;

use super::Engine;
use crate::supervisor::{Patience, Supervisor};

/// Runs until the program ends.
pub(super) async fn run(engine: Weak<Engine>, supervisor: Supervisor, mut patience: Patience) {
    loop {
        supervisor.met_fault().await;
        patience.fault();
        loop {
            patience.wait().await;
            let Some(engine) = engine.upgrade() else {
                return std::future::pending().await;
            };
            if engine.start_broken_anew().await {
                break;
            }
            patience.in_vain();
        }
    }
}

impl Engine {
    /// Starts every session anew that is broken. `false` = not all could be.
    async fn start_broken_anew(&self) -> bool {
        let broken: Vec<DeviceId> = {
            let sessions = self.sessions.lock().await;
            let broken = sessions.iter().filter(|(_, session)| session.is_broken());
            broken.map(|(id, _)| *id).collect()
        };
        let mut all = true;
        for device in broken {
            match self.start_session(device).await {
                Ok(()) => tracing::info!(%device, "a session of which a task had ended is started anew"),
                Err(error) => {
                    all = false;
                    tracing::error!(%device, %error, "a broken session could not be started anew yet");
                }
            }
        }
        all
    }
}
