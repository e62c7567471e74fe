//! Messages with something to choose, in the four shapes that the gateway has for them.
//!
//! | Kind | words | choices |
//! |---|---|---|
//! | `interactive` | `header`, `body`, `footer`, each `{text}` | `action.buttons[]`, or `action.list{label, sections[].rows[]}` |
//! | `hsm` (a template) | `header{text}`, `body`, `footer` | `buttons[]` |
//! | `list` | `header`, `body`, `footer` | `label`, `sections[].rows[]` |
//! | `buttons`, and a text with some | `text` or `body`, `footer` | `buttons[]`, or `sections[].rows[]` under `button` |

use mostrador_domain::{Choice, Interactive, MessageBody};

use super::super::fields::Fields;

/// The message, if it has words or choices.
pub(super) fn read(content: Fields<'_>) -> Option<MessageBody> {
    let action = content.object("action");
    let list = action.and_then(|action| action.object("list"));
    let buttons = choices(action.unwrap_or(content), "buttons");
    let rows: Vec<Choice> = list
        .unwrap_or(content)
        .objects("sections")
        .flat_map(|section| choices(section, "rows"))
        .collect();
    let list_label = list
        .unwrap_or(content)
        .string("label")
        .or_else(|| content.string("button"))
        .filter(|_| !rows.is_empty());
    let read = Interactive {
        header: words(content, "header"),
        body: words(content, "body")
            .or_else(|| content.string("text"))
            .or_else(|| content.string("caption"))
            .unwrap_or_default(),
        footer: words(content, "footer"),
        list_label,
        choices: buttons.into_iter().chain(rows).collect(),
    };
    let says_something = !read.body.is_empty() || !read.choices.is_empty();
    says_something.then_some(MessageBody::Interactive(read))
}

/// `"x": "words"`, `"x": {"text": "words"}`, and a template's `"x": {"text": {"body": "words"}}`.
fn words(content: Fields<'_>, field: &str) -> Option<String> {
    content.string(field).or_else(|| {
        let inside = content.object(field)?;
        inside
            .string("text")
            .or_else(|| inside.object("text")?.string("body"))
    })
}

fn choices(within: Fields<'_>, field: &str) -> Vec<Choice> {
    within
        .objects(field)
        .filter_map(|choice| {
            Some(Choice {
                id: choice.string("id").unwrap_or_default(),
                title: choice.string("title").or_else(|| choice.string("text"))?,
                description: below(choice),
            })
        })
        .collect()
}

/// What stands below a choice: its own words, and where it leads, a page, a number or a code to copy, in words too.
fn below(choice: Fields<'_>) -> Option<String> {
    let leads = ["url", "phone_number", "copy_code"]
        .into_iter()
        .find_map(|field| choice.string(field));
    match (choice.string("description"), leads) {
        (Some(words), Some(leads)) => Some(format!("{words}\n{leads}")),
        (words, leads) => words.or(leads),
    }
}
