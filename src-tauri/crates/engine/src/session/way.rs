//! The way by which a gateway calls us: which it shall be, and bringing the gateway there. The follower takes a step at each turn.
//!
//! Which it shall be ([`Wanted`]): behind the shop's tunnel, if an address is stored that leads here; else at our own port, if the gateway
//! is on this computer; else none. While another program has our port, none: that program would get our customers' messages.
//!
//! An address is known to lead to a port of ours (`port` of its row): to the one that was shown when a person stored it, or at which
//! a call of ours arrived since.
//!
//! | address | it leads to | our port | wanted | and |
//! |---|---|---|---|---|
//! | none | | is ours | at our port, or none | |
//! | one | our port | is ours | the tunnel | |
//! | one | another port, or none | is ours | at our port, or none | it is tried whether it leads here ([`Way::prove`]), every [`AGAIN`]; if it does, that is noted |
//! | any | | is another program's | none | nothing can be tried |
//!
//! So after a move of our port the gateway is asked not to call the tunnel's end of yesterday, and is told of it again once it is proved.
//!
//! What the gateway was told of a tunnel is stored (`told`, with the port of ours to which it leads: `told_port`), and noted *before* it is
//! told; what it is told of our own port is not, for that is taken back when the session ends.
//!
//! A tunnel proves itself by the first call that comes through it; until then a gateway that can be asked is asked as if it could
//! not call, so that a mistyped address delays nothing.
//!
//! # A gateway that is alone
//!
//! One that lists nothing tells each message once: what it calls to where nobody answers is lost, and nothing is asked in its place. It
//! is known by its link; and, since that learns it by asking, by an address that is known to lead nowhere before that: only of such
//! gateways is one stored so, whose `port` is empty until a call of ours has come through it. Of a gateway that is alone:
//!
//! - Until the shop's next address is proved, the one that it was told stays wanted, as long as that leads to our port (`told_port`).
//! - Nothing is taken from it while it has nothing else: on this computer it is told of our port before an address is taken back, and
//!   when it does not take one. From one tunnel to the next it gets by our port; on another computer the old one is taken back first.
//! - Whatever it may call of ours lets it in: routes stay open side by side, until one turn after it has taken what is wanted. Only those
//!   that were opened at another port are left at once, for another program may be there.
//! - Before the first call has come nobody says that it calls, through a tunnel or at our port: a server in a container, given as
//!   `127.0.0.1`, has that address for itself, takes ours, and reaches nobody.
//!
//! # The steps
//!
//! | wanted | told | done this stretch | step |
//! |---|---|---|---|
//! | any | another address, which leads here; the gateway is alone, and on this computer | not our port | [`Step::Beside`]: our port too; if it refuses that, the next line |
//! | any | another address | | [`Step::TakeBack`], then forget it; if that fails, the gateway is alone and on this computer: our port too |
//! | a way | that address, or nothing | no | [`Step::Tell`]: note it, open the route, register in place of all else of ours; if that fails, the gateway is alone and on this computer: our port too |
//! | a way | that address, or nothing | yes | [`Step::Rest`]; a gateway that forgets is reminded |
//! | none, of a gateway on this computer | nothing | no | [`Step::Tell`]: what an earlier run registered is taken out |
//! | none | nothing | | [`Step::Rest`] |
//!
//! If the program dies before the note, the gateway knows nothing; between the note and the answer, it may know: the next stretch
//! tells it again, which changes nothing, or takes it back. Telling is always a replacement, so doing it twice does no harm. What
//! it was told of our port beside an address goes with the next thing that it takes, or with the end of the session.
//! A step that fails is tried again after [`AGAIN`] (one that was refused after [`AFTER_REFUSAL`]), or at once when a person stores
//! an address; meanwhile we ask for news. What a gateway refuses to take back cannot be taken back: that is logged and left.

use std::time::Duration;

use mostrador_domain::Failure;
use mostrador_gateways::{WebhookTarget, Webhooks};
use mostrador_store::tables::way::{self, WayRow};
use mostrador_store::{Change, StoreError};

mod step;

pub(crate) use step::waits;
use step::{Step, Wanted, Wish, step, unproved};

use super::trouble::Trouble;
use super::{Desk, InboundRoute};
use crate::webhook::{Port, PublicAddress, RouteKeys, Told};

/// One beside what is to be taken back, one to take that back, one to tell, one to rest.
const MOST_STEPS: usize = 4;
/// How long a step that failed is left.
const AGAIN: Duration = Duration::from_secs(60);
/// How long one is left that the gateway refused.
const AFTER_REFUSAL: Duration = Duration::from_secs(900);

/// A step that failed.
struct Failed {
    wanted: Wanted,
    /// Was the gateway known to list nothing?
    alone: bool,
    /// What was said of it: a person who has it tried again says something else.
    told: Told,
    /// Until when it is left.
    until: Duration,
}

/// See the module.
#[derive(Default)]
pub(super) struct Way {
    done: Option<Wanted>,
    target: Option<WebhookTarget>,
    /// The secrets at this port of ours, as the gateway was told them: it calls there until it has taken the next ones, and not every
    /// gateway says a second time what it could not say the first.
    here: Option<(u16, RouteKeys)>,
    /// Our port when routes were opened that may let calls in.
    opened_at: Option<Port>,
    /// The gateway lists nothing. Once that is known it stays so for the session, though its link un-learns it when the device is another one.
    alone: bool,
    /// What failed last.
    failed: Option<Failed>,
    /// Until when it is not tried again whether this address leads to this port: it did not.
    elsewhere: Option<(PublicAddress, u16, Duration)>,
}

impl Way {
    /// A stretch of being linked begins: what the gateway knows is not known.
    pub(super) fn begin(&mut self) {
        self.done = None;
        self.target = None;
        self.failed = None;
        self.elsewhere = None;
    }

    /// Takes the next steps, and says how events arrive now.
    pub(super) async fn settle(&mut self, desk: &Desk) -> Result<InboundRoute, Trouble> {
        let asking = asking(desk);
        let Some(webhooks) = desk.link.webhooks() else {
            return Ok(asking);
        };
        let device = desk.device;
        if desk.shared.hooks.take_untold(device) {
            self.done = None;
            self.failed = None;
        }
        let row = stored(desk).await?;
        self.alone |= desk.link.history().is_none() || row.is_unproved();
        let row = self.prove(desk, row).await?;
        let wish = Wish::of(&row, desk.shared.hooks.port(), desk.link.is_local(), self.alone);
        if self.is_over(&wish) {
            self.leave(desk);
        }
        let elapsed = desk.shared.clock.elapsed();
        let told = desk.shared.hooks.ways().told(device);
        let left = self.failed.as_ref().is_some_and(|failed| {
            let same = failed.wanted == wish.wanted && failed.alone == wish.alone && failed.told == told;
            same && elapsed < failed.until
        });
        if !left && let Err(failure) = self.steps(desk, webhooks, &wish, row).await? {
            let again = match failure {
                Failure::Rejected { .. } => AFTER_REFUSAL,
                _ => AGAIN,
            };
            self.failed = Some(Failed {
                wanted: wish.wanted,
                alone: wish.alone,
                told: desk.shared.hooks.ways().told(device),
                until: elapsed + again,
            });
            tracing::warn!(%device, %failure, "the gateway could not be told where to call: asking for news instead");
        }
        Ok(self.route(desk, asking))
    }

    /// Is nobody to be let in any more where somebody may be? What was opened at another port leads to another program. What is not wanted
    /// for another reason is left at once by a gateway that lists all of it anyway; one that is alone has it until it has taken the next.
    fn is_over(&self, wish: &Wish) -> bool {
        let moved = self.opened_at.is_some_and(|port| port != wish.port);
        // With nothing done in this stretch, a route of the last one may still let calls in.
        let unwanted = || {
            let done = self.done.as_ref();
            done.map_or(!wish.wanted.calls(), |done| *done != wish.wanted)
        };
        moved || (!wish.alone && unwanted())
    }

    /// A gateway may have forgotten where to call us. One that cannot be asked now is asked at the next turn.
    pub(super) async fn remind(&self, desk: &Desk) -> Result<(), Trouble> {
        let (Some(webhooks), Some(target)) = (desk.link.webhooks(), &self.target) else {
            return Ok(());
        };
        let prefixes = prefixes(desk, self.done.as_ref().and_then(Wanted::public));
        match webhooks.remind(target, &as_strs(&prefixes)).await {
            Ok(false) => Ok(()),
            Ok(true) => {
                tracing::info!(device = %desk.device, "the gateway had forgotten where to call: it knows again");
                Ok(())
            }
            Err(failure) if ends_the_link(&failure) => Err(failure.into()),
            Err(failure) => {
                tracing::debug!(device = %desk.device, %failure, "it could not be asked whether it knows where to call");
                Ok(())
            }
        }
    }

    /// If our port has moved: does the tunnel lead to where it is now? Gives what is stored then.
    async fn prove(&mut self, desk: &Desk, row: WayRow) -> Result<WayRow, Trouble> {
        let hooks = &desk.shared.hooks;
        let port = hooks.port();
        let Some(address) = unproved(&row, port) else {
            return Ok(row);
        };
        let port = port.number();
        let elapsed = desk.shared.clock.elapsed();
        let left = self
            .elsewhere
            .as_ref()
            .is_some_and(|(other, there, until)| *other == address && *there == port && elapsed < *until);
        if left {
            return Ok(row);
        }
        if !hooks.is_led_here(&address, &*desk.shared.chance).await {
            tracing::debug!(device = %desk.device, "its tunnel does not lead to where our port is now");
            self.elsewhere = Some((address, port, elapsed + AGAIN));
            return Ok(row);
        }
        let device = desk.device;
        let noted = desk
            .shared
            .store
            .write_durably(move |writing| way::note_proved(writing, device, address.as_str(), port));
        noted.await?;
        Ok(stored(desk).await?)
    }

    /// All steps that there are to take; the inner failure = one of them failed, and is to be tried again. What could not be noted,
    /// because something else is noted than was read, is not told: the next turn looks anew.
    async fn steps(
        &mut self,
        desk: &Desk,
        webhooks: &dyn Webhooks,
        wish: &Wish,
        row: WayRow,
    ) -> Result<Result<(), Failure>, Trouble> {
        let WayRow {
            address, mut told, ..
        } = row;
        let address = address.as_deref();
        let mut beside = wish.beside;
        for turn in 0..MOST_STEPS {
            let taken = match step(&wish.wanted, told.as_deref(), self.done.as_ref(), beside) {
                Step::Rest => {
                    if turn == 0 {
                        self.rest(desk);
                    }
                    break;
                }
                Step::Beside(port) => {
                    say(desk, waiting(wish, address, told.as_deref()));
                    let here = Wanted::Here(port);
                    let taken = self.tell(desk, webhooks, wish, &here, told.as_deref()).await?;
                    if let Err(Failure::Rejected { code }) = taken {
                        tracing::info!(device = %desk.device, ?code, "the gateway does not take our port");
                        beside = None;
                        continue;
                    }
                    taken
                }
                Step::TakeBack(before) => {
                    say(desk, waiting(wish, address, told.as_deref()));
                    let taken = self.take_back(desk, &before).await?;
                    if taken.is_err() {
                        self.tell_meanwhile(desk, webhooks, wish).await?;
                    } else if !note(desk, wish, &mut told, None).await? {
                        return Ok(Ok(()));
                    }
                    taken
                }
                Step::Tell => {
                    let public = wish.wanted.public();
                    if public.is_some() && !note(desk, wish, &mut told, public).await? {
                        return Ok(Ok(()));
                    }
                    let taken = self.tell(desk, webhooks, wish, &wish.wanted, None).await?;
                    if let Err(failure) = &taken {
                        if public.is_some() {
                            self.tell_meanwhile(desk, webhooks, wish).await?;
                        }
                        say(desk, not_taken(failure, wish, address));
                        self.leave_refused(desk, failure, wish);
                    }
                    taken
                }
            };
            if taken.is_err() {
                return Ok(taken);
            }
        }
        say(
            desk,
            match address {
                Some(_) if wish.wanted.public() != address => wish.waits,
                Some(_) if desk.link.history().is_some() => Told::Known,
                Some(_) => Told::KnownAlone,
                None => Told::Nothing,
            },
        );
        Ok(Ok(()))
    }

    /// Opens the route and tells the gateway of it, in place of all else of ours at our port and behind this tunnel, and behind the one
    /// that it was told `before`.
    async fn tell(
        &mut self,
        desk: &Desk,
        webhooks: &dyn Webhooks,
        wish: &Wish,
        wanted: &Wanted,
        before: Option<&str>,
    ) -> Result<Result<(), Failure>, Trouble> {
        let target = self.open(desk, wish, wanted);
        let outcome = match &target {
            Some(target) => {
                let prefixes = prefixes(desk, wanted.public().or(before));
                webhooks.register(target, &as_strs(&prefixes)).await
            }
            // What an earlier run told it of our own port, and could not take back.
            None => {
                let hooks = &desk.shared.hooks;
                hooks
                    .take_out(desk.device, &*desk.link, &hooks.mark().prefix(), None)
                    .await
            }
        };
        match outcome {
            Ok(()) => {
                self.done = Some(wanted.clone());
                self.target = target;
                self.failed = None;
                Ok(Ok(()))
            }
            Err(failure) if ends_the_link(&failure) => Err(failure.into()),
            Err(failure) => Ok(Err(failure)),
        }
    }

    /// Opens the route that is wanted, beside the others if the gateway is alone; `None` = none is wanted.
    fn open(&mut self, desk: &Desk, wish: &Wish, wanted: &Wanted) -> Option<WebhookTarget> {
        let hooks = &desk.shared.hooks;
        let fresh = || RouteKeys::new(&*desk.shared.chance, hooks.mark());
        let (keys, public) = match wanted {
            Wanted::Public(address) => {
                let keys = hooks.ways().keys(desk.device).unwrap_or_else(fresh);
                (keys, Some(address.clone()))
            }
            Wanted::Here(port) => (self.keys_at(*port, fresh), None),
            Wanted::None | Wanted::NotHere => return None,
        };
        self.opened_at = Some(wish.port);
        if wish.alone {
            hooks.open_beside(desk, keys, public)
        } else {
            hooks.open(desk, keys, public)
        }
    }

    /// A step has failed: a gateway that is alone shall call our port meanwhile, if it can and does not yet.
    async fn tell_meanwhile(
        &mut self,
        desk: &Desk,
        webhooks: &dyn Webhooks,
        wish: &Wish,
    ) -> Result<(), Trouble> {
        let Some(here) = wish.here.map(Wanted::Here) else {
            return Ok(());
        };
        if self.done.as_ref() == Some(&here) {
            return Ok(());
        }
        if let Err(failure) = self.tell(desk, webhooks, wish, &here, None).await? {
            tracing::info!(device = %desk.device, %failure, "nor does it take our port");
        }
        Ok(())
    }

    /// Has the gateway taken the address back? If it was told of our port, that stays.
    async fn take_back(&mut self, desk: &Desk, address: &str) -> Result<Result<(), Failure>, Trouble> {
        let is_here = matches!(self.done, Some(Wanted::Here(_)));
        let kept = self.target.as_ref().filter(|_| is_here);
        let prefix = prefix_at(desk, address);
        let hooks = &desk.shared.hooks;
        match hooks.take_out(desk.device, &*desk.link, &prefix, kept).await {
            Ok(()) => {}
            Err(failure) if ends_the_link(&failure) => return Err(failure.into()),
            Err(Failure::Rejected { code }) => {
                tracing::warn!(device = %desk.device, ?code, "the gateway does not take back where it calls: left");
            }
            Err(failure) => return Ok(Err(failure)),
        }
        if !is_here {
            self.done = None;
            self.target = None;
        }
        Ok(Ok(()))
    }

    /// The secrets at this port: those of before, as long as it was ours all the while.
    fn keys_at(&mut self, port: u16, fresh: impl FnOnce() -> RouteKeys) -> RouteKeys {
        match &self.here {
            Some((before, keys)) if *before == port => keys.clone(),
            _ => self.here.insert((port, fresh())).1.clone(),
        }
    }

    /// What was wanted is not wanted any more: nobody is let in there from now on, whatever the gateway knows. Another program may hear
    /// at our port meanwhile what is called there, secrets and all.
    fn leave(&mut self, desk: &Desk) {
        desk.shared.hooks.shut(desk.device);
        self.done = None;
        self.target = None;
        self.here = None;
        self.opened_at = None;
    }

    /// It was refused, and nothing else was taken: nobody has to be let in. One that is alone may call what it was told in an earlier stretch.
    fn leave_refused(&self, desk: &Desk, failure: &Failure, wish: &Wish) {
        if matches!(failure, Failure::Rejected { .. }) && self.done.is_none() && !wish.alone {
            desk.shared.hooks.shut(desk.device);
        }
    }

    /// Nothing is to be done, and nothing was: what it called before it took what is wanted has arrived, and is not called any more.
    fn rest(&mut self, desk: &Desk) {
        let hooks = &desk.shared.hooks;
        match &self.target {
            Some(target) => hooks.shut_but(desk.device, target),
            None => hooks.shut(desk.device),
        }
        if !matches!(self.done, Some(Wanted::Here(_))) {
            self.here = None;
        }
    }

    /// How events arrive, by what the gateway knows. One on this computer that can be asked too is found deaf by asking; one that is
    /// alone shows by its first call that our port is within its reach.
    fn route(&self, desk: &Desk, asking: InboundRoute) -> InboundRoute {
        let hooks = &desk.shared.hooks;
        let was_called = |target: &WebhookTarget| hooks.was_called_at(desk.device, target);
        match (&self.done, &self.target) {
            (Some(Wanted::Here(_)), _) if !self.alone => InboundRoute::WebhookAndPolling,
            (Some(Wanted::Here(_) | Wanted::Public(_)), Some(target)) if was_called(target) => {
                InboundRoute::WebhookAndPolling
            }
            _ if asking == InboundRoute::None && hooks.is_heard_at_anothers(desk.device) => {
                InboundRoute::WebhookAndPolling
            }
            (Some(Wanted::Here(_)), _) => InboundRoute::Unproved,
            (Some(Wanted::Public(_)), _) if asking == InboundRoute::None => InboundRoute::Unproved,
            _ => asking,
        }
    }
}

/// What is to be said of the shop's address while the gateway is brought there.
fn waiting(wish: &Wish, address: Option<&str>, told: Option<&str>) -> Told {
    match (address, told) {
        (Some(_), _) => wish.waits,
        (None, Some(_)) => Told::NotYetTakenBack,
        (None, None) => Told::Nothing,
    }
}

/// What is to be said of it once what is wanted was not taken. If that is the one before, there is none that is kept. Our port can be
/// refused too: a gateway that calls one address may call another program's.
fn not_taken(failure: &Failure, wish: &Wish, address: Option<&str>) -> Told {
    match failure {
        Failure::Rejected { code } if address.is_none() && matches!(wish.wanted, Wanted::Here(_)) => {
            Told::Refused(*code)
        }
        Failure::Rejected { code } if address.is_some() && wish.wanted.public() == address => {
            Told::Refused(*code)
        }
        Failure::Rejected { .. } if wish.waits == Told::EarlierKept => Told::NotProved,
        _ => waiting(wish, address, None),
    }
}

/// The beginnings of our paths behind this tunnel and at our port, and behind the tunnels of those that share the gateway's address.
fn prefixes(desk: &Desk, address: Option<&str>) -> Vec<String> {
    let ours = desk.shared.hooks.mark().prefix();
    let behind = address.map(|address| prefix_at(desk, address));
    let others = desk.shared.hooks.shared_prefixes(desk.device, &*desk.link);
    behind.into_iter().chain([ours]).chain(others).collect()
}

/// The beginning of our paths behind this tunnel.
fn prefix_at(desk: &Desk, address: &str) -> String {
    let mark = desk.shared.hooks.mark();
    PublicAddress::parse(address).map_or_else(|_| mark.prefix(), |address| address.prefix(mark))
}

fn as_strs(texts: &[String]) -> Vec<&str> {
    texts.iter().map(String::as_str).collect()
}

/// How events arrive if the gateway does not call. Who lists nothing cannot be asked for news.
fn asking(desk: &Desk) -> InboundRoute {
    match desk.link.history() {
        Some(_) => InboundRoute::Polling,
        None => InboundRoute::None,
    }
}

/// The device's way, as it stands.
async fn stored(desk: &Desk) -> Result<WayRow, StoreError> {
    let (device, store) = (desk.device, &desk.shared.store);
    store.read(move |connection| way::get(connection, device)).await
}

/// Notes what the gateway is told from now on, in place of what it `told` so far. `false` = something else was noted meanwhile.
async fn note(
    desk: &Desk,
    wish: &Wish,
    told: &mut Option<String>,
    now: Option<&str>,
) -> Result<bool, StoreError> {
    let now = now.map(str::to_owned);
    let before = std::mem::replace(told, now.clone());
    // What is wanted leads to our port.
    let (device, port) = (desk.device, wish.port.number());
    let written = desk.shared.store.write_durably(move |writing| {
        let now = now.as_deref().map(|now| (now, port));
        way::note_told(writing, device, before.as_deref(), now)
    });
    let noted = written.await?;
    if !noted {
        tracing::warn!(%device, "what the gateway was told has changed meanwhile: looked at anew");
    }
    Ok(noted)
}

fn say(desk: &Desk, told: Told) {
    if desk.shared.hooks.ways().set_told(desk.device, told) {
        desk.shared.store.announce(Change::Hooks(desk.device));
    }
}

fn ends_the_link(failure: &Failure) -> bool {
    matches!(failure, Failure::AuthLost { .. } | Failure::Restricted { .. })
}
