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
                pairing: a_number_is_linked_by_typing_a_code,
                pairing: a_passkey_is_an_answer_and_no_failure,
                sending: a_text_arrives_once_and_as_it_was_written,
                sending: a_picture_arrives_byte_for_byte_with_its_words,
                sending: each_send_is_a_message_of_its_own,
                sending: a_message_to_a_group_that_the_shop_is_not_in_is_refused,
                bodies: every_kind_that_is_offered_arrives_once,
                bodies: a_file_that_was_uploaded_is_sent_by_its_id,
                bodies: an_answer_names_the_message_that_it_answers,
                bodies: a_message_is_sent_on_and_each_time_it_is_another,
                bodies: a_story_is_published_and_reaches_who_may_see_it,
                actions: an_edit_gives_the_customer_other_words,
                actions: a_deletion_takes_the_message_back,
                actions: a_reaction_is_given_changed_and_taken_back,
                actions: stars_and_pins_are_set_and_taken_off,
                actions: nothing_is_done_to_a_message_that_is_not_there,
                actions: what_is_done_to_a_chat_shows_in_the_list,
                actions: messages_may_disappear_after_each_time_that_whatsapp_offers,
                actions: a_chat_that_was_deleted_is_gone_and_one_that_never_was_is_no_failure,
                people: pages_of_the_contacts_lose_nobody,
                people: a_person_is_known_or_not,
                people: numbers_are_on_whatsapp_or_not_and_none_is_written_to,
                people: hidden_numbers_are_told_in_pairs,
                people: groups_come_with_everybody_in_them,
                people: a_label_is_made_put_on_and_taken_off,
                people: the_profile_is_what_it_was_set_to,
                people: the_customer_sees_what_we_do,
                people: a_person_who_is_watched_is_heard_of,
                gateway: a_link_offers_what_its_capabilities_say,
                gateway: settings_hold_and_leave_the_rest_alone,
                gateway: the_plan_has_limits_or_says_that_it_has_none,
                gateway: a_webhook_can_be_tried_out,
                heard: what_a_customer_does_to_messages_is_heard,
                heard: a_vote_is_heard_in_words,
                heard: what_the_owner_does_on_the_phone_is_heard,
                heard: members_and_calls_are_heard,
                heard: a_hidden_number_stays_hidden,
                heard: the_list_tells_every_kind_as_its_event_does,
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
                strangers: a_wrong_token_is_told_wherever_one_asks,
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
