//! A dialect's own copy of its documentation, as a table: what a request has to be.
//!
//! One operation a line: verb, path, values of the query, what the body is (`-`, `json`, `file`), its fields, and whatever the dialect adds.
//! A field is `name:kind`, with `!` where it must be given, and `?` where one of those with that mark must be. The kind is a word of JSON's,
//! `integer`, `array2` (of at least two), the choices (`add|remove`), or several of these (`string/integer`). A name that is not there is
//! refused, unless no field is there at all: then anything goes. (The gateways pass such a name over. Whoever sends one means something by
//! it, and would not learn that nothing comes of it.)

use axum::http::Method;
use serde_json::Value;

/// One operation.
pub(crate) struct Operation {
    pub(crate) method: &'static str,
    pub(crate) path: &'static str,
    pub(crate) query: Vec<Field>,
    body: &'static str,
    fields: Vec<Field>,
}

/// A value that it takes.
pub(crate) struct Field {
    pub(crate) name: &'static str,
    needed: Needed,
    kind: &'static str,
}

/// Must a value be given?
#[derive(Clone, Copy, PartialEq, Eq)]
enum Needed {
    No,
    Yes,
    /// This one, or another with the same mark.
    OneOf,
}

/// What is wrong with a request.
pub(crate) enum Wrong {
    /// This is not there.
    Missing(&'static str),
    /// This is none of the choices.
    NoChoice(&'static str, &'static str),
    /// This list is too short.
    TooShort(&'static str, usize),
    /// This is something else.
    Other,
}

fn fields(text: &'static str) -> Vec<Field> {
    let field = |one: &'static str| {
        let (name, kind) = one.rsplit_once(':')?;
        let (name, needed) = match (name.strip_suffix('!'), name.strip_suffix('?')) {
            (Some(bare), _) => (bare, Needed::Yes),
            (_, Some(bare)) => (bare, Needed::OneOf),
            _ => (name, Needed::No),
        };
        Some(Field { name, needed, kind })
    };
    text.split(';').filter_map(field).collect()
}

/// The operation of this table; of two paths that fit the one with fewer values in it.
pub(crate) fn operation(table: &'static str, method: &Method, path: &str) -> Option<Operation> {
    let fitting = table.lines().filter_map(|line| {
        let mut columns = line.split('\t');
        let (verb, template) = (columns.next()?, columns.next()?);
        let (query, body, shape) = (columns.next()?, columns.next()?, columns.next()?);
        (verb == method.as_str() && fits(template, path)).then(|| Operation {
            method: verb,
            path: template,
            query: fields(query),
            body,
            fields: fields(shape),
        })
    });
    fitting.min_by_key(|operation| operation.path.matches('{').count())
}

fn fits(template: &str, path: &str) -> bool {
    let (mut wanted, mut given) = (template.split('/'), path.split('/'));
    loop {
        match (wanted.next(), given.next()) {
            (None, None) => return true,
            (Some(wanted), Some(given)) if wanted.starts_with('{') && !given.is_empty() => {}
            (Some(wanted), Some(given)) if wanted == given => {}
            _ => return false,
        }
    }
}

impl Operation {
    /// What is wrong with the request; `None` = it is as documented.
    pub(crate) fn wrong(&self, query: &[(String, String)], body: &[u8]) -> Option<Wrong> {
        let told = |field: &Field| {
            query
                .iter()
                .find(|(name, _)| name == field.name)
                .map(|(_, text)| text.as_str())
        };
        let wrong = self.query.iter().find_map(|field| match told(field) {
            None => (field.needed == Needed::Yes).then_some(Wrong::Missing(field.name)),
            Some(text) => (!field.is_spelt(text)).then(|| field.wrong()),
        });
        let is_known = |name: &str| self.query.iter().any(|field| field.name == name);
        let unknown = query.iter().any(|(name, _)| !is_known(name));
        wrong
            .or(unknown.then_some(Wrong::Other))
            .or_else(|| self.wrong_body(body))
    }

    /// Does it carry JSON whose fields are documented?
    pub(crate) fn takes_fields(&self) -> bool {
        self.body == "json" && !self.fields.is_empty()
    }

    fn has_unknown(&self, given: &Value) -> bool {
        let is_known = |name: &String| self.fields.iter().any(|field| field.name == name);
        let names = given.as_object().into_iter().flat_map(|fields| fields.keys());
        !self.fields.is_empty() && names.into_iter().any(|name| !is_known(name))
    }

    fn wrong_body(&self, body: &[u8]) -> Option<Wrong> {
        match self.body {
            "file" => body.is_empty().then_some(Wrong::Other),
            "json" => {
                let given = if body.is_empty() {
                    Some(Value::Null)
                } else {
                    serde_json::from_slice(body).ok()
                };
                let Some(given) = given else {
                    return Some(Wrong::Other);
                };
                let told = |field: &Field| given.get(field.name).filter(|value| !value.is_null());
                let wrong = self.fields.iter().find_map(|field| match told(field) {
                    None => (field.needed == Needed::Yes).then_some(Wrong::Missing(field.name)),
                    Some(value) => (!field.is(value)).then(|| field.wrong()),
                });
                wrong
                    .or_else(|| {
                        let mut one_of = self.fields.iter().filter(|field| field.needed == Needed::OneOf);
                        let first = one_of.clone().next()?.name;
                        one_of
                            .all(|field| told(field).is_none())
                            .then_some(Wrong::Missing(first))
                    })
                    .or_else(|| self.has_unknown(&given).then_some(Wrong::Other))
            }
            _ => None,
        }
    }
}

impl Field {
    fn wrong(&self) -> Wrong {
        match (self.kind, self.least()) {
            (_, Some(least)) => Wrong::TooShort(self.name, least),
            (choices, _) if choices.contains('|') => Wrong::NoChoice(self.name, choices),
            _ => Wrong::Other,
        }
    }

    /// How many a list has at least.
    fn least(&self) -> Option<usize> {
        self.kind.strip_prefix("array")?.parse().ok()
    }

    fn is_spelt(&self, text: &str) -> bool {
        self.kind.split('/').any(|kind| match kind {
            "number" | "integer" => text.parse::<f64>().is_ok(),
            "boolean" => matches!(text, "true" | "false"),
            "string" | "array" | "object" => true,
            choices => choices.split('|').any(|choice| choice == text),
        })
    }

    fn is(&self, value: &Value) -> bool {
        if let (Some(least), Value::Array(list)) = (self.least(), value) {
            return list.len() >= least;
        }
        self.kind.split('/').any(|kind| match (kind, value) {
            ("string", Value::String(_))
            | ("number", Value::Number(_))
            | ("boolean", Value::Bool(_))
            | ("array", Value::Array(_))
            | ("object", Value::Object(_)) => true,
            ("integer", Value::Number(number)) => number.as_f64().is_some_and(|whole| whole.fract() == 0.0),
            (choices, Value::String(text)) => choices.split('|').any(|choice| choice == text),
            // A choice of numbers is taken as a number too.
            (choices, Value::Number(number)) => choices.split('|').any(|choice| choice == number.to_string()),
            _ => false,
        })
    }
}
