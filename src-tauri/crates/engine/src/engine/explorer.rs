//! Any documented operation of a device's gateway, called by its catalogue entry.
//!
//! It goes as everything else does that a person asks: in turn, and what customers see in the turn of messages. The log has the
//! entry's id, the status and the time; never an argument or an answer.

use std::sync::Arc;
use std::time::Duration;

use mostrador_domain::{DeviceId, Failure};
use mostrador_gateways::catalogue::{Arguments, Catalogue, Danger, Endpoint, Problem, Unpublished};
use mostrador_gateways::{CallProblem, Called};
use mostrador_store::StoreError;

use super::Engine;
use crate::EngineError;
use crate::session::Asking;

/// What can be called.
pub struct Offered {
    /// The operations.
    pub catalogue: &'static Catalogue,
    /// Where, without a secret.
    pub base: String,
    /// Of a gateway with several generations of calls: the one that the device's own calls are of.
    pub generation: Option<&'static str>,
    /// Operations whose query leaves in a body, by their ids.
    pub queried_in_body: Vec<&'static str>,
    /// What has no published path, with the one that was typed for the device; `None` = it is not offered.
    pub unpublished: Vec<(&'static Unpublished, Option<String>)>,
}

impl Offered {
    /// The operation with this id.
    ///
    /// # Errors
    /// Not found; not offered, if nobody has typed its path.
    pub fn endpoint(&self, id: &str) -> Result<&'static Endpoint, EngineError> {
        if let Some(endpoint) = self.catalogue.get(id) {
            return Ok(endpoint);
        }
        let found = self.unpublished.iter().find(|(one, _)| one.endpoint.id == id);
        match found {
            Some((one, Some(_))) => Ok(&one.endpoint),
            Some((_, None)) => Err(EngineError::NotOffered),
            None => Err(StoreError::not_found().into()),
        }
    }
}

/// What became of a call that was tried.
pub enum Explored {
    /// The arguments are not what the documentation asks for; nothing left.
    Invalid(Vec<Problem>),
    /// The gateway answered, after this long.
    Answered(Called, Duration),
}

impl Engine {
    /// What can be called at a device's gateway.
    ///
    /// # Errors
    /// Not found, not offered.
    pub async fn endpoints(&self, id: DeviceId) -> Result<Offered, EngineError> {
        let asking = self.asking(id).await?;
        let endpoints = asking.link().endpoints().ok_or(EngineError::NotOffered)?;
        let catalogue = endpoints.catalogue();
        let in_body = catalogue
            .endpoints
            .iter()
            .filter(|one| endpoints.queries_in_body(one));
        Ok(Offered {
            catalogue,
            base: endpoints.base(),
            generation: endpoints.generation(),
            queried_in_body: in_body.map(|one| one.id.as_str()).collect(),
            unpublished: catalogue
                .unpublished
                .iter()
                .map(|one| (one, endpoints.typed_path(one).map(str::to_owned)))
                .collect(),
        })
    }

    /// Calls one operation, once.
    ///
    /// # Errors
    /// Not found, not offered, the gateway's. Uncertain: something that cannot be taken back left without an answer.
    pub async fn explore(
        &self,
        id: DeviceId,
        endpoint: &'static Endpoint,
        arguments: Arguments,
    ) -> Result<Explored, EngineError> {
        let asking = self.asking(id).await?;
        let began = self.shared.clock.elapsed();
        let answer = called(&asking, endpoint, &arguments).await;
        let took = self.shared.clock.elapsed().saturating_sub(began);
        let millis = u64::try_from(took.as_millis()).unwrap_or(u64::MAX);
        let entry = endpoint.id.as_str();
        match answer {
            Ok(Ok(called)) => {
                tracing::info!(device = %id, entry, status = called.status, millis, "an endpoint was called");
                Ok(Explored::Answered(called, took))
            }
            Ok(Err(problems)) => Ok(Explored::Invalid(problems)),
            Err(error) => {
                tracing::info!(device = %id, entry, millis, %error, "an endpoint gave no answer");
                Err(match error {
                    EngineError::Gateway(Failure::Unknown { .. }) if endpoint.danger.is_some() => {
                        EngineError::Uncertain
                    }
                    other => other,
                })
            }
        }
    }
}

async fn called(
    asking: &Arc<Asking>,
    endpoint: &'static Endpoint,
    arguments: &Arguments,
) -> Result<Result<Called, Vec<Problem>>, EngineError> {
    let endpoints = asking.link().endpoints().ok_or(EngineError::NotOffered)?;
    let problems = endpoints.problems(endpoint, arguments);
    if !problems.is_empty() {
        return Ok(Err(problems));
    }
    let call = async {
        match endpoints.call(endpoint, arguments).await {
            Ok(called) => Ok(Ok(called)),
            Err(CallProblem::Invalid(problems)) => Ok(Err(problems)),
            Err(CallProblem::Failed(failure)) => Err(failure),
        }
    };
    if matches!(endpoint.danger, Some(Danger::Tells | Danger::ToMany)) {
        asking.may_send().await?;
        asking.make(call).await
    } else {
        asking.ask_gateway(call).await
    }
}
