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
//! What the gateway was told of a tunnel is stored (`told`), and noted *before* it is told; what it is told of our own port is not,
//! for that is taken back when the session ends.
//!
//! | wanted | told | done this stretch | step |
//! |---|---|---|---|
//! | any | another address | | [`Step::TakeBack`], then forget it |
//! | a way | that address, or nothing | no | [`Step::Tell`]: note it, open the route, register |
//! | a way | that address, or nothing | yes | [`Step::Rest`]; a gateway that forgets is reminded |
//! | none, of a gateway on this computer | nothing | no | [`Step::Tell`]: what an earlier run registered is taken out |
//! | none | nothing | | [`Step::Rest`] |
//!
//! If the program dies before the note, the gateway knows nothing; between the note and the answer, it may know: the next stretch
//! tells it again, which changes nothing, or takes it back. Telling is always a replacement, so doing it twice does no harm.
//! A step that fails is tried again after [`AGAIN`] (one that was refused after [`AFTER_REFUSAL`]), or at once when a person stores
//! an address; meanwhile we ask for news. What a gateway refuses to take back cannot be taken back: that is logged and left.
//!
//! A tunnel proves itself by the first call that comes through it; until then a gateway that can be asked is asked as if it could
//! not call, so that a mistyped address delays nothing.
//!
//! One that lists nothing tells each message once: what it calls to a wrong address is lost. So a new address leads nowhere (`port` is
//! empty) until a call of ours has come through it. Until then it goes on calling what it knows: our port, if it is on this computer, or the
//! address that it was told before ([`step::until_proved`]). From our port to a tunnel nothing is taken from it before it has taken the
//! next: it is given the tunnel beside our port, then our route moves behind the tunnel, then our port goes ([`Way::change_over`]). From
//! one tunnel to another the old one is taken back first. Before the first call has come nobody says that it calls.

use std::sync::atomic::Ordering;
use std::time::Duration;

use mostrador_domain::Failure;
use mostrador_gateways::{WebhookTarget, Webhooks};
use mostrador_store::tables::way::{self, WayRow};
use mostrador_store::{Change, StoreError};

mod step;

use step::{Step, Wanted, step, unproved, until_proved};

use super::trouble::Trouble;
use super::{Desk, InboundRoute};
use crate::webhook::{Port, PublicAddress, RouteKeys, Told};

/// Instead of the beginning of our paths: no address is taken out for the next one.
const REPLACES_NOTHING: &str = "";
/// One to take back, one to tell, one to rest.
const MOST_STEPS: usize = 3;
/// How long a step that failed is left.
const AGAIN: Duration = Duration::from_secs(60);
/// How long one is left that the gateway refused.
const AFTER_REFUSAL: Duration = Duration::from_secs(900);

/// A step that failed.
struct Failed {
    wanted: Wanted,
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
    /// What failed last.
    failed: Option<Failed>,
    /// How often the gateway had called when it was told of the tunnel.
    calls_before: u64,
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
        let row = self.prove(desk, stored(desk).await?).await?;
        let port = desk.shared.hooks.port();
        let mut wanted = Wanted::of(&row, port, desk.link.is_local());
        if desk.link.history().is_none() {
            wanted = until_proved(&row, port, wanted);
        }
        let stays = self.changes_over(desk, &wanted);
        // With nothing done in this stretch, a route of the last one may still let calls in.
        let calls = matches!(wanted, Wanted::Public(_) | Wanted::Here(_));
        if !stays && self.done.as_ref().map_or(!calls, |done| *done != wanted) {
            self.leave(desk);
        }
        let elapsed = desk.shared.clock.elapsed();
        let told = desk.shared.hooks.ways().told(device);
        let left = self
            .failed
            .as_ref()
            .is_some_and(|failed| failed.wanted == wanted && failed.told == told && elapsed < failed.until);
        if !left && let Err(failure) = self.steps(desk, webhooks, &wanted, row).await? {
            let again = match failure {
                Failure::Rejected { .. } => AFTER_REFUSAL,
                _ => AGAIN,
            };
            self.failed = Some(Failed {
                wanted: wanted.clone(),
                told: desk.shared.hooks.ways().told(device),
                until: elapsed + again,
            });
            tracing::warn!(%device, %failure, "the gateway could not be told where to call: asking for news instead");
        }
        Ok(self.route(desk, asking))
    }

    /// A gateway may have forgotten where to call us. One that cannot be asked now is asked at the next turn.
    pub(super) async fn remind(&self, desk: &Desk) -> Result<(), Trouble> {
        let (Some(webhooks), Some(target)) = (desk.link.webhooks(), &self.target) else {
            return Ok(());
        };
        match webhooks.remind(target, &self.prefix(desk)).await {
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

    fn prefix(&self, desk: &Desk) -> String {
        let mark = desk.shared.hooks.mark();
        match &self.done {
            Some(Wanted::Public(address)) => address.prefix(mark),
            _ => mark.prefix(),
        }
    }

    /// All steps that there are to take; the inner failure = one of them failed, and is to be tried again. What could not be noted,
    /// because something else is noted than was read, is not told: the next turn looks anew.
    async fn steps(
        &mut self,
        desk: &Desk,
        webhooks: &dyn Webhooks,
        wanted: &Wanted,
        row: WayRow,
    ) -> Result<Result<(), Failure>, Trouble> {
        let lists = desk.link.history().is_some();
        let waits = match unproved(&row, desk.shared.hooks.port()) {
            Some(_) if lists => Told::LeadsElsewhere,
            Some(_) => Told::NotProved,
            None => Told::NotYet,
        };
        let WayRow {
            address, mut told, ..
        } = row;
        for _ in 0..MOST_STEPS {
            let taken = match step(wanted, told.as_deref(), self.done.as_ref()) {
                Step::Rest => break,
                Step::TakeBack(before) => {
                    say(
                        desk,
                        match address {
                            Some(_) => waits,
                            None => Told::NotYetTakenBack,
                        },
                    );
                    let taken = taken_back(desk, webhooks, &before).await?;
                    if taken.is_ok() {
                        // Our own port may have gone with it.
                        self.done = None;
                        if !note(desk, &mut told, None).await? {
                            return Ok(Ok(()));
                        }
                    }
                    taken
                }
                Step::Tell => {
                    if let Wanted::Public(address) = wanted
                        && !note(desk, &mut told, Some(address.as_str())).await?
                    {
                        return Ok(Ok(()));
                    }
                    let taken = self.tell(desk, webhooks, wanted).await?;
                    match &taken {
                        Err(Failure::Rejected { code }) if is_public(wanted) => {
                            say(desk, Told::Refused(*code))
                        }
                        Err(_) => say(desk, if address.is_some() { waits } else { Told::Nothing }),
                        Ok(()) => {}
                    }
                    taken
                }
            };
            if taken.is_err() {
                return Ok(taken);
            }
        }
        let is_known =
            matches!(wanted, Wanted::Public(public) if Some(public.as_str()) == address.as_deref());
        say(
            desk,
            match address {
                Some(_) if is_known && lists => Told::Known,
                Some(_) if is_known => Told::KnownAlone,
                Some(_) => waits,
                None => Told::Nothing,
            },
        );
        Ok(Ok(()))
    }

    /// Opens the route and tells the gateway of it.
    async fn tell(
        &mut self,
        desk: &Desk,
        webhooks: &dyn Webhooks,
        wanted: &Wanted,
    ) -> Result<Result<(), Failure>, Trouble> {
        let hooks = &desk.shared.hooks;
        let ours = hooks.mark().prefix();
        let fresh = || RouteKeys::new(&*desk.shared.chance, hooks.mark());
        let (public, keys, prefix) = match wanted {
            Wanted::Public(address) => {
                let keys = hooks.ways().keys(desk.device).unwrap_or_else(fresh);
                (Some(address.clone()), keys, address.prefix(hooks.mark()))
            }
            Wanted::Here(port) => (None, self.keys_at(*port, fresh), ours.clone()),
            Wanted::None | Wanted::NotHere => (None, fresh(), ours.clone()),
        };
        if self.changes_over(desk, wanted)
            && let Err(failure) = self.change_over(desk, webhooks, &keys, public.as_ref()).await
        {
            return outcome(failure);
        }
        let target = match wanted {
            Wanted::None | Wanted::NotHere => None,
            Wanted::Here(_) | Wanted::Public(_) => hooks.open(desk, keys, public),
        };
        self.calls_before = desk.calls.load(Ordering::Relaxed);
        match replaced(webhooks, target.as_ref(), &prefix, &ours).await {
            Ok(()) => {
                self.done = Some(wanted.clone());
                self.target = target;
                self.failed = None;
                Ok(Ok(()))
            }
            Err(failure) => outcome(failure),
        }
    }

    /// Does a gateway that lists nothing call our port, and is to call the tunnel instead?
    fn changes_over(&self, desk: &Desk, wanted: &Wanted) -> bool {
        let port = desk.shared.hooks.port();
        let calls_here = matches!(&self.done, Some(Wanted::Here(there)) if port == Port::Open(*there));
        calls_here && is_public(wanted) && desk.link.history().is_none()
    }

    /// Gives the gateway the tunnel beside our port: if it does not take that, it calls our port as before.
    async fn change_over(
        &mut self,
        desk: &Desk,
        webhooks: &dyn Webhooks,
        keys: &RouteKeys,
        public: Option<&PublicAddress>,
    ) -> Result<(), Failure> {
        let Some(beside) = desk.shared.hooks.target(desk, keys.clone(), public.cloned()) else {
            return Ok(());
        };
        webhooks.register(&beside, REPLACES_NOTHING).await?;
        self.done = None;
        self.here = None;
        self.target = Some(beside);
        Ok(())
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
    }

    /// How events arrive, by what the gateway knows.
    fn route(&self, desk: &Desk, asking: InboundRoute) -> InboundRoute {
        let proved = match &self.done {
            None | Some(Wanted::None | Wanted::NotHere) => return asking,
            Some(Wanted::Public(_)) => desk.calls.load(Ordering::Relaxed) != self.calls_before,
            Some(Wanted::Here(_)) => true,
        };
        if proved {
            InboundRoute::WebhookAndPolling
        } else {
            asking
        }
    }
}

/// A step that failed: it is tried again, unless the link is at its end.
fn outcome(failure: Failure) -> Result<Result<(), Failure>, Trouble> {
    if ends_the_link(&failure) {
        Err(failure.into())
    } else {
        Ok(Err(failure))
    }
}

fn is_public(wanted: &Wanted) -> bool {
    matches!(wanted, Wanted::Public(_))
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

/// Has the gateway call there, or nowhere. What an earlier run told it of our own port, and could not take back, goes.
async fn replaced(
    webhooks: &dyn Webhooks,
    target: Option<&WebhookTarget>,
    prefix: &str,
    ours: &str,
) -> Result<(), Failure> {
    if target.is_none() || prefix != ours {
        webhooks.unregister(ours).await?;
    }
    match target {
        Some(target) => webhooks.register(target, prefix).await,
        None => Ok(()),
    }
}

/// Has the gateway taken the address back?
async fn taken_back(
    desk: &Desk,
    webhooks: &dyn Webhooks,
    address: &str,
) -> Result<Result<(), Failure>, Trouble> {
    let mark = desk.shared.hooks.mark();
    let prefix = PublicAddress::parse(address).map_or(mark.prefix(), |address| address.prefix(mark));
    match webhooks.unregister(&prefix).await {
        Ok(()) => Ok(Ok(())),
        Err(failure) if ends_the_link(&failure) => Err(failure.into()),
        Err(Failure::Rejected { code }) => {
            tracing::warn!(device = %desk.device, ?code, "the gateway does not take back where it calls: left");
            Ok(Ok(()))
        }
        Err(failure) => Ok(Err(failure)),
    }
}

/// Notes what the gateway is told from now on, in place of what it `told` so far. `false` = something else was noted meanwhile.
async fn note(desk: &Desk, told: &mut Option<String>, now: Option<&str>) -> Result<bool, StoreError> {
    let now = now.map(str::to_owned);
    let before = std::mem::replace(told, now.clone());
    let device = desk.device;
    let written = desk
        .shared
        .store
        .write_durably(move |writing| way::note_told(writing, device, before.as_deref(), now.as_deref()));
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
