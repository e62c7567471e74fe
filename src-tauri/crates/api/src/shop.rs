//! The composition root: which store, which drivers, which sinks. The desktop and the headless program both begin here.
//!
//! The data folder belongs to one program at a time, held by a lock on a file in it: two of them would send everything twice.
//!
//! ```text
//! DIR/mostrador.lock   held while a program runs
//! DIR/mostrador.db     the store
//! DIR/media/           files, by their hash; in `arriving` those that are not whole yet
//! DIR/pictures/        small copies of people's and groups' pictures
//! DIR/logs/            what was logged
//! DIR/practice.json    the practice shop's world, if it was ever used
//! ```

use std::fs::{File, TryLockError};
use std::path::PathBuf;
use std::sync::Arc;

use mostrador_engine::chance::Chance;
use mostrador_engine::clock::Clock;
use mostrador_engine::notify::Notifier;
use mostrador_engine::secrets::Secrets;
use mostrador_engine::{Engine, EngineError, EngineParts};
use mostrador_gateways::{PracticeShop, Surroundings, drivers, practice_numbers};
use mostrador_sandbox::{Sandbox, SandboxConfig};
use mostrador_store::{SetAside, Store, StoreError};
use secrecy::SecretString;
use url::Url;

use crate::dto::DatabaseView;
use crate::events::{Events, Hub};
use crate::logs::{Logs, Unlogged};

/// Makes the notifier once the hub is there, to which a click on a notification speaks.
pub type MakeNotifier = Box<dyn FnOnce(Hub) -> Arc<dyn Notifier> + Send>;

/// What a shop is opened with.
pub struct ShopOptions {
    /// Where everything is kept; made if it is not there.
    pub data: PathBuf,
    /// Where tokens are kept.
    pub secrets: Arc<dyn Secrets>,
    /// Where notifications go.
    pub notifier: MakeNotifier,
    /// Run the practice shop.
    pub practice: bool,
    /// Time.
    pub clock: Arc<dyn Clock>,
    /// Randomness.
    pub chance: Arc<dyn Chance>,
    /// The log, which is kept in the data folder once that is ours.
    pub logs: Logs,
}

/// Why a shop cannot be opened.
#[derive(Debug, thiserror::Error)]
pub enum OpenShopError {
    /// Another program works with this folder.
    #[error("another Mostrador is working with this data folder: close it first")]
    InUse,
    /// The folder cannot be used.
    #[error("the data folder cannot be used: {0}")]
    Folder(#[source] std::io::Error),
    /// The store.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The engine.
    #[error(transparent)]
    Engine(#[from] EngineError),
    /// The practice shop.
    #[error("the practice shop cannot be opened: {0}")]
    Practice(String),
}

/// A running shop.
pub struct Shop {
    engine: Arc<Engine>,
    hub: Hub,
    clock: Arc<dyn Clock>,
    logs: Logs,
    database: DatabaseView,
    data: PathBuf,
    sandbox: tokio::sync::Mutex<Option<Sandbox>>,
    phone_url: Option<String>,
    /// Held until the end.
    _lock: File,
}

impl Shop {
    /// Opens the data folder and starts everything.
    ///
    /// # Errors
    /// See [`OpenShopError`].
    pub async fn open(options: ShopOptions) -> Result<Self, OpenShopError> {
        make_private_folder(&options.data).map_err(OpenShopError::Folder)?;
        let lock = take_lock(&options.data)?;
        if let Err(error) = options.logs.keep_in(&options.data) {
            tracing::warn!(kind = ?error.kind(), "the log cannot be kept in the data folder");
        }
        let opened = Store::open(&options.data.join("mostrador.db"), options.clock.now())?;
        let sandbox = if options.practice {
            Some(open_practice(&options.data).await?)
        } else {
            None
        };
        let practice = sandbox.as_ref().and_then(practice_shop);
        for token in practice.iter().flat_map(|practice| &practice.tokens) {
            options.logs.never_tell(token);
        }
        let hub = Hub::default();
        let secrets = Unlogged {
            inner: options.secrets,
            logs: options.logs.clone(),
        };
        let engine = Engine::start(EngineParts {
            store: opened.store,
            media_folder: options.data.join("media"),
            picture_folder: options.data.join("pictures"),
            drivers: drivers(&surroundings(&options.clock), practice.as_ref()),
            secrets: Arc::new(secrets),
            notifier: (options.notifier)(hub.clone()),
            clock: Arc::clone(&options.clock),
            chance: options.chance,
        })
        .await?;
        Ok(Self {
            engine,
            hub,
            clock: options.clock,
            logs: options.logs,
            database: database_view(opened.set_aside.as_ref()),
            data: options.data,
            phone_url: sandbox.as_ref().map(Sandbox::phone_url),
            sandbox: tokio::sync::Mutex::new(sandbox),
            _lock: lock,
        })
    }

    /// Ends everything in order: nothing new is begun, what is in flight is settled at the next start.
    pub async fn close(&self) {
        self.engine.stop().await;
        if let Some(sandbox) = self.sandbox.lock().await.take() {
            sandbox.stop().await;
        }
    }

    /// What happens from now on.
    pub fn events(&self) -> Events {
        Events::new(
            self.engine.store().changes(),
            &self.hub,
            self.engine.presences(),
            Arc::clone(&self.clock),
        )
    }

    /// What runs.
    pub fn engine(&self) -> &Engine {
        &self.engine
    }

    /// What is logged.
    pub fn logs(&self) -> &Logs {
        &self.logs
    }

    /// To speak to the window.
    pub fn hub(&self) -> &Hub {
        &self.hub
    }

    /// The address of the practice shop's phone panel.
    pub fn phone_url(&self) -> Option<String> {
        self.phone_url.clone()
    }

    /// Where everything is kept.
    pub fn data(&self) -> &std::path::Path {
        &self.data
    }

    /// How the local file was found.
    pub fn database(&self) -> &DatabaseView {
        &self.database
    }
}

/// The folder holds customers' messages: nobody else on this computer may read it.
fn make_private_folder(path: &std::path::Path) -> std::io::Result<()> {
    std::fs::create_dir_all(path)?;
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        std::fs::set_permissions(path, std::fs::Permissions::from_mode(0o700))?;
    }
    Ok(())
}

fn take_lock(data: &std::path::Path) -> Result<File, OpenShopError> {
    let file = File::create(data.join("mostrador.lock")).map_err(OpenShopError::Folder)?;
    match file.try_lock() {
        Ok(()) => Ok(file),
        Err(TryLockError::WouldBlock) => Err(OpenShopError::InUse),
        Err(TryLockError::Error(error)) => Err(OpenShopError::Folder(error)),
    }
}

/// What drivers are given of the world around them.
fn surroundings(clock: &Arc<dyn Clock>) -> Surroundings {
    let clock = Arc::clone(clock);
    Surroundings {
        elapsed: Arc::new(move || clock.elapsed()),
    }
}

fn practice_shop(sandbox: &Sandbox) -> Option<PracticeShop> {
    let devices = sandbox.devices().into_iter();
    Some(PracticeShop {
        url: Url::parse(&sandbox.url()).ok()?,
        tokens: devices.map(|device| SecretString::from(device.token)).collect(),
    })
}

async fn open_practice(data: &std::path::Path) -> Result<Sandbox, OpenShopError> {
    let config = SandboxConfig {
        state_file: Some(data.join("practice.json")),
        devices: u32::try_from(practice_numbers()).unwrap_or(1),
        ..SandboxConfig::practice()
    };
    Sandbox::start(config)
        .await
        .map_err(|error| OpenShopError::Practice(error.to_string()))
}

fn database_view(set_aside: Option<&SetAside>) -> DatabaseView {
    match set_aside {
        None => DatabaseView::Ready,
        Some(aside) => DatabaseView::SetAside {
            file_name: aside
                .path
                .file_name()
                .map(|name| name.to_string_lossy().into_owned())
                .unwrap_or_default(),
            at: aside.at,
            devices_kept: aside.devices_kept,
            messages_kept: aside.messages_kept,
        },
    }
}
