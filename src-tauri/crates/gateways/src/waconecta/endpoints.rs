//! Both operations of the reference, by their catalogue entries.

use async_trait::async_trait;

use super::link::WaconectaLink;
use crate::catalogue::{self, Arguments, Catalogue, Endpoint};
use crate::{CallProblem, Called, Endpoints};

#[async_trait]
impl Endpoints for WaconectaLink {
    fn catalogue(&self) -> &'static Catalogue {
        catalogue::waconecta()
    }

    fn base(&self) -> String {
        self.http.base()
    }

    async fn call(&self, endpoint: &'static Endpoint, arguments: &Arguments) -> Result<Called, CallProblem> {
        let call = catalogue::checked(endpoint, arguments).map_err(CallProblem::Invalid)?;
        let call = call.with_server_errors();
        let answer = self.http.call(call).await.map_err(CallProblem::Failed)?;
        Ok(answer.into_called())
    }
}
