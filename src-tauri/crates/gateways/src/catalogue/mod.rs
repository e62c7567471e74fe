//! The endpoint catalogue: every operation that a gateway documents, as data.
//!
//! One JSON file for each gateway (`whapi.json`), one line an entry, read once. Names, methods, paths, types, choices, limits and
//! what is required are the gateway's facts; `danger` is our own judgement. Beside it lies the plain list of the operations
//! (`whapi.list`), written from the documentation and not from the data: a test holds one against the other. What a gateway offers
//! without saying how (`undocumented`) takes any JSON.
//!
//! A gateway may have several generations of calls. Which of them has an operation stands beside its catalogue
//! (`qr-buho.generations`), from the pages on which the operation is documented.
//!
//! Patterns of ids are left out on purpose: those that are published are older than the ids that the gateways take.
//!
//! `check` looks at arguments before anything leaves; a link's [`crate::Endpoints`] makes the call.

mod check;
#[cfg(test)]
mod tests;

use std::sync::OnceLock;

use serde::Deserialize;
use serde_json::Value;

pub use check::{Arguments, FileArgument, Problem, Why};
pub(crate) use check::{Queries, checked, checked_with};

/// All operations of one gateway.
#[derive(Debug, Deserialize)]
pub struct Catalogue {
    /// Where the gateway is by its documentation; empty = wherever the shop runs it.
    pub base: String,
    /// The beginning of the header that carries the secret.
    pub header: String,
    /// The operations, group by group.
    pub endpoints: Vec<Endpoint>,
    /// What the gateway is said to do, and publishes no path for.
    #[serde(default)]
    pub unpublished: Vec<Unpublished>,
}

/// What the gateway is said to do, and publishes no path for: called where a person who knows the path has typed it for the device,
/// and told in words else.
#[derive(Debug, Deserialize)]
pub struct Unpublished {
    /// The word of the device's field ([`crate::FieldKey`]) with the path.
    pub field: String,
    /// What it would be; its own path is empty.
    #[serde(flatten)]
    pub endpoint: Endpoint,
}

/// One operation.
#[derive(Debug, Deserialize)]
pub struct Endpoint {
    /// Unique within its gateway.
    pub id: String,
    /// The documentation's group, lower case.
    pub group: String,
    /// HTTP's verb, upper case.
    pub method: String,
    /// The path, values in braces.
    pub path: String,
    /// What stands in the path and the query.
    #[serde(default)]
    pub parameters: Vec<Parameter>,
    /// What the request carries.
    pub body: Option<Body>,
    /// What a person has to agree to first.
    pub danger: Option<Danger>,
    /// What comes back.
    #[serde(default)]
    pub answer: AnswerKind,
    /// The gateway names it and says no more.
    #[serde(default)]
    pub undocumented: bool,
    /// Of a gateway with several generations of calls: those that have it, the newest first.
    #[serde(skip)]
    pub generations: Vec<&'static str>,
}

/// What calling an operation does that cannot be taken back.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Danger {
    /// It removes or replaces something for good.
    Irreversible,
    /// Customers, or the members of a group, see it.
    Tells,
    /// So do many at once, past all by which a campaign holds back: nobody is left out who asked to be, nothing is counted, and who got it is
    /// not told.
    ToMany,
}

/// What comes back.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AnswerKind {
    /// JSON.
    #[default]
    Json,
    /// A file.
    Binary,
    /// Nothing but a status.
    None,
}

/// Where a parameter stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Place {
    /// In the path.
    Path,
    /// In the query.
    Query,
}

/// A value in the path or the query.
#[derive(Debug, Deserialize)]
pub struct Parameter {
    /// Where.
    pub place: Place,
    /// What.
    #[serde(flatten)]
    pub field: Field,
}

/// A named value.
#[derive(Debug, Deserialize)]
pub struct Field {
    /// As the gateway spells it.
    pub name: String,
    /// Must it be given?
    #[serde(default)]
    pub required: bool,
    /// What it may be.
    #[serde(flatten)]
    pub schema: Schema,
}

/// What a request carries.
#[derive(Debug, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Body {
    /// An object; without `fields` any.
    Json {
        /// Must it be given?
        #[serde(default)]
        required: bool,
        /// Its fields.
        fields: Vec<Field>,
    },
    /// A file as it is.
    File {
        /// The types that are taken.
        media: Vec<String>,
    },
}

/// What a value may be; `min` and `max` are of a number itself, else of how many characters or items.
#[derive(Debug, Deserialize)]
pub struct Schema {
    /// Of which kind.
    #[serde(rename = "type")]
    pub kind: Kind,
    /// The only values.
    #[serde(default)]
    pub choices: Vec<String>,
    /// At least.
    pub min: Option<f64>,
    /// At most.
    pub max: Option<f64>,
    /// What the gateway takes when it is not given.
    pub default: Option<Value>,
    /// Of a list: what is in it.
    pub items: Option<Box<Schema>>,
    /// Of an object: its fields; empty = any.
    #[serde(default)]
    pub fields: Vec<Field>,
}

/// The kinds of values.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// Text.
    String,
    /// A whole number.
    Integer,
    /// A number.
    Number,
    /// Yes or no.
    Boolean,
    /// One of `choices`.
    Enum,
    /// A list.
    Array,
    /// An object.
    Object,
}

impl Catalogue {
    /// The operation with this id.
    pub fn get(&self, id: &str) -> Option<&Endpoint> {
        self.endpoints.iter().find(|endpoint| endpoint.id == id)
    }

    /// The same among those of which no path is published.
    pub fn get_unpublished(&self, id: &str) -> Option<&Unpublished> {
        self.unpublished.iter().find(|one| one.endpoint.id == id)
    }

    /// The same with the generations of each operation: `VERB path`, a tab, and the words of those that have it.
    fn of(mut self, generations: &'static str) -> Self {
        for endpoint in &mut self.endpoints {
            let (method, path) = (&endpoint.method, &endpoint.path);
            let mut lines = generations.lines().filter_map(|line| line.split_once('\t'));
            let found = lines.find(|(call, _)| call.split_once(' ') == Some((method, path)));
            endpoint.generations = found.map_or_else(Vec::new, |(_, words)| words.split(' ').collect());
        }
        // What is not published is in none of the pages: it is the same whichever calls are spoken.
        let mut all: Vec<&'static str> = Vec::new();
        for word in self.endpoints.iter().flat_map(|endpoint| &endpoint.generations) {
            if !all.contains(word) {
                all.push(word);
            }
        }
        for one in &mut self.unpublished {
            one.endpoint.generations.clone_from(&all);
        }
        self
    }
}

macro_rules! catalogues {
    ($($(#[doc = $doc:literal])+ $name:ident: $file:literal $(in $generations:literal)?;)+) => {
        $($(#[doc = $doc])+
        pub fn $name() -> &'static Catalogue {
            static READ: OnceLock<Catalogue> = OnceLock::new();
            READ.get_or_init(|| read(include_str!($file)) $(.of(include_str!($generations)))?)
        })+
    };
}

catalogues! {
    /// Whapi's.
    whapi: "whapi.json";
    /// Waconecta's.
    waconecta: "waconecta.json";
    /// WhatsApp API Engine's.
    whatsapp_api_engine: "whatsapp-api-engine.json";
    /// QR Búho's, in each of its generations.
    qr_buho: "qr-buho.json" in "qr-buho.generations";
    /// Evolution API's.
    evolution: "evolution.json";
}

/// The file is part of the program and a test reads it: one that cannot be read offers nothing.
fn read(text: &str) -> Catalogue {
    serde_json::from_str(text).unwrap_or_else(|error| {
        tracing::error!(%error, "a catalogue of endpoints cannot be read");
        Catalogue {
            base: String::new(),
            header: String::new(),
            endpoints: Vec::new(),
            unpublished: Vec::new(),
        }
    })
}
