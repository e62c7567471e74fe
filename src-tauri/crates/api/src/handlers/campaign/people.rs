//! The people of a campaign.

use mostrador_domain::{Address, CampaignId, RecipientId};
use mostrador_store::tables::campaign::recipient::{self, RecipientRow};
use mostrador_store::tables::campaign::{self, SettleWord as Word, audience};

use super::life::change;
use crate::dto::*;
use crate::error::ApiError;
use crate::handlers::page_limit;
use crate::shop::Shop;

pub(crate) async fn list(shop: &Shop, args: RecipientList) -> Result<Vec<RecipientView>, ApiError> {
    let limit = page_limit(args.limit)?;
    let id = CampaignId(args.campaign_id);
    let read = shop.engine().store().read(move |connection| {
        let campaign = campaign::get(connection, id)?;
        let states: Vec<&str> = args.states.iter().map(|state| word(*state)).collect();
        let rows = recipient::page(connection, id, &states, args.after, limit)?;
        let views = rows.into_iter().map(|row| {
            let name = recipient::called(connection, &campaign, row.address.as_ref(), &row.cells)?;
            Ok(of(row, name))
        });
        views.collect()
    });
    Ok(read.await?)
}

pub(crate) async fn take_out(shop: &Shop, args: RecipientRef) -> Result<(), ApiError> {
    let (id, now) = (RecipientId(args.recipient_id), shop.engine().clock().now());
    change(shop, move |writing| campaign::take_out(writing, id, now)).await
}

pub(crate) async fn settle(shop: &Shop, args: RecipientSettle) -> Result<(), ApiError> {
    let (id, now) = (RecipientId(args.recipient_id), shop.engine().clock().now());
    let word = match args.word {
        SettleWord::Sent => Word::Sent,
        SettleWord::NotSent => Word::NotSent,
        SettleWord::Again => Word::Again,
    };
    change(shop, move |writing| campaign::settle(writing, id, word, now)).await
}

fn of(row: RecipientRow, name: Option<String>) -> RecipientView {
    let state = state_word(row.state.as_str());
    let digits = row
        .address
        .as_ref()
        .and_then(Address::phone_digits)
        .map(str::to_owned);
    RecipientView {
        id: row.id.0,
        place: row.place,
        row: row.row,
        number: digits.unwrap_or(row.written),
        name,
        cells: row.cells,
        variant: row.variant,
        state,
        reason: recipient::reason_of(row.state).map(str::to_owned),
        chat_id: row.chat.map(|chat| chat.0),
        message_id: row.message.map(|message| message.0),
        sent_at: row.sent_at,
        read_at: row.read_at,
        replied_at: row.replied_at,
        needs_operator: row.needs_operator,
        choosable: row.address.is_some() && audience::may_be_chosen(row.state),
    }
}

const WORDS: [(RecipientStateWord, &str); 10] = [
    (RecipientStateWord::Pending, "pending"),
    (RecipientStateWord::Queued, "queued"),
    (RecipientStateWord::Uncertain, "uncertain"),
    (RecipientStateWord::Sent, "sent"),
    (RecipientStateWord::Delivered, "delivered"),
    (RecipientStateWord::Read, "read"),
    (RecipientStateWord::Replied, "replied"),
    (RecipientStateWord::Failed, "failed"),
    (RecipientStateWord::Skipped, "skipped"),
    (RecipientStateWord::OptedOut, "opted_out"),
];

fn word(state: RecipientStateWord) -> &'static str {
    WORDS
        .into_iter()
        .find(|(known, _)| *known == state)
        .map_or("pending", |(_, word)| word)
}

/// The state that the store's word names.
pub(crate) fn state_word(word: &str) -> RecipientStateWord {
    WORDS
        .into_iter()
        .find(|(_, known)| *known == word)
        .map_or(RecipientStateWord::Pending, |(state, _)| state)
}
