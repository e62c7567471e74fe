//! How SQLite answers the hot queries: none may read a big table from end to end, none of the lists may be sorted anew.

use mostrador_domain::{ChatId, DeviceId, LabelId, Triage, UnixMillis};
use rusqlite::Connection;

use crate::tables::campaign::{self, audience, follow, opt_out};
use crate::tables::chat::{Cursor, Filter};
use crate::tables::{
    block, call, change, chat, group, media, message, outbox, person, receipt, retention, search,
};

/// The lines of SQLite's plan for `sql`.
fn plan(sql: &str) -> String {
    let mut memory = Connection::open_in_memory().expect("memory");
    crate::migrations::migrate(&mut memory).expect("migrations");
    let mut statement = memory
        .prepare(&format!("EXPLAIN QUERY PLAN {sql}"))
        .expect("the query is valid");
    let unbound = vec![rusqlite::types::Null; statement.parameter_count()];
    let lines = statement
        .query_map(rusqlite::params_from_iter(unbound), |row| row.get::<_, String>(3))
        .expect("a plan");
    lines
        .map(|line| line.expect("line"))
        .collect::<Vec<_>>()
        .join("\n")
}

fn assert_no_scan(what: &str, plan: &str) {
    let scans = plan
        .lines()
        .filter(|line| line.contains("SCAN") && !line.contains("CONSTANT ROW"))
        .count();
    assert_eq!(scans, 0, "{what}: no table may be scanned:\n{plan}");
}

fn assert_no_sort(what: &str, plan: &str) {
    assert!(
        !plan.contains("TEMP B-TREE"),
        "{what}: nothing may be sorted:\n{plan}"
    );
}

#[test]
fn each_filter_of_the_chat_list_is_read_in_order_from_its_own_index() {
    let after = Cursor {
        pinned: false,
        last_at: UnixMillis(5),
        id: ChatId(5),
    };
    let all = Filter::default();
    for (index, filter) in [
        ("chat_in_order", all),
        (
            "chat_in_order",
            Filter {
                archived: true,
                ..all
            },
        ),
        ("chat_unread", Filter { unread: true, ..all }),
        ("chat_groups", Filter { groups: true, ..all }),
        (
            "chat_of_device",
            Filter {
                device: Some(DeviceId(1)),
                ..all
            },
        ),
        (
            "chat_triage",
            Filter {
                triage: Some(Triage::Waiting),
                ..all
            },
        ),
        (
            "chat_label_in_order",
            Filter {
                label: Some(LabelId(1)),
                unread: true,
                ..all
            },
        ),
    ] {
        for after in [None, Some(after)] {
            let plan = plan(&chat::page_query(filter, after, 50).0);
            assert_no_scan(index, &plan);
            assert_no_sort(index, &plan);
            let seek = if after.is_some() {
                "(pinned,last_at"
            } else {
                "archived=?"
            };
            let line = plan
                .lines()
                .find(|line| line.contains(&format!("INDEX {index} ")))
                .unwrap_or_default();
            assert!(
                line.contains(seek),
                "{index}: found at once, not looked for:\n{plan}"
            );
        }
    }
}

#[test]
fn whoever_waits_longest_is_found_at_once() {
    let filter = Filter {
        unanswered: true,
        ..Filter::default()
    };
    let labelled = Filter {
        label: Some(LabelId(1)),
        device: Some(DeviceId(1)),
        ..filter
    };
    let after = Cursor {
        pinned: false,
        last_at: UnixMillis(5),
        id: ChatId(5),
    };
    for filter in [filter, labelled] {
        for (after, bound) in [
            (None, "waiting_since IS NOT NULL"),
            (Some(after), "waiting_since >= ?"),
        ] {
            let (sql, _) = chat::page_query(filter, after, 50);
            let bounds = ["waiting_since IS NOT NULL", "waiting_since >= ?"].map(|one| sql.contains(one));
            assert_eq!(bounds, [after.is_none(), after.is_some()], "one to begin at");
            let plan = plan(&sql);
            assert_no_scan(bound, &plan);
            assert_no_sort(bound, &plan);
            assert!(
                plan.contains("chat_waiting (archived=? AND waiting_since>?)"),
                "{bound}: found at once, not looked for:\n{plan}"
            );
        }
    }
}

#[test]
fn since_when_somebody_waits_is_seen_at_the_end_of_their_chat() {
    let plan = plan(&chat::waits_since_query());
    assert_no_sort("waits", &plan);
    let seeks = plan.matches("message_in_order (chat_id=? AND at>?)").count();
    assert_eq!(seeks, 2, "for our answer, and for what came after it:\n{plan}");
    // What was found is one row.
    let scans: Vec<&str> = plan.lines().filter(|line| line.contains("SCAN")).collect();
    assert!(
        scans.iter().all(|line| line.contains("SCAN n")),
        "no table:\n{plan}"
    );
}

#[test]
fn what_is_counted_waits_or_sleeps_is_found_by_index() {
    for (index, sql) in [
        ("COVERING INDEX chat_unread", chat::unread_count_query()),
        ("chat_snoozed", chat::WAKE.to_owned()),
        ("chat_wish_to_tell", chat::NEXT_WISH.to_owned()),
        ("call_in_order", call::PAGE.to_owned()),
        ("call_unseen", call::UNSEEN.to_owned()),
    ] {
        let plan = plan(&sql);
        assert_no_scan(index, &plan);
        assert!(
            plan.contains(index),
            "{index}: the others are not looked at:\n{plan}"
        );
    }
}

#[test]
fn a_conversation_is_read_in_order_from_its_index() {
    let after = self::plan(&message::page_after_query());
    assert_no_scan("page after", &after);
    assert_no_sort("page after", &after);
    let plan = plan(&message::page_query());
    assert_no_scan("conversation", &plan);
    assert_no_sort("conversation", &plan);
    assert!(plan.contains("message_in_order"), "by chat and time:\n{plan}");
}

#[test]
fn what_a_persons_panel_asks_is_found_by_index() {
    for which in [message::Files::Pictures, message::Files::Documents] {
        let plan = plan(&message::files_query(which));
        assert_no_scan("files", &plan);
        assert_no_sort("files", &plan);
        assert!(
            plan.contains("message_files"),
            "only messages with files:\n{plan}"
        );
    }
    let plan = plan(group::WITH);
    assert_no_scan("groups in common", &plan);
    assert!(plan.contains("group_member_of"), "not member by member:\n{plan}");
}

#[test]
fn starred_and_pinned_messages_are_read_in_order_from_their_indexes() {
    for (sql, index) in [
        (message::starred_query(), "message_starred"),
        (message::pinned_query(), "message_pinned"),
    ] {
        let plan = plan(&sql);
        assert_no_scan(index, &plan);
        assert_no_sort(index, &plan);
        assert!(
            plan.contains(index),
            "only what bears the mark is looked at:\n{plan}"
        );
    }
}

#[test]
fn the_message_of_a_change_is_found_by_its_id() {
    let plan_of = plan(change::IN_ANY_CHAT);
    assert_no_scan("a change that names no chat", &plan_of);
    assert!(
        plan_of.contains("message_gateway_id"),
        "each chat is asked by index:\n{plan_of}"
    );
    let plan_of = plan(change::ANY);
    assert_no_scan("what is parked", &plan_of);
    assert!(
        plan_of.contains("change_parked_once"),
        "by the message's id:\n{plan_of}"
    );
}

#[test]
fn a_claim_looks_at_what_is_open_only() {
    for (what, sql) in [
        ("claim", outbox::next_query()),
        ("next due", outbox::next_due_query()),
    ] {
        let plan = plan(&sql);
        assert_no_scan(what, &plan);
        assert_no_sort(what, &plan);
        assert!(
            plan.contains("outbox_open (device_id=? AND state=?"),
            "{what}: done rows are left out:\n{plan}"
        );
        assert!(
            plan.contains("outbox_in_chat (chat_id=? AND state=?"),
            "{what}: of one chat only:\n{plan}"
        );
    }
}

#[test]
fn a_person_and_the_address_book_are_read_by_index() {
    let linked = plan(person::LINKED);
    assert_no_scan("addresses of a person", &linked);
    let page = plan(person::CONTACTS);
    assert_no_scan("address book", &page);
    assert_no_sort("address book", &page);
    assert!(page.contains("contact_by_name"), "by name:\n{page}");
}

#[test]
fn what_is_held_or_waits_for_its_echo_is_found_by_index() {
    for (what, sql) in [("held", outbox::HELD), ("waiting", outbox::WAITING)] {
        let plan = plan(sql);
        assert!(
            !plan.contains("SCAN outbox"),
            "{what}: what is done is not looked at:\n{plan}"
        );
    }
}

#[test]
fn the_message_of_a_receipt_is_found_by_its_id() {
    let plan = plan(receipt::FIND);
    assert_no_scan("receipt", &plan);
    assert!(
        plan.contains("message_awaits_receipt"),
        "by the gateway's id:\n{plan}"
    );
    let plan = self::plan(&receipt::find_in_lately());
    assert!(
        plan.contains("message_gateway_id") && plan.matches("chat_of_device").count() == 4,
        "in few chats, by the id in each:\n{plan}"
    );
}

#[test]
fn the_members_of_a_receipt_are_read_by_their_message() {
    let plan = plan(receipt::MEMBERS);
    assert_no_scan("who received and read it", &plan);
    assert_no_sort("who received and read it", &plan);
}

#[test]
fn hits_are_read_from_the_index_in_its_order() {
    for in_chat in [false, true] {
        for sql in [search::numbers_query(in_chat), search::messages_query(in_chat)] {
            let plan = plan(&sql);
            assert_no_sort("search", &plan);
            assert!(
                plan.contains("VIRTUAL TABLE INDEX") && !plan.contains("SCAN m\n"),
                "by the index alone:\n{plan}"
            );
        }
    }
}

#[test]
fn what_may_go_is_found_without_reading_what_stays() {
    for (index, sql) in [
        ("message_in_order", retention::OLD.to_owned()),
        ("message_in_order", retention::NEXT_CHAT.to_owned()),
        ("outbox_to_forget", retention::FORGET.to_owned()),
        ("message_media", media::orphans_query()),
    ] {
        let plan = plan(&sql);
        assert_no_scan(index, &plan);
        assert_no_sort(index, &plan);
        assert!(plan.contains(index), "{index}:\n{plan}");
    }
    let last = plan(retention::LAST_WRITTEN);
    assert!(
        last.contains("SEARCH m USING INDEX message_in_order") && !last.contains("TEMP B-TREE"),
        "each chat is looked at from its end:\n{last}"
    );
    let plan = plan(media::UNKNOWN);
    assert!(plan.contains("media_by_hash"), "each hash is looked up:\n{plan}");
}

#[test]
fn the_next_picture_to_fetch_is_found_among_those_to_fetch() {
    let plan = plan(&media::remote_query());
    assert_no_scan("pictures", &plan);
    assert_no_sort("pictures", &plan);
    assert!(
        plan.contains("media_remote"),
        "what is here is not looked at:\n{plan}"
    );
}

#[test]
fn what_a_number_sent_lately_is_counted_from_the_newest_end_of_its_chats() {
    let plan = plan(super::usage::SENT);
    assert_no_scan("messages sent lately", &plan);
    assert!(plan.contains("message_in_order"), "by chat and time:\n{plan}");
}

#[test]
fn what_is_removed_in_portions_is_found_by_an_index() {
    for sql in crate::tables::leftover::OF_CHAT.into_iter().chain([
        chat::PORTION,
        media::OLDEST,
        audience::PORTION,
        campaign::SKIPPED,
    ]) {
        let plan = plan(sql);
        let big = [
            "SCAN message",
            "SCAN m ",
            "SCAN outbox",
            "SCAN call",
            "SCAN recipient",
            "TEMP B-TREE",
        ];
        assert!(
            big.iter().all(|scan| !plan.contains(scan)),
            "each portion must cost the same:\n{plan}"
        );
    }
}

#[test]
fn what_a_campaign_asks_at_each_turn_is_found_by_index() {
    for (index, sql) in [
        ("recipient_by_state", campaign::NEXT),
        ("recipient_by_state", campaign::QUEUED),
        ("recipient_by_state", campaign::ASTRAY),
        ("recipient_by_state", campaign::PAGE),
        ("recipient_queued", campaign::NEWEST),
        ("recipient_in_turn", campaign::IN_DOUBT),
        ("recipient_in_turn", campaign::NEWEST_TURN),
        ("recipient_once", campaign::REACHED),
        ("recipient_of_person", campaign::MEANWHILE),
        ("recipient_of_chat", follow::ANSWERED_A_NEWER),
        ("message_gateway_id", follow::QUOTED),
        ("recipient_of_reply", follow::TAKEN),
        ("message_in_order", follow::ANSWERED),
        ("message_in_order", campaign::replies::WROTE),
        ("message_in_order", campaign::replies::ANSWERED),
        ("outbox_sent", campaign::BY_HAND),
        ("recipient_awaits_reply", follow::AWAITS),
        ("recipient_of_message", follow::AWAITS_VOTE),
        ("vote_of", follow::VOTED),
        ("vote_of", campaign::replies::VOTES),
        ("recipient_held", campaign::HELD),
        ("opt_out_of_chat", opt_out::WISHED_AFTER),
        ("sqlite_autoindex_opt_out", opt_out::OF_ADDRESS),
        ("block USING PRIMARY KEY (device_id=?", block::OF_ADDRESS),
        ("campaign_open", campaign::OPEN),
    ] {
        let plan = plan(sql);
        assert_no_scan(index, &plan);
        assert_no_sort(index, &plan);
        assert!(plan.contains(index), "{index}:\n{plan}");
    }
}

#[test]
fn who_is_to_be_written_to_is_found_by_index() {
    for (index, sql) in [
        ("recipient_once", audience::STAGED),
        ("recipient_by_state", audience::PENDING),
        ("recipient_by_state", audience::IN_STATE),
        ("recipient_by_state", audience::LEFT_OUT),
        ("recipient_of_person", audience::WRITTEN),
        ("recipient_untold", audience::WRITTEN),
        ("recipient_queued", audience::LATELY),
        ("message_in_order", audience::NEWEST),
        ("message_in_order", audience::CAME_IN),
        ("message_in_order", audience::OLDEST),
        (
            "SEARCH m USING INTEGER PRIMARY KEY (rowid>?)",
            audience::CAME_IN_SINCE,
        ),
        (
            "SEARCH m USING INTEGER PRIMARY KEY (rowid>?)",
            audience::OLDEST_SINCE,
        ),
        ("b USING PRIMARY KEY (label_id=?", audience::LABELLED),
        ("g USING PRIMARY KEY (chat_id=?", audience::MEMBERS),
        ("(device_id=?", audience::SAVED),
        ("(device_id=?", audience::CHATS),
    ] {
        let plan = plan(sql);
        // The three newest of a chat are a table of their own, read from end to end.
        let of_tables: Vec<_> = plan
            .lines()
            .filter(|line| !line.contains("SCAN (subquery"))
            .collect();
        assert_no_scan(index, &of_tables.join("\n"));
        assert!(plan.contains(index), "{index} is used:\n{plan}");
    }
}

#[test]
fn whom_a_wish_keeps_from_being_written_to_is_found_by_index_in_each_campaign() {
    let plan = plan(campaign::replies::KEPT_BY);
    assert!(
        plan.contains("recipient_once"),
        "of hundreds of thousands of people:\n{plan}"
    );
    assert!(
        !plan.contains("SCAN r"),
        "only campaigns are looked through:\n{plan}"
    );
}
