//! The practice shop's own copies of the documentation beside our catalogues: two readings of the same facts, which name the same values.

use std::collections::BTreeSet;

use mostrador_gateways::catalogue::{self, Body, Catalogue, Place};

type Held = (&'static str, fn() -> &'static Catalogue, &'static str);

const ALL: [Held; 5] = [
    (
        "whapi",
        catalogue::whapi,
        include_str!("../../../sandbox/src/whapi/contract.tsv"),
    ),
    (
        "waconecta",
        catalogue::waconecta,
        include_str!("../../../sandbox/src/waconecta/contract.tsv"),
    ),
    (
        "api_engine",
        catalogue::whatsapp_api_engine,
        include_str!("../../../sandbox/src/api_engine/contract.tsv"),
    ),
    (
        "qr_buho",
        catalogue::qr_buho,
        include_str!("../../../sandbox/src/qr_buho/contract.tsv"),
    ),
    (
        "evolution",
        catalogue::evolution,
        include_str!("../../../sandbox/src/evolution/contract.tsv"),
    ),
];

/// One operation's values: of its query, of its body; with a mark those that must be given.
#[derive(Debug, Default, PartialEq, Eq)]
struct Values {
    query: BTreeSet<String>,
    body: BTreeSet<String>,
}

/// A path without the names in its braces.
fn bare(path: &str) -> String {
    let mut parts = path.split('{');
    let first = parts.next().unwrap_or_default().to_owned();
    parts.fold(first, |path, part| {
        path + "{}" + part.split_once('}').map_or("", |(_, rest)| rest)
    })
}

fn of_table(shape: &str) -> BTreeSet<String> {
    shape
        .split(';')
        .filter_map(|field| field.rsplit_once(':'))
        .map(|(name, _)| name.trim_end_matches(['!', '?']).to_owned())
        .collect()
}

fn of_catalogue(catalogue: &Catalogue, method: &str, path: &str) -> Option<Values> {
    let found = catalogue
        .endpoints
        .iter()
        .find(|one| one.method == method && bare(&one.path) == bare(path))?;
    let in_query = found.parameters.iter().filter(|one| one.place == Place::Query);
    Some(Values {
        query: in_query.map(|one| one.field.name.clone()).collect(),
        body: match &found.body {
            Some(Body::Json { fields, .. }) => fields.iter().map(|field| field.name.clone()).collect(),
            _ => BTreeSet::new(),
        },
    })
}

#[test]
fn the_practice_shop_and_the_catalogue_name_the_same_values_of_the_same_operations() {
    for (name, catalogue, table) in ALL {
        let mut seen = 0;
        for line in table.lines() {
            let columns: Vec<&str> = line.split('\t').collect();
            let (method, path) = (columns[0], columns[1]);
            // The practice shop's own, for what has no published path.
            if path.starts_with("/practice/") {
                continue;
            }
            let read = Values {
                query: of_table(columns[2]),
                body: of_table(columns.get(4).copied().unwrap_or_default()),
            };
            assert_eq!(
                of_catalogue(catalogue(), method, path),
                Some(read),
                "{name}: {method} {path}"
            );
            seen += 1;
        }
        let operations = catalogue().endpoints.iter().map(|one| (&one.method, &one.path));
        let operations: BTreeSet<_> = operations.collect();
        assert_eq!(seen, operations.len(), "{name}: none is missing");
    }
}
