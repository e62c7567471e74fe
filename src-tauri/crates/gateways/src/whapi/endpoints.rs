//! Any operation of the reference, by its catalogue entry.

use async_trait::async_trait;

use super::link::WhapiLink;
use crate::catalogue::{self, Arguments, Catalogue, Endpoint};
use crate::{CallProblem, Called, Endpoints};

#[async_trait]
impl Endpoints for WhapiLink {
    fn catalogue(&self) -> &'static Catalogue {
        catalogue::whapi()
    }

    fn base(&self) -> String {
        self.http.base()
    }

    async fn call(&self, endpoint: &'static Endpoint, arguments: &Arguments) -> Result<Called, CallProblem> {
        let call = catalogue::checked(endpoint, arguments).map_err(CallProblem::Invalid)?;
        let call = call.accept(accepted(endpoint));
        let answer = self.ask(call).await.map_err(CallProblem::Failed)?;
        Ok(answer.into_called())
    }
}

/// Of the pictures of codes the gateway gives JSON unless a picture is asked for.
fn accepted(endpoint: &Endpoint) -> &'static str {
    match endpoint.answer {
        catalogue::AnswerKind::Binary => "image/png, */*",
        catalogue::AnswerKind::Json | catalogue::AnswerKind::None => "application/json",
    }
}
