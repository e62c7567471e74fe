//! Who does not want to be written to.

use mostrador_domain::{Address, OptOutId};
use mostrador_store::StoreError;
use mostrador_store::tables::campaign::opt_out::{self, OptOutRow, OptOutState as State, Said};
use mostrador_store::tables::{device, person};

use super::life::change;
use crate::dto::*;
use crate::error::{ApiError, ErrorCode};
use crate::handlers::page_limit;
use crate::shop::Shop;

pub(crate) async fn list(shop: &Shop, args: OptOutList) -> Result<Vec<OptOutView>, ApiError> {
    let limit = page_limit(args.limit)?;
    let (state, after) = (args.state.map(stored), args.after.map(OptOutId));
    let rows = shop
        .engine()
        .store()
        .read(move |connection| opt_out::page(connection, state, after, limit))
        .await?;
    let mut views = Vec::with_capacity(rows.len());
    for row in rows {
        views.push(view(shop, row).await?);
    }
    Ok(views)
}

/// Decides about a wish that was asked, takes one back, or honours one that was not.
pub(crate) async fn decide(shop: &Shop, args: OptOutDecide) -> Result<OptOutView, ApiError> {
    let (id, now) = (OptOutId(args.opt_out_id), shop.engine().now());
    if args.state == OptOutState::Asked {
        return Err(ErrorCode::BadRequest.into());
    }
    let row = change(shop, move |writing| {
        let row = opt_out::get(writing, id)?;
        match (args.state, row.state) {
            (OptOutState::NotMeant, _) => opt_out::decide(writing, id, false, now)?,
            (OptOutState::Undone, _) => opt_out::undo(writing, id, now)?,
            (_, State::Asked) => opt_out::decide(writing, id, true, now)?,
            _ if opt_out::said(writing, &row.address, now)? => {}
            _ => return Err(StoreError::state_changed()),
        }
        opt_out::get(writing, id)
    });
    let row = row.await?;
    view(shop, row).await
}

pub(crate) async fn add(shop: &Shop, args: OptOutAdd) -> Result<OptOutView, ApiError> {
    let number = shop.engine().shops_number(&args.number).await?;
    let address = number.ok_or(ErrorCode::NumberInvalid)?;
    let now = shop.engine().now();
    let row = change(shop, move |writing| {
        opt_out::said(writing, &address, now)?;
        opt_out::out_row(writing, &address)?.ok_or_else(StoreError::not_found)
    });
    let row = row.await?;
    view(shop, row).await
}

async fn view(shop: &Shop, row: OptOutRow) -> Result<OptOutView, ApiError> {
    let address = row.address.clone();
    let read = shop.engine().store().read(move |connection| {
        let addresses = person::addresses_of(connection, &address)?;
        let mut name = None;
        for device in device::list(connection)? {
            name = name.or(person::get(connection, device.id, &address)?.name);
        }
        let digits = addresses
            .iter()
            .find_map(Address::phone_digits)
            .map(str::to_owned);
        Ok((digits, name))
    });
    let (number, name) = read.await?;
    Ok(OptOutView {
        id: row.id.0,
        number,
        name,
        state: shown(row.state),
        wish: match row.said {
            Said::Certain => OptOutWish::Certain,
            Said::Ask => OptOutWish::Ask,
            Said::ByShop => OptOutWish::Said,
        },
        text: row.text,
        at: row.at,
        chat_id: row.chat.map(|chat| chat.0),
    })
}

/// The state as the window names it.
pub(crate) fn shown(state: State) -> OptOutState {
    match state {
        State::Asked => OptOutState::Asked,
        State::Out => OptOutState::Out,
        State::NotMeant => OptOutState::NotMeant,
        State::Undone => OptOutState::Undone,
    }
}

fn stored(state: OptOutState) -> State {
    match state {
        OptOutState::Asked => State::Asked,
        OptOutState::Out => State::Out,
        OptOutState::NotMeant => State::NotMeant,
        OptOutState::Undone => State::Undone,
    }
}
