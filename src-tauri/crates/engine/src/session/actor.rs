//! The actor that owns a device's state.
//!
//! It does one thing at a time: a call to the gateway (asking how the link is, asking for a code), or waiting until the next
//! one is due. Commands are heard all the while; a change of state drops the call that belonged to the old one. What must
//! survive (linked, unlinked) is stored before the new state is shown.

use std::future::Future;
use std::pin::Pin;
use std::sync::atomic::Ordering;
use std::time::Duration;

use mostrador_domain::{
    Address, AuthLost, DegradedReason, DeviceEvent, DeviceState, Failure, LinkChange, NotSentCause,
    PairingCode, PairingContent, PairingStep, UnixMillis, UnknownCause,
};
use mostrador_gateways::{CodeAnswer, LinkHealth, TypedCodeAnswer};
use mostrador_store::tables::device::{self, DeviceRow, Heard, Told};
use mostrador_store::{Change, StoreError};
use tokio::sync::{mpsc, oneshot, watch};

use super::pairing::Codes;
use super::{Command, Desk};
use crate::outbox::backoff;
use crate::{EngineError, crash};

mod standing;
mod typed;

use standing::Restriction;
pub(crate) use standing::end_of;
use typed::Question;

/// How often a link that is well is asked after.
const ROUTINE: Duration = Duration::from_secs(60);
/// How often a link that waits for a person is asked after.
const RESTING: Duration = Duration::from_secs(30);
/// How long to wait for a gateway that is waking up or preparing a code.
const SOON: Duration = Duration::from_secs(2);
/// How often in a row a gateway must refuse the token of a link that worked before it is believed: one that is being
/// restarted says so too, and a person would be sent for a token that is well.
const REFUSALS: u32 = 3;

/// The answer of a call.
enum Answer {
    Health(Result<LinkHealth, Failure>),
    Code(Result<CodeAnswer, Failure>),
    TypedCode(Result<TypedCodeAnswer, Failure>),
    /// The typed code's time is over: was it typed, and is a passkey asked for now?
    Ended(Result<CodeAnswer, Failure>),
}

impl Answer {
    /// Did the gateway say something?
    fn came(&self) -> bool {
        match self {
            Self::Health(answer) => answer.is_ok(),
            Self::Code(answer) | Self::Ended(answer) => answer.is_ok(),
            Self::TypedCode(answer) => answer.is_ok(),
        }
    }
}

/// The call to make next.
#[derive(Clone)]
enum Ask {
    /// How is the link? With or without waking it.
    Health { wake: bool },
    /// A code, please.
    Code,
    /// A code to type, for this number.
    TypedCode(Address),
    /// Is a passkey wanted, now that the typed code has ended?
    Ended,
}

/// A call under way: when it left, by the wall clock, and what was answered.
type Call = Pin<Box<dyn Future<Output = (UnixMillis, Answer)> + Send>>;

/// See the module.
pub(crate) struct Actor {
    desk: Desk,
    state: watch::Sender<DeviceState>,
    /// Was it linked when we last heard?
    was_linked: bool,
    codes: Codes,
    /// The code to type that was asked for and is not there yet.
    question: Option<Question>,
    /// How many calls have failed since the link was last seen or a code was last had.
    failures: u32,
    /// How often in a row the token was refused.
    refusals: u32,
    /// How WhatsApp restricts the number, until that is over and the file says so.
    restriction: Option<Restriction>,
    /// Ask at once, whatever the plan says.
    ask_now: bool,
    /// The last answer was "soon", or cannot be: the next call waits a little.
    waking: bool,
    /// When the gateway was last asked, by a clock that does not jump.
    asked_at: Option<Duration>,
    /// How often in a row it has said that nobody is linked, since a person did anything about it.
    waits: u32,
}

impl Actor {
    pub(crate) fn new(desk: Desk, row: DeviceRow, state: watch::Sender<DeviceState>) -> Self {
        let restriction = row
            .restricted
            .map(|restricted| Restriction::of(restricted, &*desk.shared.clock));
        Self {
            desk,
            state,
            was_linked: row.linked,
            codes: Codes::default(),
            question: None,
            failures: 0,
            refusals: 0,
            restriction,
            ask_now: false,
            waking: false,
            asked_at: None,
            waits: 0,
        }
    }

    pub(crate) async fn run(mut self, mut inbox: mpsc::Receiver<Command>) {
        self.step(&DeviceEvent::Start);
        self.end_restriction().await;
        self.count_calls().await;
        let mut call: Option<Call> = None;
        loop {
            let (ask, after) = self.plan();
            let due = self.desk.shared.clock.sleep(after);
            tokio::select! {
                command = inbox.recv() => {
                    let Some(command) = command else { return };
                    if self.hear(command).await {
                        call = None;
                    }
                }
                answer = async { match call.as_mut() { Some(call) => call.await, None => std::future::pending().await } } => {
                    call = None;
                    let (asked, answer) = answer;
                    self.take(asked, answer).await;
                }
                () = due, if call.is_none() => {
                    self.end_restriction().await;
                    call = ask.and_then(|ask| self.call(ask));
                }
            }
        }
    }

    /// What to ask next, and after how long. Where every call counts, how the link is is not asked again too soon; a code that
    /// ends meanwhile is replaced in time.
    fn plan(&self) -> (Option<Ask>, Duration) {
        let (ask, after) = self.wanted();
        let too_soon = self.too_soon();
        let waits =
            matches!(ask, Some(Ask::Health { .. })) || (matches!(ask, Some(Ask::Code)) && self.waking);
        if self.ask_now || !waits || after >= too_soon {
            return (ask, after);
        }
        let is_restricted = matches!(&*self.state.borrow(), DeviceState::Restricted { .. });
        let ends = if is_restricted {
            Some(self.restriction_left())
        } else {
            self.code_left()
        };
        (None, ends.map_or(too_soon, |left| left.min(too_soon)))
    }

    /// What was called counts, whoever called.
    async fn count_calls(&self) {
        if let Err(error) = self.desk.thrift.count(&self.desk).await {
            tracing::warn!(device = %self.desk.device, %error, "how many calls were made could not be noted");
        }
    }

    /// For how long the gateway wants to be left alone.
    fn too_soon(&self) -> Duration {
        let every = self.desk.link.capabilities().ask_every.max(self.spared());
        let elapsed = self.desk.shared.clock.elapsed();
        self.asked_at
            .map_or(Duration::ZERO, |asked| (asked + every).saturating_sub(elapsed))
    }

    /// Where a plan counts calls, a link that is well, or restricted, is asked after seldom: the follower notices whoever cannot be read. So is
    /// one that waits for a person, who says here that it is to go on.
    fn spared(&self) -> Duration {
        match &*self.state.borrow() {
            DeviceState::LoggedOut
            | DeviceState::Pairing(PairingStep::Expired | PairingStep::TypedCodeEnded) => {
                self.desk.thrift.waiting_share(&self.desk, self.waits)
            }
            DeviceState::Online
            | DeviceState::Restricted { .. }
            | DeviceState::Syncing { .. }
            | DeviceState::Degraded {
                why: DegradedReason::Deaf | DegradedReason::Unreadable,
                ..
            } => self.desk.thrift.long_share(self.desk.shared.clock.now()),
            _ => Duration::ZERO,
        }
    }

    /// For how long the code on show can be used.
    fn code_left(&self) -> Option<Duration> {
        let expires_at = match &*self.state.borrow() {
            DeviceState::Pairing(PairingStep::Code(code)) => code.expires_at,
            DeviceState::Pairing(PairingStep::TypedCode(code)) => code.expires_at,
            _ => return None,
        };
        Some(expires_at.since(self.desk.shared.clock.now()))
    }

    fn wanted(&self) -> (Option<Ask>, Duration) {
        let health = |wake, after| (Some(Ask::Health { wake }), after);
        if self.ask_now {
            return health(true, Duration::ZERO);
        }
        if let Some(asked) = self.typed_plan() {
            return asked;
        }
        match &*self.state.borrow() {
            DeviceState::Connecting => health(true, if self.waking { SOON } else { Duration::ZERO }),
            DeviceState::Degraded {
                why: DegradedReason::Deaf | DegradedReason::Unreadable,
                ..
            } => health(true, ROUTINE),
            DeviceState::Degraded { .. } => {
                health(true, backoff::delay(self.failures, &*self.desk.shared.chance))
            }
            DeviceState::Pairing(PairingStep::Waiting) => {
                (Some(Ask::Code), if self.waking { SOON } else { Duration::ZERO })
            }
            DeviceState::Pairing(PairingStep::Code(code)) => {
                let left = code.expires_at.since(self.desk.shared.clock.now());
                if left.is_zero() {
                    (Some(Ask::Code), left)
                } else {
                    health(false, left.min(SOON))
                }
            }
            DeviceState::Pairing(PairingStep::TypedCode(code)) => {
                let left = code.expires_at.since(self.desk.shared.clock.now());
                if left.is_zero() {
                    (Some(Ask::Ended), left)
                } else {
                    health(false, left.min(SOON))
                }
            }
            DeviceState::Pairing(PairingStep::Passkey) => (Some(Ask::Code), SOON),
            DeviceState::Pairing(PairingStep::Expired | PairingStep::TypedCodeEnded)
            | DeviceState::LoggedOut => health(false, RESTING),
            DeviceState::Online | DeviceState::Syncing { .. } => health(false, ROUTINE),
            DeviceState::Restricted { .. } => health(false, self.restriction_left().min(ROUTINE)),
            DeviceState::Unconfigured { .. } | DeviceState::Stopped => (None, ROUTINE),
        }
    }

    /// The call to make; `None` = enough codes were shown, and the state says so now.
    fn call(&mut self, ask: Ask) -> Option<Call> {
        self.ask_now = false;
        let passkey = *self.state.borrow() == DeviceState::Pairing(PairingStep::Passkey);
        if matches!(ask, Ask::Code) && !passkey && !self.codes.may_ask_again() {
            self.step(&DeviceEvent::CodeExpired);
            return None;
        }
        let turn = self.desk.turn_of_a_question();
        self.asked_at = Some(self.desk.shared.clock.elapsed() + turn);
        let link = std::sync::Arc::clone(&self.desk.link);
        let clock = std::sync::Arc::clone(&self.desk.shared.clock);
        Some(Box::pin(async move {
            if !turn.is_zero() {
                clock.sleep(turn).await;
            }
            let asked = clock.now();
            let answer = match (ask, link.pairing()) {
                (Ask::Code, Some(pairing)) => Answer::Code(pairing.code().await),
                (Ask::TypedCode(number), Some(pairing)) => {
                    Answer::TypedCode(pairing.code_for_phone(&number).await)
                }
                (Ask::Ended, Some(pairing)) => Answer::Ended(pairing.code().await),
                (Ask::Code | Ask::TypedCode(_) | Ask::Ended, None) => {
                    Answer::Health(link.health().check(true).await)
                }
                (Ask::Health { wake }, _) => Answer::Health(link.health().check(wake).await),
            };
            (asked, answer)
        }))
    }

    fn code_shown(&mut self, content: PairingContent, valid_for: Duration) -> PairingCode {
        let ask_every = self.desk.link.capabilities().ask_every;
        self.codes
            .shown(content, valid_for, ask_every, self.desk.shared.clock.now())
    }

    /// Does what a command says. `true` = the call under way belongs to an old state and is dropped.
    async fn hear(&mut self, command: Command) -> bool {
        let before = self.state.borrow().clone();
        match command {
            Command::PairStart => self.start_pairing(),
            Command::PairCode(number, asker) => self.ask_for_typed(number, asker),
            Command::PairStop => {
                self.question = None;
                self.step(&DeviceEvent::PairingStopped);
            }
            Command::Logout(answer) => self.logout(answer).await,
            Command::Link(LinkChange::Linked { own }) => {
                if self.linked(own, None).await == Heard::Unproven {
                    // It only says that one is: which, the next answer tells.
                    self.ask_now = true;
                }
            }
            Command::Link(LinkChange::Unlinked) => self.not_linked().await,
            Command::Link(LinkChange::Code { content, valid_for }) => {
                let code = self.code_shown(content, valid_for);
                self.step(&DeviceEvent::CodeShown(code));
            }
            Command::Link(LinkChange::Restricted { at }) => self.restricted_at(at).await,
            Command::Met(failure) => self.failed(&failure).await,
            Command::Progress { done, total } => self.step(&DeviceEvent::SyncProgress { done, total }),
            Command::Synced => self.step(&DeviceEvent::SyncDone),
            Command::Deaf { since } => self.deaf(since).await,
            Command::Heard => self.heard().await,
            Command::Unreadable => self.unreadable(),
            Command::Readable | Command::LinkMayHaveChanged => self.ask_now = true,
        }
        let after = self.state.borrow();
        let only_progress = matches!(
            (&before, &*after),
            (DeviceState::Syncing { .. }, DeviceState::Syncing { .. })
        );
        before != *after && !only_progress
    }

    fn start_pairing(&mut self) {
        self.question = None;
        self.codes = Codes::default();
        self.failures = 0;
        self.waits = 0;
        self.waking = false;
        self.step(&DeviceEvent::PairingAsked);
    }

    async fn logout(&mut self, answer: oneshot::Sender<Result<(), EngineError>>) {
        let outcome = match self.desk.link.pairing() {
            Some(pairing) => pairing.logout().await.map_err(EngineError::from),
            None => Err(EngineError::NotOffered),
        };
        if outcome.is_ok() {
            self.not_linked().await;
        }
        let _asker_gone = answer.send(outcome);
    }

    async fn take(&mut self, asked: UnixMillis, answer: Answer) {
        self.waking = false;
        if answer.came() {
            self.desk.note_gateway_clock(asked);
        }
        self.count_calls().await;
        match answer {
            Answer::Health(Ok(LinkHealth::Linked { own })) => {
                let (own, listed) = if self.desk.link.health().tells_number() {
                    (own, None)
                } else {
                    (None, own)
                };
                if self.linked(own, listed).await == Heard::Unproven {
                    let unclear = Failure::Unknown {
                        cause: UnknownCause::Malformed,
                    };
                    self.failed(&unclear).await;
                }
            }
            Answer::Health(Ok(LinkHealth::NotLinked)) => {
                self.waits = self.waits.saturating_add(1);
                self.not_linked().await;
            }
            Answer::Health(Ok(LinkHealth::Starting)) => self.waking = true,
            Answer::Code(Ok(CodeAnswer::Waiting)) => {
                self.waking = true;
                // A passkey that nobody confirmed: the gateway begins anew.
                self.step(&DeviceEvent::PairingAsked);
            }
            Answer::Code(Ok(CodeAnswer::Passkey)) | Answer::Ended(Ok(CodeAnswer::Passkey)) => {
                self.failures = 0;
                self.step(&DeviceEvent::PasskeyAsked);
            }
            Answer::Code(Ok(CodeAnswer::AlreadyLinked)) => self.ask_now = true,
            Answer::Ended(answer) => self.typed_ended(answer),
            Answer::TypedCode(answer) => self.take_typed(answer),
            Answer::Code(Ok(CodeAnswer::Code { content, valid_for })) => {
                self.failures = 0;
                let code = self.code_shown(content, valid_for);
                self.step(&DeviceEvent::CodeShown(code));
            }
            Answer::Health(Err(failure)) | Answer::Code(Err(failure)) => self.failed(&failure).await,
        }
    }

    /// A number is linked: `own`, if that is told. `listed`: the one under which a gateway lists it that does not tell.
    async fn linked(&mut self, own: Option<Address>, listed: Option<Address>) -> Heard {
        let (store, device) = (self.desk.shared.store.clone(), self.desk.device);
        let (told, now) = (own.clone(), self.desk.shared.clock.now());
        let tells = self.desk.link.health().tells_number();
        let exchange = self.desk.exchange.clone();
        let stored: Result<(DeviceRow, bool, Heard), StoreError> = store
            .write(move |writing| {
                let before = device::get(writing, device)?;
                let mut heard = Heard::Same;
                let is_news = !before.linked
                    || (told.is_some() && before.own != told)
                    || (listed.is_some() && before.listed != listed);
                let told = match (&told, &listed) {
                    (Some(told), _) => Told::Number(told),
                    (None, Some(listed)) => Told::Listed(listed),
                    (None, None) if tells => Told::NotYet,
                    (None, None) => Told::Never,
                };
                // What other secrets leave open, those that this link has do not settle.
                let is_asked = device::is_unproven(writing, device)? && !exchange.is_under_way();
                if is_news || is_asked {
                    heard = device::linked(writing, device, told, now)?;
                }
                let begins = !before.linked || heard == Heard::Another;
                Ok((device::get(writing, device)?, begins, heard))
            })
            .await;
        match stored {
            Ok((_, _, Heard::Unproven)) => Heard::Unproven,
            Ok((row, begins, heard)) => {
                if heard == Heard::Another {
                    tracing::info!(%device, "another number is linked: what waited for the one before is for a person to decide");
                    self.lift_restriction();
                    if self.desk.link.counted_by().is_none() {
                        // The pause was asked of the number before.
                        self.desk.pace().resume();
                    }
                }
                if begins {
                    // Whoever stopped a first sync stopped that of an earlier link, and whoever is here was so on that.
                    self.desk.sync.stopped.store(false, Ordering::Relaxed);
                    self.desk.shown.store(false, Ordering::Relaxed);
                }
                self.now_of_link(Some(row.link.number));
                self.failures = 0;
                self.refusals = 0;
                self.waits = 0;
                self.question = None;
                self.was_linked = true;
                let deaf = self.desk.deaf.load(Ordering::Relaxed) && self.shows(DegradedReason::Deaf);
                let unreadable = self.desk.unreadable.load(Ordering::Relaxed) != 0
                    && self.shows(DegradedReason::Unreadable);
                if deaf || unreadable {
                    // Linked is not alive.
                    return heard;
                }
                self.step(&DeviceEvent::Linked {
                    synced: row.synced_at.is_some(),
                    own,
                });
                self.still_restricted();
                // Another trouble has only hidden that the gateway does not call, and nobody tells of that again.
                if let Some(since) = row.deaf_since.filter(|_| self.desk.deaf.load(Ordering::Relaxed)) {
                    self.step(&DeviceEvent::Deaf { since });
                }
                self.still_unreadable();
                heard
            }
            Err(error) => {
                self.waking = true;
                tracing::error!(%device, %error, "the link could not be stored");
                Heard::Same
            }
        }
    }

    async fn not_linked(&mut self) {
        // Heard while a code is being asked for: the gateway has just said otherwise, and may need a moment.
        self.waking |= *self.state.borrow() == DeviceState::Pairing(PairingStep::Waiting);
        if self.was_linked {
            let device = self.desk.device;
            let stored = self
                .desk
                .shared
                .store
                .write_durably(move |writing| device::unlinked(writing, device))
                .await;
            match stored {
                Ok(0) => {}
                Ok(campaigns) => {
                    crash::point("campaign.braked");
                    tracing::info!(%device, campaigns, "paused: the number is not linked any more");
                }
                Err(error) => {
                    self.waking = true;
                    tracing::error!(%device, %error, "the unlinking could not be stored");
                    return;
                }
            }
        }
        self.desk.unreadable.store(0, Ordering::Relaxed);
        self.desk.shown.store(false, Ordering::Relaxed);
        self.now_of_link(None);
        self.step(&DeviceEvent::NotLinked {
            was_linked: self.was_linked,
        });
        self.was_linked &= !matches!(*self.state.borrow(), DeviceState::LoggedOut);
    }

    /// Before the state is shown that goes with it.
    fn now_of_link(&self, link: Option<i64>) {
        self.desk
            .of_link
            .send_if_modified(|known| std::mem::replace(known, link) != link);
    }

    /// What a failure means for the device.
    async fn failed(&mut self, failure: &Failure) {
        let why = match failure {
            Failure::AuthLost {
                lost: AuthLost::Token | AuthLost::Session,
            } => match self.refused() {
                true => return self.step(&DeviceEvent::TokenRejected),
                false => DegradedReason::GatewayError,
            },
            Failure::AuthLost { lost: AuthLost::Link } => return self.not_linked().await,
            // Somebody may make it at the gateway meanwhile: it is looked for again.
            Failure::AuthLost {
                lost: AuthLost::Device,
            } => DegradedReason::DeviceUnknown,
            Failure::Restricted { until } => return self.restricted(*until).await,
            Failure::NotSent {
                cause: NotSentCause::Unreachable,
                ..
            } => DegradedReason::Unreachable,
            Failure::NotSent {
                cause: NotSentCause::RateLimited,
                ..
            } => DegradedReason::RateLimited,
            // Nobody has asked the gateway, so there is no news of it.
            Failure::NotSent {
                cause: NotSentCause::Spared,
                ..
            } => {
                self.waking = true;
                return;
            }
            Failure::NotSent {
                cause: NotSentCause::NotReady,
                ..
            }
            | Failure::Unknown { .. }
            | Failure::Rejected { .. } => DegradedReason::GatewayError,
        };
        self.failures = self.failures.saturating_add(1);
        self.step(&DeviceEvent::Trouble {
            at: self.desk.shared.clock.now(),
            why,
        });
    }

    /// The token was refused once more. `true` = that is to be believed.
    fn refused(&mut self) -> bool {
        self.refusals = self.refusals.saturating_add(1);
        !self.was_linked || self.refusals >= REFUSALS
    }

    fn step(&mut self, event: &DeviceEvent) {
        let next = self.state.borrow().next(event);
        if let Some(next) = next {
            if std::mem::discriminant(&next) != std::mem::discriminant(&*self.state.borrow()) {
                tracing::info!(device = %self.desk.device, state = ?next, "device");
            }
            self.state.send_replace(next);
            self.desk.shared.store.announce(Change::Devices);
        }
    }
}
