//! Any operation of the reference, by its catalogue entry. It counts in the same budget as all other calls. For a text to many it is
//! waited as long as the gateway says that it works: cut off before, nobody would know who has it.

use async_trait::async_trait;

use super::budget::Weight;
use super::bulk;
use super::link::ApiEngineLink;
use crate::catalogue::{self, Arguments, Catalogue, Endpoint};
use crate::{CallProblem, Called, Endpoints};

#[async_trait]
impl Endpoints for ApiEngineLink {
    fn catalogue(&self) -> &'static Catalogue {
        catalogue::whatsapp_api_engine()
    }

    fn base(&self) -> String {
        self.http.base()
    }

    async fn call(&self, endpoint: &'static Endpoint, arguments: &Arguments) -> Result<Called, CallProblem> {
        let call = catalogue::checked(endpoint, arguments).map_err(CallProblem::Invalid)?;
        let call = match (endpoint.id.as_str(), &arguments.body) {
            ("sendBulk", Some(body)) => call.working(bulk::work_for(body)),
            _ => call,
        };
        let answer = self
            .answer(call, Weight::Person)
            .await
            .map_err(CallProblem::Failed)?;
        Ok(answer.into_called())
    }
}
