//! The list of persons, which comes all at once and is read in parts.
//!
//! A phone that is in large groups knows tens of thousands of people: megabytes, which are fetched once for a whole reading and not for
//! each of its parts. In between the list is kept by the link.

use std::sync::{Mutex, PoisonError};

use mostrador_domain::{AddressKind, Inbound};
use serde_json::Value;

use super::people;
use crate::Page;
use crate::fields::Fields;

/// The list of the reading that is under way, each person with all that is said of them. A reading begins with the first part, for which
/// the list is fetched; it is let go with the last one, or when another reading begins.
#[derive(Default)]
pub(crate) struct Persons(Mutex<Option<Vec<Vec<Inbound>>>>);

impl Persons {
    /// `count` persons from `offset` on of the list that is kept; `None` = it has to be fetched.
    pub(crate) fn page(&self, offset: u32, count: u32) -> Option<Page<Inbound>> {
        let kept = self.take().filter(|_| offset > 0)?;
        Some(self.handed_out(kept, offset, count))
    }

    /// The same of a list that came, which is kept from now on. It comes in any order, and groups stand among the persons.
    pub(crate) fn came(&self, all: &[Value], offset: u32, count: u32) -> Page<Inbound> {
        let mut persons: Vec<&Value> = all.iter().filter(|item| !is_group(item)).collect();
        // A list that had to be fetched again in the middle of a reading goes on where the other one stopped.
        persons.sort_by_cached_key(|item| {
            Fields::of(item)
                .and_then(people::address)
                .map(|one| one.as_str().to_owned())
        });
        let persons = persons.into_iter().map(people::contact).collect();
        self.handed_out(persons, offset, count)
    }

    /// A part that is not whole is the last one.
    fn handed_out(&self, persons: Vec<Vec<Inbound>>, offset: u32, count: u32) -> Page<Inbound> {
        let rest = persons.iter().skip(offset as usize);
        let wanted: Vec<_> = rest.take(count as usize).collect();
        let page = Page {
            covered: u32::try_from(wanted.len()).unwrap_or(u32::MAX),
            total: u32::try_from(persons.len()).ok(),
            items: wanted.into_iter().flatten().cloned().collect(),
        };
        let goes_on = page.covered == count;
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = goes_on.then_some(persons);
        page
    }

    fn take(&self) -> Option<Vec<Vec<Inbound>>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).take()
    }
}

fn is_group(item: &Value) -> bool {
    let item = Fields::of(item);
    let address = item.and_then(people::address);
    item.is_some_and(|item| item.flag("isGroup") == Some(true))
        || address.is_some_and(|address| address.kind() == AddressKind::Group)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn list(of: u64) -> Vec<Value> {
        (0..of)
            .rev()
            .map(|one| json!({ "remoteJid": format!("5190000{one:04}@s.whatsapp.net"), "pushName": "Ana" }))
            .collect()
    }

    fn read(persons: &Persons, all: &[Value], count: u32) -> (usize, Vec<Inbound>) {
        let (mut fetched, mut told, mut offset) = (0, Vec::new(), 0);
        loop {
            let page = persons.page(offset, count).unwrap_or_else(|| {
                fetched += 1;
                persons.came(all, offset, count)
            });
            offset += page.covered;
            told.extend(page.items);
            if page.covered < count {
                return (fetched, told);
            }
        }
    }

    #[test]
    fn a_list_is_fetched_once_for_a_whole_reading() {
        let persons = Persons::default();
        for of in [0, 1, 99, 100, 101, 250] {
            let all = list(of);
            let (fetched, told) = read(&persons, &all, 100);
            assert_eq!(fetched, 1, "{of} persons: whatever the number of parts");
            assert_eq!(told.len() as u64, of, "{of} persons: each once");
            assert!(persons.0.lock().expect("nobody fell").is_none(), "{of}: let go");
        }
    }

    #[test]
    fn a_reading_never_begins_with_what_was_kept_for_another() {
        let persons = Persons::default();
        persons.came(&list(250), 0, 100);
        assert!(persons.page(0, 100).is_none(), "it begins with what there is now");
        assert!(persons.page(100, 100).is_none(), "and the old list is gone");
        let rest = persons.came(&list(250), 100, 100);
        assert_eq!(rest.covered, 100, "one that was lost on the way is fetched again");
        assert_eq!(
            rest.items.first(),
            people::contact(&list(101)[0]).first(),
            "and goes on where the other one stopped"
        );
    }
}
