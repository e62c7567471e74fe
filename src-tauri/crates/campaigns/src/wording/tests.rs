use proptest::prelude::*;

use super::*;

fn columns() -> Table {
    Table::of(["Nombre", "Ciudad", "Fecha de envío"])
}

fn rendered(source: &str, row: &[&str]) -> Result<String, RowFault> {
    let wording = Wording::read(source).expect("a good text");
    let bound = wording.bind(&columns(), 200).expect("known variables");
    bound.render(row)
}

fn text(source: &str, row: &[&str]) -> String {
    rendered(source, row).expect("a text")
}

#[test]
fn variables_become_what_stands_in_the_row() {
    let row = ["Rosa", "Cusco", "2 de mayo"];
    let cases = [
        (
            "Hola {{nombre}}, ¿cómo está {{ ciudad }}?",
            "Hola Rosa, ¿cómo está Cusco?",
        ),
        ("{{Nombre}} {{NOMBRE}}", "Rosa Rosa"),
        ("Llega el {{fecha_de_envio}}", "Llega el 2 de mayo"),
        ("Llega el {{Fecha_de_Envío}}", "Llega el 2 de mayo"),
        ("{{nombre|upper}} {{ nombre | lower }}", "ROSA rosa"),
        ("100 % {solo} hoy } {{nombre}}!\n", "100 % {solo} hoy } Rosa!\n"),
        ("{ {{nombre}} }", "{ Rosa }"),
        ("<b>{{nombre}}</b> & más", "<b>Rosa</b> & más"),
    ];
    for (source, expected) in cases {
        assert_eq!(text(source, &row), expected, "{source}");
    }
}

#[test]
fn a_fallback_stands_where_the_cell_is_blank() {
    let source = "Hola {{ nombre | default(\"amigo {{de}} la casa\") | title }}";
    assert_eq!(
        text(source, &["  ", "", ""]),
        "Hola Amigo {{de}} La Casa",
        "a blank cell"
    );
    assert_eq!(text(source, &["ANA MARÍA", "", ""]), "Hola Ana María", "a cell");
    assert_eq!(
        text("{{nombre|default('')}}.", &[]),
        ".",
        "a row that is too short is blank"
    );
    assert_eq!(
        text("{{nombre | first}}", &["  José Luis "]),
        "José",
        "the first word"
    );
}

#[test]
fn a_blank_cell_without_a_fallback_is_named() {
    let unresolved = RowFault::Unresolved {
        variable: "ciudad".into(),
    };
    assert_eq!(
        rendered("{{nombre}} {{ciudad}}", &["Rosa", "\u{a0}"]),
        Err(unresolved),
        "the variable is named"
    );
}

#[test]
fn a_cell_is_text_and_never_a_template() {
    for cell in [
        "{{ciudad}}",
        "{% for x in y %}",
        "{{ 7*7 }}",
        "=HYPERLINK(1)",
        "\\u0041",
        "\"}}",
    ] {
        assert_eq!(
            text("Hola {{nombre}}", &[cell]),
            format!("Hola {cell}"),
            "as it stands"
        );
    }
}

#[test]
fn what_is_not_a_variable_is_refused_with_its_place() {
    let cases = [
        ("", Fault::Empty, 0),
        (" \n ", Fault::Empty, 0),
        ("Hola {{nombre", Fault::Unclosed, 13),
        ("Hola {{", Fault::Unclosed, 7),
        ("{{}}", Fault::NotAName, 2),
        ("{{ 7*7 }}", Fault::NotAName, 3),
        ("{{ \"a\" * 1000000000 }}", Fault::NotAName, 3),
        ("{{- nombre }}", Fault::NotAName, 2),
        ("{{ [1,2] }}", Fault::NotAName, 3),
        ("{{ nombre * 1000000 }}", Fault::Trailing, 10),
        ("{{ nombre.__class__ }}", Fault::Trailing, 9),
        ("{{ nombre[0] }}", Fault::Trailing, 9),
        ("{{ range(1000000) }}", Fault::Trailing, 8),
        ("{{ nombre }", Fault::Unclosed, 11),
        ("{{ nombre if ciudad }}", Fault::Trailing, 10),
        ("{{ nombre ~ ciudad }}", Fault::Trailing, 10),
        ("{{ nombre\n}}", Fault::Trailing, 9),
        ("{{ nombre | replace(\"\", nombre) }}", Fault::UnknownFilter, 19),
        ("{{ nombre | center(100000000) }}", Fault::UnknownFilter, 18),
        ("{{ nombre | upper(1) }}", Fault::Trailing, 17),
        ("{{ nombre | default }}", Fault::BadFallback, 20),
        ("{{ nombre | default(ciudad) }}", Fault::BadFallback, 21),
        ("{{ nombre | default(\"a\\\"b\") }}", Fault::BadFallback, 23),
        ("{% for i in range(10) %}x{% endfor %}", Fault::Instruction, 0),
        ("a{% include \"/etc/passwd\" %}", Fault::Instruction, 1),
        ("{# nota #}Hola", Fault::Instruction, 0),
        ("{%", Fault::Instruction, 0),
    ];
    for (source, fault, at) in cases {
        let found = Wording::read(source).err();
        assert_eq!(found, Some(TemplateFault { at, fault }), "{source:?}");
    }
}

#[test]
fn a_text_has_its_limits() {
    let at_limit = |source: String| Wording::read(&source).err().map(|fault| fault.fault);
    assert_eq!(at_limit("a".repeat(65_537)), Some(Fault::TooLong), "characters");
    assert_eq!(
        at_limit("é".repeat(65_536)),
        None,
        "characters are counted, not bytes"
    );
    assert_eq!(
        at_limit("{{a}}".repeat(201)),
        Some(Fault::TooManyVariables),
        "variables"
    );
    assert_eq!(
        at_limit(format!("{{{{a{}}}}}", "|trim".repeat(13_000))),
        Some(Fault::TooManyFilters),
        "filters of one variable"
    );
    let all = "|trim|lower|upper|title|first|default('a')|trim|title";
    assert_eq!(at_limit(format!("{{{{a{all}}}}}")), None, "a few are fine");
    let long = "x".repeat(300);
    assert_eq!(
        rendered("{{nombre}}", &[&long]),
        Err(RowFault::TooLong { chars: 300 }),
        "of a row"
    );
    assert_eq!(
        rendered("{{nombre|default(' ')}}", &[""]),
        Err(RowFault::Empty),
        "nothing to say"
    );
}

#[test]
fn the_variables_of_a_text_are_named_once_and_unknown_ones_refused() {
    let wording =
        Wording::read("{{nombre}} {{Deuda}} {{NOMBRE}} {{deuda|default('0')}} {{año}}").expect("a good text");
    assert_eq!(wording.variables(), ["nombre", "Deuda", "año"], "each once");
    let unknown = wording.bind(&columns(), 100).expect_err("unknown variables");
    assert_eq!(unknown, ["Deuda", "año"], "a fallback does not make a column");
}

#[test]
fn headings_become_names_that_can_be_written() {
    let headings = [
        "Nombre",
        "Fecha de envío",
        "NOMBRE",
        "",
        "2º pago",
        "not",
        "  Año ",
        "N° (cel.)",
        "nombre_2",
    ];
    let table = Table::of(headings);
    let names = table.variables();
    let expected = [
        "nombre",
        "fecha_de_envío",
        "nombre_2",
        "column_4",
        "_2º_pago",
        "not_",
        "año",
        "n_cel",
        "nombre_2_2",
    ];
    assert_eq!(names, expected, "unique names");
    for name in &names {
        let wording = Wording::read(&format!("{{{{{name}}}}}")).expect("a name that can be written");
        let bound = wording.bind(&table, 100).expect("a column");
        let row: Vec<_> = names.iter().map(|name| format!("<{name}>")).collect();
        assert_eq!(
            bound.render(&row),
            Ok(format!("<{name}>")),
            "{name} is its own column"
        );
    }
}

#[test]
fn a_check_names_the_rows() {
    let wording = Wording::read("{{nombre}} de {{ciudad}} {{nombre}}").expect("a good text");
    let bound = wording.bind(&columns(), 30).expect("columns");
    let long = "x".repeat(40);
    let rows = [
        ["Rosa", "Cusco"],
        ["", ""],
        ["Luis", " "],
        [long.as_str(), "Lima"],
    ];
    let check = bound.check(rows);
    let rows = |first: &[usize]| Rows {
        count: first.len(),
        first: first.to_vec(),
    };
    assert_eq!(check.good, 1, "one row has a text");
    assert_eq!(check.rows_unresolved, 2, "two rows lack something");
    let nombre = Unresolved {
        variable: "nombre".into(),
        rows: rows(&[1]),
    };
    let ciudad = Unresolved {
        variable: "ciudad".into(),
        rows: rows(&[1, 2]),
    };
    assert_eq!(check.unresolved, [nombre, ciudad], "named with their rows");
    assert_eq!(check.too_long, rows(&[3]), "too long");
    assert!(!check.is_good(), "no launch");
    let many = bound.check((0..1_000).map(|_| [""; 2]));
    assert_eq!(
        (many.unresolved[0].rows.count, many.unresolved[0].rows.first.len()),
        (1_000, Rows::NAMED),
        "counted"
    );
}

#[test]
fn shares_are_a_hundred_together() {
    let cases: [(&[u8], Option<VariantsFault>); 6] = [
        (&[], Some(VariantsFault::None)),
        (&[20; 5], None),
        (&[16, 16, 17, 17, 17, 17], Some(VariantsFault::TooMany)),
        (&[100, 0], Some(VariantsFault::ForNobody)),
        (&[50, 49], Some(VariantsFault::NotAHundred)),
        (&[255, 101], Some(VariantsFault::NotAHundred)),
    ];
    for (shares, fault) in cases {
        assert_eq!(Variants::with_shares(shares).err(), fault, "{shares:?}");
    }
}

#[test]
fn who_gets_which_text_is_the_same_for_ever_and_as_the_shares_say() {
    let variants = Variants::with_shares(&[50, 30, 20]).expect("shares");
    let picks: Vec<_> = (0..12)
        .map(|number| variants.pick("campaign-1", &number.to_string()))
        .collect();
    assert_eq!(picks, PICKED, "stored campaigns rely on this");
    let mut counts = [0_u32; 3];
    for number in 0..20_000 {
        counts[variants.pick("campaign-2", &number.to_string())] += 1;
    }
    for (count, expected) in counts.iter().zip([10_000_u32, 6_000, 4_000]) {
        assert!(count.abs_diff(expected) < 300, "{counts:?}");
    }
    assert!(
        (0..100).all(|number| Variants::one().pick("x", &number.to_string()) == 0),
        "one text for all"
    );
}

const PICKED: [usize; 12] = [1, 1, 0, 0, 0, 2, 0, 1, 0, 0, 1, 1];

proptest! {
    #[test]
    fn any_text_is_refused_or_says_what_it_says(source in "[a{}%#|()\"' \\n_ñ\\\\.*-]{0,40}|.{0,60}") {
        let Ok(wording) = Wording::read(&source) else { return Ok(()) };
        let columns = wording.variables();
        let own = |name: &str| columns.iter().position(|own| same_name(own, name));
        let bound = wording.tie(own, 1_000).expect("its own variables");
        let row = vec!["V"; columns.len()];
        prop_assert_ne!(bound.render(&row), Err(RowFault::Engine), "what is found good can be filled in");
        if columns.is_empty() {
            prop_assert_eq!(bound.render(&row), Ok(source.clone()), "without variables the text is itself");
        }
    }

    #[test]
    fn any_cell_comes_out_as_it_stands(cell in "\\PC{1,50}") {
        prop_assume!(!cell.trim().is_empty());
        prop_assert_eq!(rendered("<{{nombre}}>", &[&cell]), Ok(format!("<{}>", cell.trim())));
    }

    #[test]
    fn any_headings_give_names_that_can_be_written(
        headings in prop::collection::vec(heading(), 1..8),
        name in prop::option::of(0..10_usize),
    ) {
        let table = Table::of(&headings).with_name(name);
        let row: Vec<String> = (0..headings.len()).map(|at| format!("cell {at}")).collect();
        for (at, variable) in table.variables().iter().enumerate() {
            let wording = Wording::read(&format!("{{{{{variable}}}}}"));
            prop_assert!(wording.is_ok(), "{:?} is a name", variable);
            let wording = wording.expect("a name");
            let bound = wording.bind(&table, 100).expect("a column");
            prop_assert_eq!(bound.render(&row), Ok(format!("cell {at}")), "{:?} is its own column", variable);
        }
        for word in OF_NAME {
            let meant = table.column(word);
            prop_assert!(table.name.is_none() || meant == table.name, "{} is the name: {:?}", word, table);
        }
    }
}

/// A heading, often one of those that mean the name, or two alike.
fn heading() -> impl Strategy<Value = String> {
    prop_oneof![
        ".{0,20}".boxed(),
        prop::sample::select(vec![
            "", "Nombre", "NAME", "Nome 2", "nombre_2", "Cliente", "Nombre"
        ])
        .prop_map(str::to_owned)
        .boxed(),
    ]
}

#[test]
fn the_name_is_whatever_column_was_said_to_hold_it_in_any_language() {
    let say = |table: &Table, source: &str, row: &[&str]| {
        let wording = Wording::read(source).expect("a good text");
        wording.bind(table, 100).map(|bound| bound.render(row))
    };
    let table = Table::of(["Código", "Quién"]);
    let row = ["7", "rosa paredes"];
    assert_eq!(
        say(&table, "{{nombre}}", &row),
        Err(vec!["nombre".to_owned()]),
        "no column was said to hold names"
    );

    let table = table.with_name(Some(1));
    for word in ["nombre", "Nome", "NAME", "quien"] {
        let source = format!("Hola {{{{{word} | first | title}}}}");
        assert_eq!(
            say(&table, &source, &row),
            Ok(Ok("Hola Rosa".to_owned())),
            "{word}: by any of its names"
        );
    }
    assert_eq!(
        say(&table, "Hola {{nombre | default(\"vecina\")}}", &["8", " "]),
        Ok(Ok("Hola vecina".to_owned())),
        "the fallback stands in for a blank name"
    );
    assert_eq!(
        (
            table.name_in(&row),
            table.name_in(&["8", " "]),
            table.name_in(&["9"])
        ),
        (Some("rosa paredes"), None, None),
        "what somebody is called by the list"
    );
}

#[test]
fn another_column_called_nombre_gives_way_to_the_one_that_holds_the_names() {
    let table = Table::of(["Nombre", "Cliente", "Nombre", ""]);
    let variables = |name: Option<usize>| table.clone().with_name(name).variables();
    assert_eq!(
        variables(None),
        ["nombre", "cliente", "nombre_2", "column_4"],
        "each by its heading"
    );
    let named = table.clone().with_name(Some(1));
    assert_eq!(
        named.variables(),
        ["nombre_2", "cliente", "nombre_3", "column_4"],
        "the others get numbers"
    );
    assert_eq!(named.column("nombre"), Some(1), "the one that was said");
    assert_eq!(
        variables(Some(0)),
        ["nombre", "cliente", "nombre_2", "column_4"],
        "it has the word itself"
    );
    let blank = table.clone().with_name(Some(3));
    assert_eq!(blank.column("nombre"), Some(3), "a column without a heading");
    assert_eq!(table.with_name(Some(4)).name, None, "there is no such column");
}

#[test]
fn a_sample_shows_fallbacks_and_else_the_names_and_says_which_have_no_value() {
    let sample = |source: &str| Wording::read(source).expect("a good text").sample(60);
    let (text, missing) =
        sample("Hola {{nombre | default('amiga')}} de {{Ciudad}}: {{ ciudad|upper }}").expect("a text");
    assert_eq!(
        text, "Hola amiga de Ciudad: CIUDAD",
        "the fallback; else the name"
    );
    assert_eq!(missing, ["Ciudad"], "once, and not the one with a fallback");
    assert_eq!(
        sample("Abrimos a las 9"),
        Ok(("Abrimos a las 9".to_owned(), vec![])),
        "nothing to fill in"
    );
    assert_eq!(
        sample("{{nombre | default('')}}"),
        Err(RowFault::Empty),
        "nothing left to say"
    );
    let long = "x".repeat(60) + "{{nombre}}";
    assert_eq!(
        sample(&long),
        Err(RowFault::TooLong { chars: 66 }),
        "a text's limit holds"
    );
}
