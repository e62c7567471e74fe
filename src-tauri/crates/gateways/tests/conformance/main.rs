//! The conformance battery: what every driver has to keep, judged by a simulated WhatsApp that speaks its dialect.
//!
//! A check never believes the driver about an effect: what the customers got is in the sandbox's ledger. A new
//! driver is one more [`Dialect`](harness::Dialect), with its line in [`DIALECTS`] and one of `battery!`; a new rule is one
//! more function below `checks`, and its name in the list here with what it needs.
//!
//! A dialect is not held to what it does not offer; the reason is printed, and stands in the table of `docs/gateways.md`.

#![allow(
    clippy::expect_used,
    clippy::panic,
    reason = "a check that finds what it must not ends with a panic"
)]

mod checks;
mod harness;
mod listener;
mod needs;
mod table;
mod whapi_settings;

use harness::{
    API_ENGINE, Dialect, EVOLUTION, QR_BUHO, QR_BUHO_INTERMEDIATE, QR_BUHO_QRAPI2, WACONECTA, WHAPI,
};
use needs::Need;

/// The dialects, in the table's order.
const DIALECTS: &[&Dialect] = &[
    &WHAPI,
    &WACONECTA,
    &API_ENGINE,
    &QR_BUHO,
    &QR_BUHO_INTERMEDIATE,
    &QR_BUHO_QRAPI2,
    &EVOLUTION,
];

/// Hands the list of all checks, each with what it needs, to a macro.
macro_rules! with_checks {
    ($then:ident $($more:tt)*) => {
        $then! { $($more)*
            pairing: a_number_is_linked_by_scanning_the_code_on_show, Qr;
            pairing: a_code_that_was_not_scanned_is_followed_by_another, Qr;
            pairing: logging_out_unlinks_and_doing_it_again_is_success, Logout;
            pairing: a_number_unlinked_on_the_phone_cannot_send, Text;
            pairing: a_number_is_linked_by_typing_a_code, TypedCode;
            pairing: a_passkey_is_an_answer_and_no_failure, Passkey;
            sending: a_text_arrives_once_and_as_it_was_written, Text;
            sending: a_picture_arrives_byte_for_byte_with_its_words, Image;
            sending: each_send_is_a_message_of_its_own, Text;
            sending: a_message_to_a_group_that_the_shop_is_not_in_is_refused, Text;
            bodies: every_kind_that_is_offered_arrives_once, Nothing;
            bodies: words_beside_a_file_arrive_or_it_is_refused, Nothing;
            bodies: each_kind_answers_and_names_as_is_said_or_is_refused, Nothing;
            bodies: a_file_that_was_uploaded_is_sent_by_its_id, Uploads;
            bodies: an_answer_names_the_message_that_it_answers, Quotes;
            bodies: a_message_is_sent_on_and_each_time_it_is_another, Forwards;
            bodies: a_story_is_published_and_reaches_who_may_see_it, Stories;
            actions: an_edit_gives_the_customer_other_words, Edits;
            actions: a_deletion_takes_the_message_back, Deletions;
            actions: a_reaction_is_given_changed_and_taken_back, Reactions;
            actions: stars_and_pins_are_set_and_taken_off, StarsAndPins;
            actions: nothing_is_done_to_a_message_that_is_not_there, AnyAction;
            actions: what_is_done_to_a_chat_shows_in_the_list, ChatMarks;
            actions: messages_may_disappear_after_each_time_that_whatsapp_offers, Disappearing;
            actions: a_chat_that_was_deleted_is_gone_and_one_that_never_was_is_no_failure, ChatDeletion;
            people: pages_of_the_contacts_lose_nobody, ContactList;
            people: saved_is_whom_the_phone_has_saved_and_nobody_else, SavedContacts;
            people: a_person_is_known_or_not, ContactList;
            people: numbers_are_on_whatsapp_or_not_and_none_is_written_to, NumberCheck;
            people: groups_come_with_everybody_in_them, Groups;
            people: a_label_is_made_put_on_and_taken_off, Labels;
            people: the_phones_labels_are_listed_put_on_and_taken_off, LabelsPut;
            people: who_is_blocked_does_not_get_through_until_let_in_again, Blocks;
            people: the_profile_is_what_it_was_set_to, Profile;
            people: the_customer_sees_what_we_do, Typing;
            people: whether_we_are_here_is_set, Presence;
            people: a_person_who_is_watched_is_heard_of, Presence;
            people: nobody_is_said_to_be_missing_while_no_number_is_linked, NumberCheck;
            gateway: a_link_offers_what_its_capabilities_say, Nothing;
            gateway: settings_hold_and_leave_the_rest_alone, Settings;
            gateway: the_plan_has_limits_or_says_that_it_has_none, Limits;
            gateway: a_webhook_can_be_tried_out, TriedOut;
            heard: what_a_customer_does_to_messages_is_heard, ToldEverything;
            heard: a_vote_is_heard_in_words, ToldVotes;
            heard: what_the_owner_does_on_the_phone_is_heard, ToldEverything;
            heard: members_and_calls_are_heard, ToldEverything;
            heard: a_hidden_number_stays_hidden, ToldEverything;
            heard: the_list_tells_every_kind_as_its_event_does, HistoryAndToldEverything;
            lists: pages_of_the_history_lose_nothing_while_messages_arrive, History;
            lists: the_history_of_a_chat_is_newest_first_and_can_be_cut_by_time, History;
            lists: a_chat_that_nobody_knows_has_no_messages, History;
            lists: pages_of_the_chats_lose_nothing, ChatList;
            lists: a_customers_picture_can_be_fetched_within_the_limit, Pictures;
            lists: marking_as_read_empties_the_unread_count, ReadState;
            events: a_customers_message_is_heard, Calls;
            events: our_own_message_and_its_ticks_are_heard, ToldEverything;
            events: receipts_that_come_out_of_order_are_each_heard, ToldEverything;
            events: linking_and_unlinking_are_heard, Calls;
            events: other_peoples_webhooks_are_kept_and_ours_is_replaced, CallsSeveral;
            events: an_address_of_somebody_else_is_not_taken_from_them, CallsOne;
            events: an_address_of_ours_is_replaced_wherever_it_was_and_the_one_that_is_kept_stays, Calls;
            events: a_call_that_comes_twice_is_one_message, Calls;
            events: a_call_that_was_tampered_with_is_not_genuine, Signs;
            events: a_gateway_that_was_started_anew_is_told_again_where_to_call, Calls;
            faults: too_many_requests_means_not_sent_and_carries_the_delay, Text;
            faults: a_server_error_leaves_it_unknown, Text;
            faults: a_connection_cut_leaves_it_unknown_with_and_without_effect, Text;
            faults: an_answer_that_cannot_be_read_leaves_it_unknown, Text;
            faults: an_answer_too_late_leaves_it_unknown, Text;
            faults: a_gateway_that_says_nothing_is_told_as_that, Nothing;
            faults: a_read_that_goes_wrong_is_never_an_empty_list, Nothing;
            faults: a_wrong_token_is_told_by_every_facet, Nothing;
            faults: a_gateway_that_is_down_has_certainly_done_nothing, Text;
            faults: a_server_error_after_the_effect_leaves_it_unknown, Text;
            strangers: a_wrong_token_is_told_wherever_one_asks, Nothing;
            secrets: nothing_that_is_printed_or_logged_holds_a_secret, Nothing;
        }
    };
}

/// All checks for one dialect, each as a test of its own.
macro_rules! tests {
    ($dialect:path; $($group:ident: $check:ident, $need:ident;)*) => {
        $(
            #[tokio::test]
            async fn $check() {
                match crate::Need::$need.missing(&$dialect) {
                    None => crate::checks::$group::$check(&$dialect).await,
                    Some(reason) => println!("not offered: {reason}"),
                }
            }
        )*
    };
}

macro_rules! list {
    ($($group:ident: $check:ident, $need:ident;)*) => {
        vec![$((stringify!($group), stringify!($check), Need::$need)),*]
    };
}

/// All checks: group, name, need.
fn checks_list() -> Vec<(&'static str, &'static str, Need)> {
    with_checks!(list)
}

mod whapi {
    with_checks!(tests crate::WHAPI;);
}
mod waconecta {
    with_checks!(tests crate::WACONECTA;);
}
mod api_engine {
    with_checks!(tests crate::API_ENGINE;);
}
mod qr_buho {
    with_checks!(tests crate::QR_BUHO;);
}
mod qr_buho_intermediate {
    with_checks!(tests crate::QR_BUHO_INTERMEDIATE;);
}
mod qr_buho_qrapi2 {
    with_checks!(tests crate::QR_BUHO_QRAPI2;);
}
mod evolution {
    with_checks!(tests crate::EVOLUTION;);
}
