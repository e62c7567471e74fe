//! Which numbers are on WhatsApp: `[{jid, exists, number}]`.

use mostrador_domain::Address;
use serde_json::Value;

use crate::NumberVerdict;
use crate::fields::Fields;

/// Numbers to look up, as people write them.
pub(crate) struct Numbers(Vec<Option<String>>);

impl Numbers {
    /// Reads them. What is no number is not asked for.
    pub(crate) fn of(written: &[String]) -> Self {
        Self(written.iter().map(|number| digits(number)).collect())
    }

    /// What to ask for.
    pub(crate) fn asked(&self) -> Vec<&str> {
        self.0.iter().flatten().map(String::as_str).collect()
    }

    /// What was said of each.
    pub(crate) fn verdicts(&self, said: &[Value]) -> Vec<NumberVerdict> {
        let told: Vec<Fields<'_>> = said.iter().filter_map(Fields::of).collect();
        let verdicts = self.0.iter().map(|number| match number {
            Some(number) => verdict(number, &told),
            None => NumberVerdict::NotTold,
        });
        verdicts.collect()
    }
}

fn digits(number: &str) -> Option<String> {
    let address = Address::of_written_number(number)?;
    address.phone_digits().map(str::to_owned)
}

/// The answers come in any order, each with the number that it is about.
fn verdict(number: &str, told: &[Fields<'_>]) -> NumberVerdict {
    let about = |told: &&Fields<'_>| {
        let said = told.value("number").map(|number| match number {
            Value::String(text) => text.trim_start_matches('+').to_owned(),
            other => other.to_string(),
        });
        said.as_deref() == Some(number)
    };
    let Some(told) = told.iter().find(about) else {
        return NumberVerdict::NotTold;
    };
    match told.flag("exists").or_else(|| told.flag("isWhatsApp")) {
        Some(true) => NumberVerdict::OnWhatsApp(Address::parse(told.text("jid").unwrap_or(number))),
        Some(false) => NumberVerdict::NotOnWhatsApp,
        None => NumberVerdict::NotTold,
    }
}
