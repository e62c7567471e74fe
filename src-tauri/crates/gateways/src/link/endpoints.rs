//! Every operation of the gateway, called by its catalogue entry.

use async_trait::async_trait;
use mostrador_domain::Failure;
use serde_json::Value;

use crate::catalogue::{Arguments, Catalogue, Endpoint, Problem, Unpublished, checked};

/// What an operation answered: a success, or a refusal of this call.
pub struct Called {
    /// HTTP's status.
    pub status: u16,
    /// What stands above the body.
    pub headers: Vec<Header>,
    /// The body's type, without its parameters.
    pub media_type: Option<String>,
    /// What came.
    pub content: Content,
}

impl Called {
    /// How many of the results in it say of themselves that they failed: a call for many numbers is answered well as a whole, whatever
    /// became of each.
    pub fn failed_results(&self) -> u32 {
        match &self.content {
            Content::Json(value) => failed_inside(value, 0),
            Content::Bytes(_) | Content::Empty => 0,
        }
    }
}

/// Lists lie no deeper.
const DEEPEST: u8 = 8;

fn failed_inside(value: &Value, depth: u8) -> u32 {
    let of = |value: &Value| {
        let itself = u32::from(depth > 0 && value.get("success") == Some(&Value::Bool(false)));
        itself.saturating_add(failed_inside(value, depth + 1))
    };
    match value {
        _ if depth > DEEPEST => 0,
        Value::Array(items) => items.iter().map(of).fold(0, u32::saturating_add),
        Value::Object(fields) => fields.values().map(of).fold(0, u32::saturating_add),
        _ => 0,
    }
}

/// A line above an answer.
#[derive(Debug, PartialEq, Eq)]
pub struct Header {
    /// Its name, in small letters.
    pub name: String,
    /// What it says; `None` = whoever has it may get in, so it is shown to nobody.
    pub value: Option<String>,
}

/// The body of an answer.
pub enum Content {
    /// JSON.
    Json(Value),
    /// Something else.
    Bytes(Vec<u8>),
    /// Nothing.
    Empty,
}

/// Why an operation was not called, or what became of it.
pub enum CallProblem {
    /// The arguments are not what the documentation asks for; nothing left.
    Invalid(Vec<Problem>),
    /// The gateway's.
    Failed(Failure),
}

/// Calling any documented operation.
#[async_trait]
pub trait Endpoints: Send + Sync {
    /// What can be called.
    fn catalogue(&self) -> &'static Catalogue;

    /// Where it is called, without a secret.
    fn base(&self) -> String;

    /// Of a gateway with several generations of calls: the one that this link makes.
    fn generation(&self) -> Option<&'static str> {
        None
    }

    /// Where this link calls what has no published path, as a person has typed it; `None` = nobody has, so it is not offered.
    fn typed_path(&self, _unpublished: &Unpublished) -> Option<&str> {
        None
    }

    /// Does this link carry the query of this operation in a body, whatever the documentation of another generation says?
    fn queries_in_body(&self, _endpoint: &Endpoint) -> bool {
        false
    }

    /// What is wrong with the arguments; nothing = they may be sent.
    fn problems(&self, endpoint: &'static Endpoint, arguments: &Arguments) -> Vec<Problem> {
        checked(endpoint, arguments).err().unwrap_or_default()
    }

    /// Calls an operation, once, with the link's own secret and limits. A refusal that is about this call is an answer.
    async fn call(&self, endpoint: &'static Endpoint, arguments: &Arguments) -> Result<Called, CallProblem>;
}
