//! Any operation of the reference, by its catalogue entry; and blocking a customer of the reseller where somebody has typed how.

use async_trait::async_trait;
use mostrador_domain::{Failure, FailureCode};

use super::generation::Generation;
use super::link::QrBuhoLink;
use super::reseller::TypedPath;
use crate::catalogue::{self, Arguments, Catalogue, Endpoint, Problem, Queries, Unpublished, Why};
use crate::http_kit::Call;
use crate::{CallProblem, Called, Endpoints};

/// Recorded of QRAPI 2.0 with a body, though they are asked for by `GET` or `DELETE`; the next generation has a query instead.
const IN_A_BODY: [&str; 5] = [
    "group_find",
    "group_participants",
    "group_invite_code",
    "group_invite_revoke",
    "chat_message_delete",
];

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

    fn typed_path(&self, unpublished: &Unpublished) -> Option<&str> {
        self.reseller.path(&unpublished.field).map(TypedPath::text)
    }

    fn queries_in_body(&self, endpoint: &Endpoint) -> bool {
        self.generation == Generation::QrApi2 && IN_A_BODY.contains(&endpoint.id.as_str())
    }

    async fn call(&self, endpoint: &'static Endpoint, arguments: &Arguments) -> Result<Called, CallProblem> {
        let queries = if self.queries_in_body(endpoint) {
            Queries::InBody
        } else {
            Queries::InAddress
        };
        let call = catalogue::checked_with(endpoint, arguments, queries).map_err(CallProblem::Invalid)?;
        let call = match catalogue::qr_buho().get_unpublished(&endpoint.id) {
            Some(unpublished) => self.about_customer(unpublished, arguments)?,
            None => call,
        };
        let call = call.with_server_errors();
        let answer = self.account.call(call).await.map_err(CallProblem::Failed)?;
        Ok(answer.into_called())
    }
}

impl QrBuhoLink {
    /// The call of what has no published path, about the customer in its arguments.
    fn about_customer(&self, unpublished: &Unpublished, arguments: &Arguments) -> Result<Call, CallProblem> {
        let not_offered = CallProblem::Failed(Failure::Rejected {
            code: FailureCode::RefusedContent,
        });
        let path = self.reseller.path(&unpublished.field).ok_or(not_offered)?;
        let customer = arguments.body.as_ref().and_then(|body| body["id"].as_str());
        let call = path.call(customer.unwrap_or_default());
        call.ok_or_else(|| {
            CallProblem::Invalid(vec![Problem {
                at: "body.id".to_owned(),
                why: Why::NotUsable,
            }])
        })
    }
}
