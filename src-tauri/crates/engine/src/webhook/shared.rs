//! One address for several devices.
//!
//! Some gateways call one address for all devices of a customer ([`Webhooks::shared_by`]): the one that was registered last. Whose route
//! that is says nothing of whom a call is about, so what is about another device of the same gateway is handed to that one: by its
//! link it is read, for it it is stored, and in its diary it is written down. What is about none of ours is said to be that, once the numbers of all of ours
//! are known, and each at that gateway has its session; until then the gateway is asked to send it again, be it for as long as one of them lacks
//! its secrets.
//!
//! | The device whose address is called | then |
//! |---|---|
//! | registers another one | that one is called for all |
//! | leaves (it is removed, its session ends, its address is taken back) | another device's open route is registered in its place, by one call, so that nobody is deaf meanwhile |
//! | leaves, and that fails | the others are to tell the gateway again, each at its next turn |
//! | leaves as the last one, or with the program | the address is taken out |
//!
//! Nobody is handed to a route that was opened at another port than ours is now: another program may be there.

use std::collections::BTreeMap;
use std::sync::atomic::Ordering;
use std::sync::{Arc, MutexGuard, PoisonError};

use mostrador_domain::{DeviceId, Failure};
use mostrador_gateways::{DeviceLink, WebhookCall, WebhookTarget, Webhooks};

use super::{Port, Route, RouteKeys, WebhookListener};
use crate::chance::Chance;
use crate::session::Desk;

/// Whom a call is about.
pub(super) enum About {
    /// The device whose route was called, as far as is known.
    Own,
    /// Another one of the same gateway.
    Another(Arc<Route>),
    /// None of ours.
    Nobody,
    /// Another one's, which may be one of ours whose number is not known yet, or which has no session for now.
    NotKnownYet,
}

fn mark_of(link: &dyn DeviceLink) -> Option<u64> {
    link.webhooks().and_then(Webhooks::shared_by)
}

/// Whom a call is about that no other one says is its own. `own`: is it the device's whose route was called; `may_be_anothers`: there is one
/// whose number is not known yet, or which has no session for now. To that one it is not given: it may be about a number that is none of ours.
fn unclaimed(own: Option<bool>, may_be_anothers: bool) -> About {
    match own {
        Some(false) if may_be_anothers => About::NotKnownYet,
        Some(false) => About::Nobody,
        Some(true) | None => About::Own,
    }
}

/// May calls about several devices come at the address of this link?
pub(super) fn is_shared(link: &dyn DeviceLink) -> bool {
    mark_of(link).is_some()
}

impl WebhookListener {
    /// A device whose calls may come at another one's address: it hears those, also while it has no route of its own.
    pub(crate) fn attend(&self, desk: &Desk, chance: &dyn Chance) {
        if mark_of(&*desk.link).is_none() {
            return;
        }
        let mut routes = self.lock();
        if routes.iter().all(|route| route.device != desk.device) {
            let route = Route::new(desk, RouteKeys::new(chance, self.mark()), None, self.port());
            route.shut();
            routes.push(Arc::new(route));
        }
    }

    /// A device of ours at this gateway is without a session for now.
    pub(crate) fn set_between(&self, device: DeviceId, gateway: &str) {
        self.between().insert(device, gateway.to_owned());
    }

    /// It has one, or is gone.
    pub(crate) fn end_between(&self, device: DeviceId) {
        self.between().remove(&device);
    }

    fn between(&self) -> MutexGuard<'_, BTreeMap<DeviceId, String>> {
        self.between.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Is there one at the gateway of this one, but for this one? When the program ends, they all go, one after the other.
    fn any_between(&self, route: &Route) -> bool {
        let is_other = |other: (&DeviceId, &String)| *other.0 != route.device && *other.1 == route.gateway;
        self.is_ending() || self.between().iter().any(is_other)
    }

    /// The latest routes of the other devices that share the address of this link.
    fn sharing(&self, device: DeviceId, link: &dyn DeviceLink) -> Vec<Arc<Route>> {
        let Some(mark) = mark_of(link) else {
            return Vec::new();
        };
        let routes = self.lock();
        let others = routes
            .iter()
            .rev()
            .filter(|route| route.device != device && mark_of(&*route.link) == Some(mark));
        others.cloned().collect()
    }

    /// The latest route of a device whose calls come at the open address of another one that shares it.
    pub(super) fn heard_at_anothers(&self, device: DeviceId) -> Option<Arc<Route>> {
        let route = self.of_device(device)?;
        let others = self.sharing(device, &*route.link);
        let is_heard = route.was_called.load(Ordering::Relaxed) && others.iter().any(|other| other.is_open());
        is_heard.then_some(route)
    }

    /// Do a device's calls come at the address of another one?
    pub(crate) fn is_heard_at_anothers(&self, device: DeviceId) -> bool {
        self.heard_at_anothers(device).is_some()
    }

    /// Whom a call at this route is about.
    pub(super) fn about(&self, route: &Route, webhooks: &dyn Webhooks, call: &WebhookCall<'_>) -> About {
        let Some(name) = webhooks.names(call) else {
            return About::Own;
        };
        let own = webhooks.is_called(&name);
        if own == Some(true) {
            return About::Own;
        }
        let is_its = |other: &Arc<Route>| {
            let webhooks = other.link.webhooks();
            webhooks.is_some_and(|webhooks| webhooks.is_called(&name) == Some(true))
        };
        let others = self.sharing(route.device, &*route.link);
        let may_be = |other: &Arc<Route>| {
            let webhooks = other.link.webhooks();
            webhooks.is_some_and(|webhooks| webhooks.is_called(&name).is_none())
        };
        let may_be_anothers = others.iter().any(may_be) || self.any_between(route);
        match others.into_iter().find(is_its) {
            Some(other) => About::Another(other),
            None => unclaimed(own, may_be_anothers),
        }
    }

    /// Where the others are called that share the address of this link: none of that is taken out when one of them leaves.
    pub(crate) fn shared_targets(&self, device: DeviceId, link: &dyn DeviceLink) -> Vec<WebhookTarget> {
        let port = self.port();
        let at_home = |port| matches!(port, Port::Open(_));
        if self.is_ending() || !at_home(port) {
            return Vec::new();
        }
        let others = self.sharing(device, link);
        let open = others
            .iter()
            .filter(|route| route.is_open() && route.opened_at == port);
        open.filter_map(|route| route.target(port)).collect()
    }

    /// Beginnings of the paths by which the others are called that share the address of this link.
    pub(crate) fn shared_prefixes(&self, device: DeviceId, link: &dyn DeviceLink) -> Vec<String> {
        let others = self.sharing(device, link);
        let public = others.iter().filter_map(|route| route.public_prefix(self.mark()));
        public.collect()
    }

    /// The gateway shall not call a device any more at what begins so, but for `kept`. Where others share the address, they are called
    /// from now on.
    ///
    /// # Errors
    /// The gateway's.
    pub(crate) async fn take_out(
        &self,
        device: DeviceId,
        link: &dyn DeviceLink,
        prefix: &str,
        kept: Option<&WebhookTarget>,
    ) -> Result<(), Failure> {
        let Some(webhooks) = link.webhooks() else {
            return Ok(());
        };
        let others = self.shared_targets(device, link);
        if kept.is_none()
            && let Some(next) = others.first()
        {
            let ours = self.mark().prefix();
            let prefixes = self.shared_prefixes(device, link);
            let prefixes: Vec<&str> = [prefix, &ours]
                .into_iter()
                .chain(prefixes.iter().map(String::as_str))
                .collect();
            return webhooks.register(next, &prefixes).await;
        }
        let kept: Vec<WebhookTarget> = kept.into_iter().cloned().chain(others).collect();
        webhooks.unregister(prefix, &kept).await
    }

    /// It is not known what the gateway calls now: the others that share the address tell it again.
    pub(crate) fn tell_again(&self, device: DeviceId, link: &dyn DeviceLink) {
        for route in self.sharing(device, link) {
            route.untold.store(true, Ordering::Relaxed);
            route.sync.asked.notify_one();
        }
    }

    /// Is the gateway to be told again where to call a device? That is said once.
    pub(crate) fn take_untold(&self, device: DeviceId) -> bool {
        let routes = self.lock();
        let mut untold = false;
        // Each of them: it is said once.
        for route in routes.iter().filter(|route| route.device == device) {
            untold |= route.untold.swap(false, Ordering::Relaxed);
        }
        untold
    }

    /// The program ends: nobody takes over from anybody.
    pub(crate) fn end(&self) {
        self.ending.store(true, Ordering::Relaxed);
    }

    fn is_ending(&self) -> bool {
        self.ending.load(Ordering::Relaxed)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nobodys_is_only_what_is_about_none_of_those_whose_numbers_are_known() {
        assert!(matches!(unclaimed(Some(false), false), About::Nobody));
        assert!(
            matches!(unclaimed(Some(false), true), About::NotKnownYet),
            "it is to be sent again"
        );
        assert!(matches!(unclaimed(None, true), About::Own));
    }
}
