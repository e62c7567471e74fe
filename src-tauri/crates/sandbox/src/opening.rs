//! How a branch begins: with what was saved of it, or with a new world; with the token that was ordered, that of the
//! last run, or a new one.

use crate::{
    clock::{self, millis},
    config::SandboxConfig,
    sandbox::StartError,
    state_file::SavedBranch,
    whapi::Settings,
    world::{CodeHabits, Habits, Size, World},
};

/// What a branch is opened with.
pub(crate) struct Opening {
    pub(crate) place: usize,
    pub(crate) world: World,
    pub(crate) settings: Settings,
    pub(crate) token: String,
    pub(crate) port: u16,
}

/// What a branch begins with: what was saved of it, or a new world.
pub(crate) fn opening(
    config: &SandboxConfig,
    place: u32,
    port: u16,
    saved: Option<SavedBranch>,
) -> Result<Opening, StartError> {
    let now = clock::now();
    let (mut world, settings, last_token) = match saved {
        Some(saved) => (saved.world, saved.settings, Some(saved.token)),
        None => {
            let size = Size {
                chats: config.chats,
                messages: config.messages,
                device: place,
            };
            (World::seeded(config.seed, size, now), Settings::default(), None)
        }
    };
    world.settle_in(habits(config), now);
    let wanted = config.token.as_ref().map(|token| match place {
        0 => token.clone(),
        more => format!("{token}-{}", more + 1),
    });
    let token = match wanted.or(last_token) {
        Some(token) => token,
        None => new_token()?,
    };
    Ok(Opening {
        place: place as usize,
        world,
        settings,
        token,
        port,
    })
}

fn habits(config: &SandboxConfig) -> Habits {
    Habits {
        codes: CodeHabits {
            starting: millis(config.starting),
            life: u64::from(config.qr_seconds) * 1000,
            per_round: config.qr_codes,
        },
        auto_scan: config.auto_scan,
        sent_after: millis(config.receipts.sent),
        delivered_after: millis(config.receipts.delivered),
        read_after: config.receipts.read.map(millis),
        answer_after: config.customers_answer.then(|| millis(config.answer_after)),
        write_every: config.customers_write_every.map(millis),
    }
}

#[allow(
    clippy::disallowed_methods,
    reason = "the sandbox is a peer with randomness of its own; this is its home"
)]
fn new_token() -> Result<String, StartError> {
    let mut bytes = [0_u8; 24];
    getrandom::fill(&mut bytes).map_err(|_| StartError::Token)?;
    Ok(bytes.iter().map(|byte| format!("{byte:02x}")).collect())
}
