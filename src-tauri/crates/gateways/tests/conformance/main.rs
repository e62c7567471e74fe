//! The conformance battery: what every driver has to keep, judged by a simulated WhatsApp that speaks its dialect.
//!
//! A check never believes the driver about an effect: what the customers got is in the sandbox's ledger. A new
//! driver is one more [`Dialect`](harness::Dialect) and one more line of `battery!`; a new rule is one more function
//! below `checks` and one more name in the list here.

#![allow(
    clippy::expect_used,
    clippy::panic,
    reason = "a check that finds what it must not ends with a panic"
)]

mod checks;
mod harness;
mod listener;
mod whapi_settings;

/// All checks for one dialect, each as a test of its own.
macro_rules! battery {
    ($name:ident, $dialect:expr) => {
        mod $name {
            crate::battery!(@tests $dialect;
                pairing: a_number_is_linked_by_scanning_the_code_on_show,
                pairing: a_code_that_was_not_scanned_is_followed_by_another,
                pairing: logging_out_unlinks_and_doing_it_again_is_success,
                pairing: a_number_unlinked_on_the_phone_cannot_send,
                sending: a_text_arrives_once_and_as_it_was_written,
                sending: a_picture_arrives_byte_for_byte_with_its_words,
                sending: each_send_is_a_message_of_its_own,
                sending: a_message_to_a_group_that_the_shop_is_not_in_is_refused,
                lists: pages_of_the_history_lose_nothing_while_messages_arrive,
                lists: the_history_of_a_chat_is_newest_first_and_can_be_cut_by_time,
                lists: a_chat_that_nobody_knows_has_no_messages,
                lists: pages_of_the_chats_lose_nothing,
                lists: a_customers_picture_can_be_fetched_within_the_limit,
                lists: marking_as_read_empties_the_unread_count,
                lists: the_status_of_a_message_can_be_looked_up,
                events: a_customers_message_is_heard,
                events: our_own_message_and_its_ticks_are_heard,
                events: linking_and_unlinking_are_heard,
                events: other_peoples_webhooks_are_kept_and_ours_is_replaced,
                faults: too_many_requests_means_not_sent_and_carries_the_delay,
                faults: a_server_error_leaves_it_unknown,
                faults: a_connection_cut_leaves_it_unknown_with_and_without_effect,
                faults: an_answer_that_cannot_be_read_leaves_it_unknown,
                faults: an_answer_too_late_leaves_it_unknown,
                faults: a_read_that_goes_wrong_is_never_an_empty_list,
                faults: a_wrong_token_is_told_by_every_facet,
                faults: a_gateway_that_is_down_has_certainly_done_nothing,
                secrets: nothing_that_is_printed_or_logged_holds_a_secret,
            );
        }
    };
    (@tests $dialect:expr; $($group:ident: $check:ident,)*) => {
        $(
            #[tokio::test]
            async fn $check() {
                crate::checks::$group::$check(&$dialect).await;
            }
        )*
    };
}
pub(crate) use battery;

battery!(whapi, crate::harness::WHAPI);
battery!(practice, crate::harness::PRACTICE);
