//! The words of a campaign: a text with `{{variables}}`, the same for all but for what stands in their rows.
//!
//! | Written | becomes |
//! |---|---|
//! | `{{nombre}}` | the cell of the column of the names, whatever its heading ([`Table`]), else of the column *Nombre* |
//! | `{{fecha_de_envio}}` | the cell of the column *Fecha de envío*; capitals, accents and blanks of a heading do not matter |
//! | `{{nombre \| default("amigo")}}` | the cell, or the fallback where it is blank |
//! | `{{nombre \| first \| title}}` | its first word, with a capital. Also `upper`, `lower`, `trim` |
//!
//! That is all. The template engine behind it (minijinja, strict, with no functions and these filters alone) knows more; what else
//! is written is refused before it gets there ([`template`]): no loops, no conditions, no includes, no arithmetic, nothing that
//! could grow. A cell is text and never a template.
//!
//! A blank cell without a fallback is an error of that row, and so is a text that is too long or empty: [`Bound::check`]
//! goes through all rows and names them. A variable that is no column is an error of the text, fallback or not.

mod check;
mod names;
mod table;
mod template;
mod variants;

use std::collections::BTreeMap;
use std::fmt;

use minijinja::syntax::SyntaxConfig;
use minijinja::{Environment, UndefinedBehavior, Value};
use serde::{Deserialize, Serialize};

pub use check::{Check, Rows, Unresolved};
pub use names::same_name;
pub use table::{OF_NAME, Table};
pub use template::{Fault, TemplateFault};
pub use variants::{MOST_VARIANTS, Variants, VariantsFault};

use template::Placeholder;

const NAME: &str = "text";

/// A text with variables, read and found good.
pub struct Wording {
    engine: Environment<'static>,
    placeholders: Vec<Placeholder>,
}

/// A text whose variables are tied to the columns of a table.
#[derive(Debug)]
pub struct Bound<'a> {
    wording: &'a Wording,
    /// For each placeholder, its column.
    columns: Vec<usize>,
    max_chars: usize,
}

/// Why a row has no text.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
#[serde(rename_all = "snake_case", tag = "code")]
pub enum RowFault {
    /// The cell is blank and there is no fallback.
    #[error("a variable without a value")]
    Unresolved {
        /// The variable, as the text writes it.
        variable: String,
    },
    /// More characters than the gateway takes.
    #[error("a text of {chars} characters")]
    TooLong {
        /// How many it would have.
        chars: usize,
    },
    /// Nothing is left to say.
    #[error("an empty text")]
    Empty,
    /// The engine refuses what was found good: a defect of ours.
    #[error("the text cannot be filled in")]
    Engine,
}

impl Wording {
    /// Reads a text.
    ///
    /// # Errors
    ///
    /// When it holds anything but words and variables, or too much of them.
    pub fn read(source: &str) -> Result<Self, TemplateFault> {
        let placeholders = template::scan(source)?;
        let engine = engine_with(source).map_err(|_| TemplateFault {
            at: 0,
            fault: Fault::NotUnderstood,
        })?;
        Ok(Self { engine, placeholders })
    }

    /// The variables that it names, each once, in their order.
    pub fn variables(&self) -> Vec<&str> {
        let mut names: Vec<&str> = Vec::new();
        for placeholder in &self.placeholders {
            if !names.iter().any(|name| same_name(name, &placeholder.name)) {
                names.push(&placeholder.name);
            }
        }
        names
    }

    /// Ties it to the columns of a table; a text may have `max_chars` (Unicode scalar values).
    ///
    /// # Errors
    ///
    /// The variables that are no columns.
    pub fn bind<'a>(&'a self, table: &Table, max_chars: usize) -> Result<Bound<'a>, Vec<String>> {
        let variables = table.variables();
        self.tie(|name| table.place(&variables, name), max_chars)
    }

    /// Ties it to cells; `column` says which of them is meant by a variable.
    fn tie(
        &self,
        column: impl Fn(&str) -> Option<usize>,
        max_chars: usize,
    ) -> Result<Bound<'_>, Vec<String>> {
        let unknown: Vec<_> = self
            .variables()
            .into_iter()
            .filter(|name| column(name).is_none())
            .map(str::to_owned)
            .collect();
        if !unknown.is_empty() {
            return Err(unknown);
        }
        let columns = self
            .placeholders
            .iter()
            .filter_map(|placeholder| column(&placeholder.name))
            .collect();
        Ok(Bound {
            wording: self,
            columns,
            max_chars,
        })
    }

    /// The text for nobody: a variable is its fallback, or else its own name. Beside it, the variables that have no value so, each
    /// once, in their order.
    ///
    /// # Errors
    ///
    /// When nothing is left to say, or too much.
    pub fn sample(&self, max_chars: usize) -> Result<(String, Vec<String>), RowFault> {
        let names = self.variables();
        let needs_value = |name: &&str| {
            let mut theirs = self.placeholders.iter();
            theirs.any(|one| !one.has_fallback && same_name(&one.name, name))
        };
        let row = names
            .iter()
            .map(|name| if needs_value(name) { *name } else { "" });
        let own = |name: &str| names.iter().position(|own| same_name(own, name));
        let bound = self.tie(own, max_chars).map_err(|_| RowFault::Engine)?;
        let text = bound.render(&row.collect::<Vec<_>>())?;
        let missing = names.iter().copied().filter(needs_value);
        Ok((text, missing.map(str::to_owned).collect()))
    }
}

impl Bound<'_> {
    /// The text for a row.
    ///
    /// # Errors
    ///
    /// When the row has no text; the first variable without a value is named.
    pub fn render(&self, row: &[impl AsRef<str>]) -> Result<String, RowFault> {
        let mut values = BTreeMap::new();
        for (placeholder, cell) in self.cells(row) {
            if let Some(value) = cell {
                values.insert(placeholder.name.as_str(), Value::from(value));
            } else if !placeholder.has_fallback {
                return Err(RowFault::Unresolved {
                    variable: placeholder.name.clone(),
                });
            }
        }
        let template = self
            .wording
            .engine
            .get_template(NAME)
            .map_err(|_| RowFault::Engine)?;
        let text = template
            .render(Value::from_pairs(values))
            .map_err(|_| RowFault::Engine)?;
        self.fits(text)
    }

    fn fits(&self, text: String) -> Result<String, RowFault> {
        let chars = text.chars().count();
        if chars > self.max_chars {
            return Err(RowFault::TooLong { chars });
        }
        if text.trim().is_empty() {
            return Err(RowFault::Empty);
        }
        Ok(text)
    }

    /// Each placeholder with what stands in its cell, if anything does.
    fn cells<'r>(
        &'r self,
        row: &'r [impl AsRef<str>],
    ) -> impl Iterator<Item = (&'r Placeholder, Option<&'r str>)> {
        let placeholders = self.wording.placeholders.iter().zip(&self.columns);
        placeholders.map(|(placeholder, column)| {
            let cell = row.get(*column).map(|cell| cell.as_ref().trim());
            (placeholder, cell.filter(|cell| !cell.is_empty()))
        })
    }
}

impl fmt::Debug for Wording {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Wording")
            .field("placeholders", &self.placeholders.len())
            .finish_non_exhaustive()
    }
}

fn engine_with(source: &str) -> Result<Environment<'static>, minijinja::Error> {
    let mut engine = Environment::empty();
    engine.set_syntax(SyntaxConfig::builder().keep_trailing_newline(true).build()?);
    engine.set_undefined_behavior(UndefinedBehavior::Strict);
    add_filters(&mut engine);
    engine.add_template_owned(NAME, source.to_owned())?;
    Ok(engine)
}

fn add_filters(engine: &mut Environment<'static>) {
    engine.add_filter("default", |value: Value, fallback: String| {
        match value.is_undefined() {
            true => Value::from(fallback),
            false => value,
        }
    });
    engine.add_filter("trim", of_text(|text| text.trim().to_owned()));
    engine.add_filter("upper", of_text(str::to_uppercase));
    engine.add_filter("lower", of_text(str::to_lowercase));
    engine.add_filter("title", of_text(names::titled));
    engine.add_filter(
        "first",
        of_text(|text| text.split_whitespace().next().unwrap_or_default().to_owned()),
    );
}

/// A filter of text. A blank cell stays one, so that a fallback may stand after it.
fn of_text(change: fn(&str) -> String) -> impl Fn(Value) -> Value {
    move |value: Value| value.as_str().map(change).map_or(Value::UNDEFINED, Value::from)
}

#[cfg(test)]
mod tests;
