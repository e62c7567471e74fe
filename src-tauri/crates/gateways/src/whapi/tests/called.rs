//! What the Explorer shows of an answer, and what it does not because the number itself has lost something.

use mostrador_domain::AuthLost;

use super::*;
use crate::catalogue::{Arguments, whapi};
use crate::{CallProblem, Called};

/// Calls an operation on a channel that is somebody else's.
async fn called(replies: Vec<Reply>) -> Result<Called, CallProblem> {
    let (_peer, link) = linked_to(replies).await;
    let mut arguments = Arguments::default();
    let id = json!("120363000000000021@newsletter");
    arguments.parameters.insert("NewsletterID".to_owned(), id);
    arguments.body = Some(json!({ "name": "Tortas" }));
    let endpoint = whapi().get("editNewsletter").expect("documented");
    let endpoints = link.endpoints().expect("all of the reference");
    endpoints.call(endpoint, &arguments).await
}

fn refused(status: u16) -> Reply {
    let words = "Need admin permissions for edit newsletter";
    let body = json!({ "error": { "code": status, "message": words } });
    Reply::json(status, &body.to_string())
}

#[tokio::test]
async fn a_refusal_of_the_call_itself_is_shown_as_the_gateway_words_it() {
    for (status, health) in [
        (401, health("AUTH")),
        (401, health("INIT")),
        (401, Reply::Cut),
        (403, health("AUTH")),
        (404, health("AUTH")),
    ] {
        let called = called(vec![refused(status), health]).await;
        let called = called.unwrap_or_else(|_| panic!("{status} is an answer"));
        assert_eq!(called.status, status, "documented");
        let crate::Content::Json(said) = called.content else {
            panic!("{status}: it has its reason");
        };
        assert_eq!(said["error"]["code"], status, "its own words");
    }
}

#[tokio::test]
async fn a_server_error_is_an_answer_too() {
    let called = called(vec![refused(500)]).await;
    assert!(matches!(called, Ok(Called { status: 500, .. })), "documented");
}

#[tokio::test]
async fn a_lost_token_or_link_is_told_as_that() {
    let lost = |lost| Failure::AuthLost { lost };
    for (health, expected) in [
        (health("QR"), lost(AuthLost::Link)),
        (refused(401), lost(AuthLost::Token)),
    ] {
        let called = called(vec![refused(401), health]).await;
        let Err(CallProblem::Failed(failure)) = called else {
            panic!("nobody is let in: {expected}");
        };
        assert_eq!(failure, expected, "the number's own trouble");
    }
}
