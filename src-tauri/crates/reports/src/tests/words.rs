//! The words.

use mostrador_campaigns::state::{RecipientState, SkipReason};
use mostrador_domain::FailureCode;

use crate::Language;
use crate::words::{Reasons, States};

#[test]
fn every_reason_of_the_program_has_words() {
    let known = SkipReason::ALL
        .iter()
        .map(|reason| reason.as_str())
        .chain(FailureCode::ALL.iter().map(|code| code.as_str()))
        .chain(["said_not_sent"]);
    let mut count = 0;
    for word in known {
        count += 1;
        for language in Language::ALL {
            assert!(
                language.words().reasons.of(word).is_some(),
                "{word} lacks words in {language:?}"
            );
        }
    }
    assert_eq!(count, Reasons::WORDS.len(), "no words for what there is not");
}

#[test]
fn every_state_has_words() {
    use mostrador_campaigns::state::FailReason;
    let states = [
        RecipientState::Pending,
        RecipientState::Queued,
        RecipientState::Uncertain,
        RecipientState::Sent,
        RecipientState::Delivered,
        RecipientState::Read,
        RecipientState::Replied,
        RecipientState::Failed(FailReason::SaidNotSent),
        RecipientState::Skipped(SkipReason::Duplicate),
        RecipientState::OptedOut,
    ];
    assert_eq!(
        states.map(RecipientState::as_str),
        *States::WORDS,
        "the states are those of a campaign"
    );
    let counted = crate::Counts::default().by_state().map(|(word, _)| word);
    assert_eq!(
        counted,
        *States::WORDS,
        "every state is counted, in the same order"
    );
}

#[test]
fn languages_differ_and_lack_nothing() {
    let said: Vec<String> = Language::ALL
        .iter()
        .map(|language| format!("{:?}", language.words()))
        .collect();
    for (language, text) in Language::ALL.iter().zip(&said) {
        assert!(!text.contains("\"\""), "something is empty in {language:?}");
    }
    let [es, pt_br, en] = Language::ALL.map(|language| language.words());
    for word in Reasons::WORDS {
        let [es, pt_br, en] = [es, pt_br, en].map(|words| words.reason(word));
        assert!(
            es != pt_br && pt_br != en && es != en,
            "{word} is said in three languages: {es}, {pt_br}, {en}"
        );
    }
}

#[test]
fn sheets_have_names_that_a_workbook_takes() {
    for language in Language::ALL {
        let sheets = &language.words().sheets;
        let names = [
            sheets.summary,
            sheets.people,
            sheets.hours,
            sheets.variants,
            sheets.reasons,
        ];
        for (place, name) in names.iter().enumerate() {
            assert!(
                name.chars().count() <= 31 && !name.contains(['[', ']', ':', '*', '?', '/', '\\']),
                "{name}"
            );
            assert!(
                !names[..place].contains(name),
                "{name} is there twice in {language:?}"
            );
        }
    }
}
