//! The columns of people's cells, and what texts call them.

use std::collections::HashSet;

use super::names::{folded, free, named};

/// By these a text means somebody's name, whatever its column is called: one word for each language of the window.
pub const OF_NAME: [&str; 3] = ["nombre", "nome", "name"];

/// The columns of people's cells.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Table {
    /// Their headings.
    pub headings: Vec<String>,
    /// Which of them holds the people's names, from 0, if one is known to.
    pub name: Option<usize>,
}

impl Table {
    /// Columns with these headings, of which none is known to hold names.
    pub fn of(headings: impl IntoIterator<Item = impl Into<String>>) -> Self {
        Self {
            headings: headings.into_iter().map(Into::into).collect(),
            name: None,
        }
    }

    /// The same columns, of which this one holds the names.
    #[must_use]
    pub fn with_name(self, name: Option<usize>) -> Self {
        let name = name.filter(|at| *at < self.headings.len());
        Self { name, ..self }
    }

    /// What texts call its columns, each in its turn: `Fecha de envío` is `fecha_de_envío`. Each is given once; a heading that is blank is
    /// `column_N`. If one column holds the names, no other has a word of [`OF_NAME`]: it gets a number, as the second of two alike does.
    pub fn variables(&self) -> Vec<String> {
        let mut taken = HashSet::new();
        let name = self.name.and_then(|at| Some((at, self.headings.get(at)?)));
        let name = name.map(|(at, heading)| {
            let own = named(heading, at + 1);
            taken.extend(OF_NAME.map(str::to_owned));
            taken.insert(folded(&own));
            (at, own)
        });
        let headings = self.headings.iter().enumerate();
        headings
            .map(|(at, heading)| match &name {
                Some((name, own)) if *name == at => own.clone(),
                _ => free(&named(heading, at + 1), &mut taken),
            })
            .collect()
    }

    /// The column that a text means by this. The one of the names has its own variable and those of [`OF_NAME`].
    pub fn column(&self, variable: &str) -> Option<usize> {
        self.place(&self.variables(), variable)
    }

    /// The same, with its variables at hand.
    pub(super) fn place(&self, variables: &[String], variable: &str) -> Option<usize> {
        let wanted = folded(variable);
        let own = variables.iter().position(|own| folded(own) == wanted);
        let means_name = || OF_NAME.contains(&wanted.as_str());
        own.or_else(|| self.name.filter(|at| *at < variables.len() && means_name()))
    }

    /// The name in these cells; `None` = no column holds any, or it is blank there.
    pub fn name_in<'c>(&self, cells: &'c [impl AsRef<str>]) -> Option<&'c str> {
        let cell = cells.get(self.name?)?.as_ref().trim();
        (!cell.is_empty()).then_some(cell)
    }
}
