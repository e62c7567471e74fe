//! Any operation of the reference, by its catalogue entry. Blocking and unblocking a customer of the reseller has no published
//! call, so it is not among them.

use async_trait::async_trait;

use super::link::QrBuhoLink;
use crate::catalogue::{self, Arguments, Catalogue, Endpoint};
use crate::{CallProblem, Called, Endpoints};

#[async_trait]
impl Endpoints for QrBuhoLink {
    fn catalogue(&self) -> &'static Catalogue {
        catalogue::qr_buho()
    }

    fn base(&self) -> String {
        self.account.base()
    }

    fn generation(&self) -> Option<&'static str> {
        Some(self.generation.word())
    }

    async fn call(&self, endpoint: &'static Endpoint, arguments: &Arguments) -> Result<Called, CallProblem> {
        let call = catalogue::checked(endpoint, arguments).map_err(CallProblem::Invalid)?;
        let call = call.with_server_errors();
        let answer = self.account.call(call).await.map_err(CallProblem::Failed)?;
        Ok(answer.into_called())
    }
}
