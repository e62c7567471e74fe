//! Every operation that the gateway documents, in each of its generations, as a table: name, call, group and fields.
//!
//! The table is `operations.tsv`, taken from the vendor's pages. Blocking and unblocking a customer of the reseller has no
//! published call, so it is not among them. `{instance}` is the device's number.

use std::sync::LazyLock;

/// The operations, by group.
pub static OPERATIONS: LazyLock<Vec<Operation>> =
    LazyLock::new(|| include_str!("operations.tsv").lines().filter_map(read).collect());

/// One operation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Operation {
    /// Unique in the table.
    pub name: &'static str,
    /// The verb.
    pub method: &'static str,
    /// Below the gateway's address, with values in braces.
    pub path: &'static str,
    /// What it is about.
    pub group: &'static str,
    /// The newest generation that documents it.
    pub generation: &'static str,
    /// What is given.
    pub parameters: Vec<Parameter>,
}

/// One thing that is given.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Parameter {
    /// Its name.
    pub name: &'static str,
    /// Where it stands.
    pub place: Place,
    /// Nothing goes without it.
    pub required: bool,
    /// `text`, `number`, `flag`, `list`, `object` or `choice`.
    pub kind: &'static str,
    /// Of a choice: the words.
    pub words: Vec<&'static str>,
}

/// Where a parameter stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Place {
    /// In braces in the path.
    Path,
    /// Behind the question mark.
    Query,
    /// In the JSON body.
    Body,
}

fn read(line: &'static str) -> Option<Operation> {
    let mut columns = line.split('\t');
    let name = columns.next().filter(|name| !name.starts_with('#'))?;
    Some(Operation {
        name,
        method: columns.next()?,
        path: columns.next()?,
        group: columns.next()?,
        generation: columns.next()?,
        parameters: columns.next()?.split_whitespace().filter_map(parameter).collect(),
    })
}

fn parameter(text: &'static str) -> Option<Parameter> {
    let mut parts = text.splitn(3, ':');
    let (name, place, kind) = (parts.next()?, parts.next()?, parts.next()?);
    let (kind, words) = kind.split_once('=').unwrap_or((kind, ""));
    Some(Parameter {
        name: name.trim_end_matches('*'),
        place: match place {
            "path" => Place::Path,
            "query" => Place::Query,
            "body" => Place::Body,
            _ => return None,
        },
        required: name.ends_with('*'),
        kind,
        words: words.split('|').filter(|word| !word.is_empty()).collect(),
    })
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn every_line_is_an_operation_and_every_word_a_parameter() {
        let lines: Vec<&str> = include_str!("operations.tsv").lines().skip(1).collect();
        assert_eq!(OPERATIONS.len(), lines.len(), "no line is lost");
        for (operation, line) in OPERATIONS.iter().zip(lines) {
            let told = line
                .split('\t')
                .nth(5)
                .unwrap_or_default()
                .split_whitespace()
                .count();
            assert_eq!(
                operation.parameters.len(),
                told,
                "{}: no parameter is lost",
                operation.name
            );
        }
    }

    #[test]
    fn names_and_calls_are_unique() {
        let names: BTreeSet<_> = OPERATIONS.iter().map(|operation| operation.name).collect();
        let calls: BTreeSet<_> = OPERATIONS
            .iter()
            .map(|operation| (operation.method, operation.path))
            .collect();
        assert_eq!(
            names.len(),
            OPERATIONS.len(),
            "an operation is called by its name"
        );
        assert_eq!(calls.len(), OPERATIONS.len(), "one call is one operation");
    }

    #[test]
    fn what_stands_in_braces_is_given() {
        for operation in OPERATIONS.iter() {
            let braces: BTreeSet<&str> = operation
                .path
                .split('/')
                .filter_map(|part| part.strip_prefix('{')?.strip_suffix('}'))
                .collect();
            let given: BTreeSet<&str> = operation
                .parameters
                .iter()
                .filter(|parameter| parameter.place == Place::Path)
                .map(|parameter| parameter.name)
                .collect();
            assert_eq!(braces, given, "{}", operation.name);
        }
    }
}
