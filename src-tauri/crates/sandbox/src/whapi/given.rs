//! What comes in: JSON, or a form of several parts with the same fields.
//!
//! Nearly every send may come either way. In a form everything is text, so a field that is to be a number or a truth
//! is read from its text; a part with a file name is a file.

use std::collections::BTreeMap;

use axum::{
    body::Bytes,
    extract::{FromRequest, Multipart, Request},
    http::{StatusCode, header},
};
use serde_json::{Map, Value};

use super::Refusal;

/// A file that came as a part of a form.
pub(super) struct Part {
    pub(super) bytes: Bytes,
    pub(super) mime: Option<String>,
    pub(super) name: Option<String>,
}

/// The fields of a request.
#[derive(Default)]
pub(super) struct Given {
    pub(super) fields: Map<String, Value>,
    pub(super) files: BTreeMap<String, Part>,
}

pub(super) fn wrong() -> Refusal {
    Refusal::bad_request("Wrong request parameters")
}

impl<S: Send + Sync> FromRequest<S> for Given {
    type Rejection = Refusal;

    async fn from_request(request: Request, state: &S) -> Result<Self, Refusal> {
        let kind = request
            .headers()
            .get(header::CONTENT_TYPE)
            .and_then(|value| value.to_str().ok());
        if kind.is_some_and(|kind| kind.starts_with("multipart/form-data")) {
            let form = Multipart::from_request(request, state)
                .await
                .map_err(|_| wrong())?;
            return Self::of_form(form).await;
        }
        let too_large = |_| Refusal::new(StatusCode::PAYLOAD_TOO_LARGE, "Request body too large");
        let body = Bytes::from_request(request, state).await.map_err(too_large)?;
        if body.is_empty() {
            return Ok(Self::default());
        }
        let fields = serde_json::from_slice(&body).map_err(|_| wrong())?;
        Ok(Self {
            fields,
            files: BTreeMap::new(),
        })
    }
}

impl Given {
    async fn of_form(mut form: Multipart) -> Result<Self, Refusal> {
        let mut given = Self::default();
        while let Some(field) = form.next_field().await.map_err(|_| wrong())? {
            let name = field.name().unwrap_or_default().to_owned();
            let (mime, file) = (
                field.content_type().map(str::to_owned),
                field.file_name().map(str::to_owned),
            );
            if file.is_some() {
                let bytes = field.bytes().await.map_err(|_| wrong())?;
                given.files.insert(
                    name,
                    Part {
                        bytes,
                        mime,
                        name: file,
                    },
                );
            } else {
                let text = field.text().await.map_err(|_| wrong())?;
                given.put(&name, text);
            }
        }
        Ok(given)
    }

    /// A field that comes several times, or whose name ends in brackets, is a list.
    fn put(&mut self, name: &str, text: String) {
        let (name, listed) = name.strip_suffix("[]").map_or((name, false), |bare| (bare, true));
        match self.fields.get_mut(name) {
            Some(Value::Array(list)) => list.push(Value::String(text)),
            Some(first) => *first = Value::Array(vec![first.take(), Value::String(text)]),
            None if listed => drop(
                self.fields
                    .insert(name.to_owned(), Value::Array(vec![Value::String(text)])),
            ),
            None => drop(self.fields.insert(name.to_owned(), Value::String(text))),
        }
    }

    /// A text; `None` when it is not given.
    pub(super) fn text(&self, name: &str) -> Result<Option<&str>, Refusal> {
        match self.fields.get(name) {
            None | Some(Value::Null) => Ok(None),
            Some(Value::String(text)) => Ok(Some(text)),
            Some(_) => Err(wrong()),
        }
    }

    /// A text that must be given and not be empty.
    pub(super) fn needed(&self, name: &str) -> Result<&str, Refusal> {
        self.text(name)?.filter(|text| !text.is_empty()).ok_or_else(wrong)
    }

    /// A text that is not empty.
    pub(super) fn said(&self, name: &str) -> Result<Option<String>, Refusal> {
        Ok(self
            .text(name)?
            .filter(|text| !text.is_empty())
            .map(str::to_owned))
    }

    pub(super) fn number(&self, name: &str) -> Result<Option<f64>, Refusal> {
        match self.fields.get(name) {
            None | Some(Value::Null) => Ok(None),
            Some(Value::Number(number)) => Ok(number.as_f64()),
            Some(Value::String(text)) => text.trim().parse().map(Some).map_err(|_| wrong()),
            Some(_) => Err(wrong()),
        }
    }

    pub(super) fn truth(&self, name: &str) -> Result<Option<bool>, Refusal> {
        match self.fields.get(name) {
            None | Some(Value::Null) => Ok(None),
            Some(Value::Bool(truth)) => Ok(Some(*truth)),
            Some(Value::String(text)) => text.trim().parse().map(Some).map_err(|_| wrong()),
            Some(_) => Err(wrong()),
        }
    }

    /// A list of texts; empty when it is not given.
    pub(super) fn texts(&self, name: &str) -> Result<Vec<String>, Refusal> {
        match self.fields.get(name) {
            None | Some(Value::Null) => Ok(Vec::new()),
            Some(Value::Array(list)) => list
                .iter()
                .map(|one| one.as_str().map(str::to_owned).ok_or_else(wrong))
                .collect(),
            Some(Value::String(text)) => match serde_json::from_str(text) {
                Ok(list) => Ok(list),
                Err(_) => Ok(vec![text.clone()]),
            },
            Some(_) => Err(wrong()),
        }
    }

    /// An object or a list, which a form carries as its JSON.
    pub(super) fn shape(&self, name: &str) -> Result<Option<Value>, Refusal> {
        match self.fields.get(name) {
            None | Some(Value::Null) => Ok(None),
            Some(Value::String(text)) => serde_json::from_str(text).map(Some).map_err(|_| wrong()),
            Some(other) => Ok(Some(other.clone())),
        }
    }
}
