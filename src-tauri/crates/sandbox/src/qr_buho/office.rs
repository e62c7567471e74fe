//! The reseller's customers and plans, and the gateway's own campaigns: kept in memory, shown as they were registered, and without
//! any effect on a number. A campaign of the gateway's is never sent here: there are no groups of contacts to send it to.

use std::sync::{Mutex, MutexGuard, PoisonError};

use axum::{
    Json,
    extract::Path,
    http::StatusCode,
    response::{IntoResponse as _, Response},
};
use serde_json::{Value, json};

use super::{
    entry::{Told, invalid},
    nothing_there,
};
use crate::{
    baileys::{At, moment},
    branch::Branch,
    clock,
};

/// What is kept.
#[derive(Default)]
pub(crate) struct Office {
    kept: Mutex<Kept>,
}

#[derive(Default)]
struct Kept {
    given_out: u64,
    tenants: Vec<Value>,
    plans: Vec<Value>,
    campaigns: Vec<Value>,
}

impl Kept {
    fn next_id(&mut self) -> u64 {
        self.given_out += 1;
        self.given_out
    }
}

fn kept(branch: &Branch) -> MutexGuard<'_, Kept> {
    let office = &branch.desks().qr_buho.office;
    office.kept.lock().unwrap_or_else(PoisonError::into_inner)
}

/// The fields that were told, and what the gateway adds.
fn registered(told: &Told, names: &[&str], id: Value) -> Value {
    let now = moment(clock::now());
    let mut record = json!({ "id": id, "created_at": now, "updated_at": now });
    for name in names {
        record[*name] = told.0.get(*name).cloned().unwrap_or(Value::Null);
    }
    record
}

/// Those that have what is asked for, in Laravel's wrapping.
fn page(all: &[Value], told: &Told, filters: &[&str]) -> Response {
    let asked = |name: &&&str| told.0.get(**name).is_some_and(|text| text != "");
    let fits = |record: &&Value| {
        filters
            .iter()
            .filter(asked)
            .all(|name| spelt(&record[*name]) == told.text(name))
    };
    let found: Vec<&Value> = all.iter().filter(fits).collect();
    let (total, size) = (
        found.len(),
        told.text("paginate").parse().unwrap_or(15_usize).max(1),
    );
    let shown = &found[..total.min(size)];
    let (from, to) = match shown.len() {
        0 => (None, None),
        shown => (Some(1), Some(shown)),
    };
    let last_page = total.div_ceil(size).max(1);
    let meta = json!({
        "current_page": 1, "from": from, "last_page": last_page, "per_page": size, "to": to, "total": total,
    });
    Json(json!({ "data": shown, "meta": meta })).into_response()
}

fn spelt(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}

fn created(record: Value) -> Response {
    (StatusCode::CREATED, Json(record)).into_response()
}

const PLAN: [&str; 7] = [
    "name",
    "is_free",
    "price",
    "description",
    "limit_devices",
    "limit_messages",
    "limit_contacts",
];

pub(super) async fn plans(At(branch): At, told: Told) -> Response {
    page(&kept(&branch).plans, &told, &["id", "name", "description"])
}

pub(super) async fn add_plan(At(branch): At, told: Told) -> Response {
    let mut kept = kept(&branch);
    let id = kept.next_id();
    let plan = registered(&told, &PLAN, json!(id));
    kept.plans.push(plan.clone());
    created(plan)
}

pub(super) async fn tenants(At(branch): At, told: Told) -> Response {
    page(&kept(&branch).tenants, &told, &["id", "domain", "active"])
}

/// One domain is one customer's.
pub(super) async fn add_tenant(At(branch): At, told: Told) -> Response {
    let mut kept = kept(&branch);
    if kept.tenants.iter().any(|one| one["domain"] == told.0["domain"]) {
        return invalid("domain", "The domain has already been taken.").into_response();
    }
    let id = format!("tenant-{}", kept.next_id());
    let mut tenant = registered(&told, &["name", "domain", "email", "plan_id"], json!(id));
    tenant["active"] = json!(true);
    let plan = kept.plans.iter().find(|plan| plan["id"] == tenant["plan_id"]);
    tenant["plan"] = plan.cloned().unwrap_or(Value::Null);
    kept.tenants.push(tenant.clone());
    created(tenant)
}

pub(super) async fn remove_tenant(At(branch): At, Path(id): Path<String>) -> Response {
    let mut kept = kept(&branch);
    let before = kept.tenants.len();
    kept.tenants.retain(|tenant| tenant["id"] != id.as_str());
    if kept.tenants.len() == before {
        return nothing_there().into_response();
    }
    Json(json!({ "message": "Tenant deleted" })).into_response()
}

pub(super) async fn block_tenant(At(branch): At, told: Told) -> Response {
    let_in(&branch, told.text("id"), false)
}

pub(super) async fn unblock_tenant(At(branch): At, Path(id): Path<String>) -> Response {
    let_in(&branch, &id, true)
}

/// Is a customer let in from now on?
fn let_in(branch: &Branch, id: &str, active: bool) -> Response {
    let mut kept = kept(branch);
    let Some(tenant) = kept.tenants.iter_mut().find(|tenant| tenant["id"] == id) else {
        return nothing_there().into_response();
    };
    tenant["active"] = json!(active);
    Json(json!({ "message": "Tenant updated", "data": tenant })).into_response()
}

pub(super) async fn campaigns(At(branch): At) -> Response {
    Json(json!(kept(&branch).campaigns)).into_response()
}

pub(super) async fn add_campaign(At(branch): At, told: Told) -> Response {
    let mut kept = kept(&branch);
    let id = kept.next_id();
    let mut campaign = registered(&told, &["title", "groups", "message", "schedule_at"], json!(id));
    campaign["status"] = json!("pending");
    kept.campaigns.push(campaign.clone());
    created(campaign)
}

pub(super) async fn campaign(At(branch): At, Path(id): Path<String>) -> Response {
    let (kept, wanted) = (kept(&branch), id.parse::<u64>().ok());
    let found = kept.campaigns.iter().find(|one| one["id"].as_u64() == wanted);
    found.map_or_else(
        || nothing_there().into_response(),
        |found| Json(json!({ "data": found })).into_response(),
    )
}
