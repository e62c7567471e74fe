//! Sessions of which a task has ended early or panicked: they are stopped and started anew, as at a start of the program. What was
//! in flight is looked for, never sent again on a guess. One that breaks again and again is started less and less often.

use std::sync::Weak;
use std::time::Duration;

use mostrador_domain::DeviceId;

use super::Engine;
use crate::outbox::backoff;
use crate::supervisor::Supervisor;

/// After so long without a fault the next one is the first again.
const FORGOTTEN: Duration = Duration::from_secs(3_600);

/// Runs until the program ends.
pub(super) async fn run(engine: Weak<Engine>, supervisor: Supervisor) {
    let (mut in_a_row, mut last) = (0_u32, Duration::ZERO);
    loop {
        supervisor.met_fault().await;
        let Some(met_at) = engine.upgrade().map(|engine| engine.shared.clock.elapsed()) else {
            return std::future::pending().await;
        };
        in_a_row = if met_at.saturating_sub(last) > FORGOTTEN {
            1
        } else {
            in_a_row.saturating_add(1)
        };
        last = met_at;
        let mut left = true;
        while left {
            let Some(wait) = engine.upgrade().map(|engine| {
                let pause = backoff::delay(in_a_row, &*engine.shared.chance);
                engine.shared.clock.sleep(pause)
            }) else {
                return std::future::pending().await;
            };
            wait.await;
            let Some(engine) = engine.upgrade() else {
                return std::future::pending().await;
            };
            left = !engine.start_broken_anew().await;
            in_a_row = in_a_row.saturating_add(u32::from(left));
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
