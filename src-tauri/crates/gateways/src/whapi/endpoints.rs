//! Any operation of the reference, by its catalogue entry. Whatever the gateway answers is shown, unless token or link are lost: 401 is
//! documented also for what only the owner of a channel may do, and says nothing of the number then.

use async_trait::async_trait;
use mostrador_domain::Failure;

use super::link::WhapiLink;
use crate::catalogue::{self, Arguments, Catalogue, Endpoint};
use crate::http_kit::{Answer, Call};
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
        let call = call.accept(accepted(endpoint)).with_server_errors();
        let answer = self.whatever_is_answered(call).await;
        Ok(answer.map_err(CallProblem::Failed)?.into_called())
    }
}

impl WhapiLink {
    async fn whatever_is_answered(&self, call: Call) -> Result<Answer, Failure> {
        let answer = self.http.call(call).await?;
        match answer.status {
            401 => self.unless_unauthorised(answer).await,
            403 | 404 => self.unless_token_is_lost(answer).await,
            _ => Ok(answer),
        }
    }
}

/// Of the pictures of codes the gateway gives JSON unless a picture is asked for.
fn accepted(endpoint: &Endpoint) -> &'static str {
    match endpoint.answer {
        catalogue::AnswerKind::Binary => "image/png, */*",
        catalogue::AnswerKind::Json | catalogue::AnswerKind::None => "application/json",
    }
}
