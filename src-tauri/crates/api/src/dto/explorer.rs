//! The gateway's endpoints, and calling them.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;
use mostrador_engine::Offered;
use mostrador_gateways::catalogue::{
    AnswerKind, Body, Danger, Endpoint, Field, Kind, Parameter, Place, Problem, Schema, Unpublished, Why,
};
use mostrador_gateways::{Called, Content, Header};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use ts_rs::TS;

/// What can be called at a device's gateway.
#[derive(Debug, Clone, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct ExplorerCatalogue {
    /// The address in front of each path.
    pub base: String,
    /// The beginning of the header that carries the secret.
    pub header: String,
    /// Of a gateway with several generations of calls: the one that the device's own calls are of. Null = it has one.
    pub generation: Option<String>,
    /// The operations, group by group.
    pub endpoints: Vec<EndpointView>,
    /// What the gateway is said to do and publishes no path for, as long as nobody has typed one. Then it is among the operations.
    pub absent: Vec<EndpointAbsent>,
}

/// What the gateway is said to do, and nobody has typed a path for.
#[derive(Debug, Clone, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct EndpointAbsent {
    /// A word for it.
    pub id: String,
    /// The group that it would stand in.
    pub group: String,
}

impl ExplorerCatalogue {
    pub(crate) fn of(offered: Offered) -> Self {
        let view = |endpoint: &Endpoint| EndpointView {
            query_in_body: offered.queried_in_body.contains(&endpoint.id.as_str()),
            ..endpoint.into()
        };
        let mut endpoints: Vec<EndpointView> = offered.catalogue.endpoints.iter().map(view).collect();
        let mut absent = Vec::new();
        for (one, path) in offered.unpublished {
            match path {
                Some(path) => endpoints.push(EndpointView::at(one, path)),
                None => absent.push(EndpointAbsent::of(one)),
            }
        }
        Self {
            base: offered.base,
            header: offered.catalogue.header.clone(),
            generation: offered.generation.map(str::to_owned),
            endpoints,
            absent,
        }
    }
}

impl EndpointAbsent {
    fn of(unpublished: &Unpublished) -> Self {
        Self {
            id: unpublished.endpoint.id.clone(),
            group: unpublished.endpoint.group.clone(),
        }
    }
}

/// One operation.
#[derive(Debug, Clone, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct EndpointView {
    /// Unique within the gateway.
    pub id: String,
    /// The documentation's group.
    pub group: String,
    /// HTTP's verb.
    pub method: String,
    /// The path, values in braces.
    pub path: String,
    /// Values of the path.
    pub in_path: Vec<EndpointField>,
    /// Values of the query.
    pub in_query: Vec<EndpointField>,
    /// The query leaves as the fields of a body, whatever the verb.
    pub query_in_body: bool,
    /// What it carries; null = nothing.
    pub body: Option<EndpointBody>,
    /// Why it wants `confirmed`; null = it does not.
    pub danger: Option<EndpointDanger>,
    /// What comes back.
    pub answer: EndpointAnswer,
    /// The gateway names it and says no more: any JSON may be tried.
    pub undocumented: bool,
    /// The generations of calls that have it, the newest first; none = the gateway has only one.
    pub generations: Vec<String>,
}

impl EndpointView {
    /// What has no published path, at the one that was typed.
    fn at(unpublished: &Unpublished, path: String) -> Self {
        Self {
            path,
            ..(&unpublished.endpoint).into()
        }
    }
}

impl From<&Endpoint> for EndpointView {
    fn from(endpoint: &Endpoint) -> Self {
        let at = |place: Place| {
            let here = |one: &&Parameter| one.place == place;
            let all = endpoint.parameters.iter().filter(here);
            all.map(|one| (&one.field).into()).collect()
        };
        Self {
            id: endpoint.id.clone(),
            group: endpoint.group.clone(),
            method: endpoint.method.clone(),
            path: endpoint.path.clone(),
            in_path: at(Place::Path),
            in_query: at(Place::Query),
            query_in_body: false,
            body: endpoint.body.as_ref().map(Into::into),
            danger: endpoint.danger.map(|danger| match danger {
                Danger::Irreversible => EndpointDanger::Irreversible,
                Danger::Tells => EndpointDanger::Tells,
                Danger::ToMany => EndpointDanger::ToMany,
            }),
            answer: match endpoint.answer {
                AnswerKind::Json => EndpointAnswer::Json,
                AnswerKind::Binary => EndpointAnswer::File,
                AnswerKind::None => EndpointAnswer::Nothing,
            },
            undocumented: endpoint.undocumented,
            generations: endpoint.generations.iter().map(|&word| word.to_owned()).collect(),
        }
    }
}

/// Why an operation wants to be confirmed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum EndpointDanger {
    /// It removes or replaces something for good.
    Irreversible,
    /// Customers, or the members of a group, see it.
    Tells,
    /// Many customers see it, and nobody is left out who asked to be: a campaign does that.
    ToMany,
}

/// What comes back.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum EndpointAnswer {
    /// JSON.
    Json,
    /// A file.
    File,
    /// Nothing but a status.
    Nothing,
}

/// What an operation carries.
#[derive(Debug, Clone, Serialize, TS)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum EndpointBody {
    /// An object; without fields any JSON.
    Json {
        /// Must it be given?
        required: bool,
        /// Its fields.
        fields: Vec<EndpointField>,
    },
    /// A file of one of these types.
    File {
        /// The types.
        media: Vec<String>,
    },
}

impl From<&Body> for EndpointBody {
    fn from(body: &Body) -> Self {
        match body {
            Body::Json { required, fields } => Self::Json {
                required: *required,
                fields: fields.iter().map(Into::into).collect(),
            },
            Body::File { media } => Self::File { media: media.clone() },
        }
    }
}

/// A named value.
#[derive(Debug, Clone, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct EndpointField {
    /// As the gateway spells it.
    pub name: String,
    /// Must it be given?
    pub required: bool,
    /// What it may be.
    pub schema: SchemaView,
}

impl From<&Field> for EndpointField {
    fn from(field: &Field) -> Self {
        Self {
            name: field.name.clone(),
            required: field.required,
            schema: (&field.schema).into(),
        }
    }
}

/// The kinds of values.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum SchemaKind {
    /// Text.
    String,
    /// A whole number.
    Integer,
    /// A number.
    Number,
    /// Yes or no.
    Boolean,
    /// One of the choices.
    Enum,
    /// A list.
    Array,
    /// An object.
    Object,
}

impl From<Kind> for SchemaKind {
    fn from(kind: Kind) -> Self {
        match kind {
            Kind::String => Self::String,
            Kind::Integer => Self::Integer,
            Kind::Number => Self::Number,
            Kind::Boolean => Self::Boolean,
            Kind::Enum => Self::Enum,
            Kind::Array => Self::Array,
            Kind::Object => Self::Object,
        }
    }
}

/// What a value may be; `min` and `max` are of a number itself, else of how many characters or items.
#[derive(Debug, Clone, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct SchemaView {
    /// Of which kind.
    pub kind: SchemaKind,
    /// The only values.
    pub choices: Vec<String>,
    /// At least.
    pub min: Option<f64>,
    /// At most.
    pub max: Option<f64>,
    /// What the gateway takes when it is not given, as text.
    pub default: Option<String>,
    /// Of a list: what is in it.
    #[ts(type = "SchemaView | null")]
    pub items: Option<Box<SchemaView>>,
    /// Of an object: its fields; none = any.
    #[ts(type = "EndpointField[]")]
    pub fields: Vec<EndpointField>,
}

impl From<&Schema> for SchemaView {
    fn from(schema: &Schema) -> Self {
        Self {
            kind: schema.kind.into(),
            choices: schema.choices.clone(),
            min: schema.min,
            max: schema.max,
            default: schema.default.as_ref().map(|value| match value {
                Value::String(text) => text.clone(),
                other => other.to_string(),
            }),
            items: schema.items.as_deref().map(|items| Box::new(items.into())),
            fields: schema.fields.iter().map(Into::into).collect(),
        }
    }
}

/// Arguments of `explorer_call`. They have no `Debug`: they may hold anything.
#[derive(Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct ExplorerCall {
    /// At whose gateway.
    #[ts(type = "number")]
    pub device_id: i64,
    /// Which operation.
    pub endpoint: String,
    /// Values of the path and the query.
    #[ts(type = "Record<string, unknown>")]
    pub parameters: Map<String, Value>,
    /// The body; null = none.
    #[ts(type = "unknown")]
    pub body: Option<Value>,
    /// The file, where an operation carries one.
    pub file: Option<ExplorerFile>,
    /// A person has agreed to what cannot be taken back.
    pub confirmed: bool,
}

/// A file to carry.
#[derive(Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct ExplorerFile {
    /// Its type.
    pub media_type: String,
    /// Its bytes.
    pub content_base64: String,
}

/// What became of a call.
#[derive(Serialize, TS)]
#[serde(tag = "kind", rename_all = "snake_case", rename_all_fields = "camelCase")]
pub enum ExplorerAnswer {
    /// The gateway answered, well or with a refusal of this call.
    Answered {
        /// HTTP's status.
        status: u16,
        /// Milliseconds that it took, with waiting for a turn.
        millis: u32,
        /// What stood above the body.
        headers: Vec<ExplorerHeader>,
        /// The body's type.
        media_type: Option<String>,
        /// The body.
        content: ExplorerContent,
        /// How many results in it say that they failed, whatever the status is.
        failed: u32,
    },
    /// Nothing left: the arguments are not what the gateway's documentation asks for.
    Invalid {
        /// What is wrong.
        problems: Vec<ExplorerProblem>,
    },
    /// Nothing left: this wants `confirmed`.
    Unconfirmed,
}

impl ExplorerAnswer {
    pub(crate) fn answered(called: Called, took: std::time::Duration) -> Self {
        Self::Answered {
            failed: called.failed_results(),
            status: called.status,
            millis: u32::try_from(took.as_millis()).unwrap_or(u32::MAX),
            headers: called.headers.into_iter().map(Into::into).collect(),
            media_type: called.media_type,
            content: match called.content {
                Content::Json(value) => ExplorerContent::Json { value },
                Content::Bytes(bytes) => ExplorerContent::File {
                    bytes: bytes.len() as f64,
                    content_base64: BASE64.encode(bytes),
                },
                Content::Empty => ExplorerContent::Empty,
            },
        }
    }
}

/// A line above an answer.
#[derive(Serialize, TS)]
pub struct ExplorerHeader {
    /// Its name.
    pub name: String,
    /// What it says; null = it may let somebody in, and is not told.
    pub value: Option<String>,
}

impl From<Header> for ExplorerHeader {
    fn from(header: Header) -> Self {
        Self {
            name: header.name,
            value: header.value,
        }
    }
}

/// The body of an answer.
#[derive(Serialize, TS)]
#[serde(tag = "kind", rename_all = "snake_case", rename_all_fields = "camelCase")]
pub enum ExplorerContent {
    /// JSON.
    Json {
        /// It.
        #[ts(type = "unknown")]
        value: Value,
    },
    /// Something else.
    File {
        /// How long it is.
        bytes: f64,
        /// Its bytes.
        content_base64: String,
    },
    /// Nothing.
    Empty,
}

/// What is wrong with an argument.
#[derive(Debug, Clone, PartialEq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct ExplorerProblem {
    /// The names on the way there, with dots (`body.options.2`).
    pub at: String,
    /// What is wrong.
    pub why: ProblemKind,
    /// The limit that it breaks, if it does.
    pub limit: Option<f64>,
}

/// What can be wrong with an argument.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum ProblemKind {
    /// It must be given.
    Missing,
    /// The operation has no such value.
    NotKnown,
    /// It is of another kind.
    WrongKind,
    /// It is none of the choices.
    NotAChoice,
    /// Smaller, shorter or fewer than `limit`.
    TooSmall,
    /// Larger, longer or more than `limit`.
    TooLarge,
    /// It cannot stand in an address.
    NotUsable,
}

impl From<Problem> for ExplorerProblem {
    fn from(problem: Problem) -> Self {
        let (why, limit) = match problem.why {
            Why::Missing => (ProblemKind::Missing, None),
            Why::NotKnown => (ProblemKind::NotKnown, None),
            Why::WrongKind => (ProblemKind::WrongKind, None),
            Why::NotAChoice => (ProblemKind::NotAChoice, None),
            Why::TooSmall(limit) => (ProblemKind::TooSmall, Some(limit)),
            Why::TooLarge(limit) => (ProblemKind::TooLarge, Some(limit)),
            Why::NotUsable => (ProblemKind::NotUsable, None),
        };
        Self {
            at: problem.at,
            why,
            limit,
        }
    }
}
