//! The sandbox's background tasks: named, cancellable, and waited for when it stops.
//!
//! Two kinds exist. A task that is *kept* runs until the sandbox stops; one that ends earlier is a fault and is
//! reported by its name. A task that is run *once* may end when its work is done. Both are cancelled by `stop`,
//! which returns only when the last of them has gone, so that no test leaves a task behind.

use std::future::Future;

use tokio_util::{sync::CancellationToken, task::TaskTracker};

/// The owner of every task that one sandbox started.
#[derive(Clone, Default)]
pub(crate) struct Tasks {
    stopping: CancellationToken,
    running: TaskTracker,
}

impl Tasks {
    /// Starts a task that lives as long as the sandbox.
    pub(crate) fn keep(&self, name: &'static str, work: impl Future<Output = ()> + Send + 'static) {
        let stopping = self.stopping.clone();
        self.running.spawn(async move {
            if stopping.run_until_cancelled(work).await.is_some() {
                tracing::error!(task = name, "a task of the sandbox ended before the sandbox did");
            }
        });
    }

    /// Starts a task that ends when its work is done, or when the sandbox stops.
    pub(crate) fn once(&self, work: impl Future<Output = ()> + Send + 'static) {
        let stopping = self.stopping.clone();
        self.running.spawn(async move {
            let _ = stopping.run_until_cancelled(work).await;
        });
    }

    /// Starts a task that watches [`Tasks::stopping`] itself and winds down in its own order.
    pub(crate) fn winding_down(&self, work: impl Future<Output = ()> + Send + 'static) {
        self.running.spawn(work);
    }

    /// Fires when the sandbox is asked to stop.
    pub(crate) fn stopping(&self) -> CancellationToken {
        self.stopping.clone()
    }

    /// Asks every task to end.
    pub(crate) fn cancel(&self) {
        self.stopping.cancel();
        self.running.close();
    }

    /// Waits until every task has ended; call [`Tasks::cancel`] first.
    pub(crate) async fn ended(&self) {
        self.running.wait().await;
    }
}
