//! Arguments held against an operation's schema, and made into a call: nothing leaves that the documentation forbids.

use http::Method;
use serde_json::{Map, Value};

use super::{Body, Endpoint, Field, Kind, Place, Schema};
use crate::http_kit::{Call, Path};

/// What an operation is called with. It has no `Debug`: it may hold anything.
#[derive(Default)]
pub struct Arguments {
    /// Values of the path and the query.
    pub parameters: Map<String, Value>,
    /// The body.
    pub body: Option<Value>,
    /// The file, where an operation carries one.
    pub file: Option<FileArgument>,
}

/// A file to carry.
pub struct FileArgument {
    /// Its type.
    pub media_type: String,
    /// Its bytes.
    pub bytes: Vec<u8>,
}

/// Why a value cannot be used.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Why {
    /// It must be given.
    Missing,
    /// The operation has no such value.
    NotKnown,
    /// It is of another kind.
    WrongKind,
    /// It is none of the choices.
    NotAChoice,
    /// Smaller, shorter or fewer than this.
    TooSmall(f64),
    /// Larger, longer or more than this.
    TooLarge(f64),
    /// It cannot stand in a path.
    NotUsable,
}

/// What is wrong, and where (`body.options.2`).
#[derive(Debug, Clone, PartialEq)]
pub struct Problem {
    /// The names on the way there, with dots.
    pub at: String,
    /// What is wrong.
    pub why: Why,
}

/// Where the values of a query leave.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Queries {
    /// In the address, as they are documented.
    InAddress,
    /// As the fields of a body, whatever the verb.
    InBody,
}

/// The call that the arguments make.
pub(crate) fn checked(endpoint: &'static Endpoint, arguments: &Arguments) -> Result<Call, Vec<Problem>> {
    checked_with(endpoint, arguments, Queries::InAddress)
}

/// The same, of a gateway that documents one operation in two ways.
pub(crate) fn checked_with(
    endpoint: &'static Endpoint,
    arguments: &Arguments,
    queries: Queries,
) -> Result<Call, Vec<Problem>> {
    let mut found = Found::default();
    found.unknown(endpoint, &arguments.parameters);
    for parameter in &endpoint.parameters {
        found.field(
            &parameter.field,
            arguments.parameters.get(&parameter.field.name),
            "",
        );
    }
    found.body(endpoint, arguments);
    let path = path(endpoint, &arguments.parameters, queries, &mut found);
    match (path, Method::from_bytes(endpoint.method.as_bytes())) {
        (Some(path), Ok(method)) if found.problems.is_empty() => {
            // However little is asked: some gateways look at WhatsApp before they answer, and a call that is cut off says nothing.
            let call = with_body(Call::new(method, path), arguments).transfer();
            Ok(match queries {
                Queries::InAddress => call,
                Queries::InBody => call.json(&queried(endpoint, &arguments.parameters)),
            })
        }
        _ => Err(found.problems),
    }
}

/// The values of the query that were given.
fn queried(endpoint: &Endpoint, given: &Map<String, Value>) -> Value {
    let queries = endpoint.parameters.iter().filter(|one| one.place == Place::Query);
    let values = queries.filter_map(|one| given.get_key_value(&one.field.name));
    let values = values.filter(|(_, value)| !value.is_null());
    Value::Object(
        values
            .map(|(name, value)| (name.clone(), value.clone()))
            .collect(),
    )
}

fn with_body(call: Call, arguments: &Arguments) -> Call {
    match (&arguments.body, &arguments.file) {
        (_, Some(file)) => call.file(&file.media_type, file.bytes.clone()),
        (Some(body), None) => call.json(body),
        (None, None) => call,
    }
}

fn path(
    endpoint: &'static Endpoint,
    given: &Map<String, Value>,
    queries: Queries,
    found: &mut Found,
) -> Option<Path> {
    let mut path = Path::fixed(&endpoint.path);
    for name in braces(&endpoint.path) {
        let Some(value) = given.get(name).and_then(text) else {
            found.tell(name, Why::Missing);
            return None;
        };
        let Some(with) = path.and(&value) else {
            found.tell(name, Why::NotUsable);
            return None;
        };
        path = with;
    }
    if queries == Queries::InBody {
        return Some(path);
    }
    let queries = endpoint.parameters.iter().filter(|one| one.place == Place::Query);
    for Field { name, .. } in queries.map(|one| &one.field) {
        if let Some(value) = given.get(name).and_then(text) {
            path = path.query(name, value);
        }
    }
    Some(path)
}

/// The names in braces, in their order.
fn braces(path: &'static str) -> impl Iterator<Item = &'static str> {
    path.split('/')
        .filter_map(|segment| segment.strip_prefix('{')?.strip_suffix('}'))
}

/// A value as it stands in an address; lists with commas between.
fn text(value: &Value) -> Option<String> {
    match value {
        Value::Null | Value::Object(_) => None,
        Value::String(text) => Some(text.clone()),
        Value::Array(items) => Some(items.iter().filter_map(text).collect::<Vec<_>>().join(",")),
        other => Some(other.to_string()),
    }
}

#[derive(Default)]
struct Found {
    problems: Vec<Problem>,
}

impl Found {
    fn tell(&mut self, at: &str, why: Why) {
        // A value that is missing in the path was told by its field already.
        if !self.problems.iter().any(|one| one.at == at) {
            self.problems.push(Problem {
                at: at.to_owned(),
                why,
            });
        }
    }

    fn unknown(&mut self, endpoint: &Endpoint, given: &Map<String, Value>) {
        for name in given.keys() {
            if !endpoint.parameters.iter().any(|known| known.field.name == *name) {
                self.tell(name, Why::NotKnown);
            }
        }
    }

    fn body(&mut self, endpoint: &Endpoint, arguments: &Arguments) {
        match (&endpoint.body, &arguments.body, &arguments.file) {
            (None | Some(Body::Json { .. }), _, Some(_)) => self.tell("file", Why::NotKnown),
            (None | Some(Body::File { .. }), Some(_), _) => self.tell("body", Why::NotKnown),
            (Some(Body::File { media }), None, Some(file)) => {
                if !media.contains(&file.media_type) {
                    self.tell("file", Why::NotAChoice);
                }
            }
            (Some(Body::File { .. }), None, None) => self.tell("file", Why::Missing),
            (Some(Body::Json { required: true, .. }), None, None) => self.tell("body", Why::Missing),
            (Some(Body::Json { fields, .. }), Some(body), None) => self.json(endpoint, fields, body),
            (None | Some(Body::Json { .. }), None, None) => {}
        }
    }

    /// Of the body itself no field may be unknown: a slip in a name would quietly do something else. Deeper down the gateways
    /// grow faster than their documentation.
    fn json(&mut self, endpoint: &Endpoint, fields: &[Field], body: &Value) {
        if endpoint.undocumented {
            return;
        }
        let Some(given) = body.as_object() else {
            return self.tell("body", Why::WrongKind);
        };
        for name in given.keys() {
            if !fields.is_empty() && !fields.iter().any(|known| known.name == *name) {
                self.tell(&format!("body.{name}"), Why::NotKnown);
            }
        }
        for field in fields {
            self.field(field, given.get(&field.name), "body.");
        }
    }

    fn field(&mut self, field: &Field, value: Option<&Value>, above: &str) {
        let at = format!("{above}{}", field.name);
        match value {
            None | Some(Value::Null) if field.required => self.tell(&at, Why::Missing),
            None | Some(Value::Null) => {}
            Some(value) => self.value(&field.schema, value, &at),
        }
    }

    fn value(&mut self, schema: &Schema, value: &Value, at: &str) {
        match (schema.kind, value) {
            (Kind::String, Value::String(text)) => self.within(schema, count(text.chars().count()), at),
            (Kind::Enum, Value::String(text)) => self.choice(schema, text, at),
            // A choice of numbers: one page writes them as text, and a recorded call as numbers.
            (Kind::Enum, Value::Number(number)) => self.choice(schema, &number.to_string(), at),
            (Kind::Number, Value::Number(number)) => self.within(schema, number.as_f64(), at),
            (Kind::Integer, Value::Number(number)) if number.as_f64().is_some_and(|n| n.fract() == 0.0) => {
                self.within(schema, number.as_f64(), at);
            }
            (Kind::Boolean, Value::Bool(_)) => {}
            (Kind::Array, Value::Array(items)) => {
                self.within(schema, count(items.len()), at);
                for (index, item) in items.iter().enumerate() {
                    if let Some(schema) = &schema.items {
                        self.value(schema, item, &format!("{at}.{index}"));
                    }
                }
            }
            (Kind::Object, Value::Object(given)) => {
                for field in &schema.fields {
                    self.field(field, given.get(&field.name), &format!("{at}."));
                }
            }
            _ => self.tell(at, Why::WrongKind),
        }
    }

    fn choice(&mut self, schema: &Schema, given: &str, at: &str) {
        if !schema.choices.iter().any(|choice| choice == given) {
            self.tell(at, Why::NotAChoice);
        }
    }

    fn within(&mut self, schema: &Schema, size: Option<f64>, at: &str) {
        let Some(size) = size else { return };
        match (schema.min, schema.max) {
            (Some(min), _) if size < min => self.tell(at, Why::TooSmall(min)),
            (_, Some(max)) if size > max => self.tell(at, Why::TooLarge(max)),
            _ => {}
        }
    }
}

fn count(size: usize) -> Option<f64> {
    u32::try_from(size).ok().map(f64::from)
}
