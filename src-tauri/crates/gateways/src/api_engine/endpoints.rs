//! Any operation of the reference, by its catalogue entry. It counts in the same budget as all other calls.

use async_trait::async_trait;

use super::budget::Weight;
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
        let answer = self
            .answer(call, Weight::Person)
            .await
            .map_err(CallProblem::Failed)?;
        Ok(answer.into_called())
    }
}
