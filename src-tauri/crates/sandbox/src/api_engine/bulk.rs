//! One text to several numbers. The server sends to one after another with a pause after each, answers only then, and answers 200
//! whatever comes of it. It goes on once it has begun, also where nobody waits for its answer any more.

use std::{sync::Arc, time::Duration};

use axum::{
    body::Bytes,
    extract::State,
    response::{IntoResponse as _, Response},
};
use serde_json::{Value, json};
use tokio::sync::oneshot;

use super::{
    NOT_CONNECTED, done,
    entry::At,
    given, invalid, is_phone,
    messages::{failed, send, shape, words},
};
use crate::{branch::Branch, clock, dialects::Refusal, premises::Premises, world::Content};

const MOST_RECIPIENTS: usize = 100;
const USUAL_PAUSE: u64 = 2000;
/// How often it is looked whether a pause is over: this world's time may be made to run ahead.
const LOOK: Duration = Duration::from_millis(50);

/// What is asked for.
struct Bulk {
    recipients: Vec<String>,
    words: String,
    pause: Duration,
}

pub(super) async fn bulk(State(premises): State<Arc<Premises>>, At(branch): At, body: Bytes) -> Response {
    let asked = match Bulk::asked(&body) {
        Ok(asked) => asked,
        Err(refusal) => return refusal.into_response(),
    };
    let (tell, told) = oneshot::channel();
    premises.tasks().once(async move {
        let results = asked.sent(&branch).await;
        // Whoever asked may have gone.
        let _ = tell.send(results);
    });
    match told.await {
        Ok(results) => answer(&results),
        Err(_) => failed().into_response(),
    }
}

impl Bulk {
    fn asked(body: &[u8]) -> Result<Self, Refusal> {
        let body = given(body)?;
        let recipients: Vec<String> = body["recipients"]
            .as_array()
            .map(|list| list.iter().filter_map(Value::as_str).map(str::to_owned).collect())
            .unwrap_or_default();
        let mut wrong = Vec::new();
        if !(1..=MOST_RECIPIENTS).contains(&recipients.len()) {
            wrong.push(("recipients", "Se requiere un array de 1 a 100 destinatarios"));
        }
        if recipients.iter().any(|phone| !is_phone(phone)) {
            wrong.push(("recipients[0]", "Formato de número inválido en destinatarios"));
        }
        let delay = match &body["delay"] {
            Value::Null => Some(USUAL_PAUSE),
            told => told.as_u64().filter(|delay| (1000..=10_000).contains(delay)),
        };
        let Some(delay) = delay.filter(|_| wrong.is_empty()) else {
            if delay.is_none() {
                wrong.push(("delay", "Delay entre 1000 y 10000 ms"));
            }
            return Err(invalid(&wrong));
        };
        Ok(Self {
            recipients,
            words: words(&body)?.to_owned(),
            pause: Duration::from_millis(delay),
        })
    }

    async fn sent(&self, branch: &Branch) -> Vec<Value> {
        let mut results = Vec::with_capacity(self.recipients.len());
        for phone in &self.recipients {
            results.push(one_of(branch, phone, &self.words));
            let over = branch.now().saturating_add(clock::millis(self.pause));
            while branch.now() < over {
                clock::sleep(LOOK).await;
            }
        }
        results
    }
}

fn answer(results: &[Value]) -> Response {
    let successful = results.iter().filter(|result| result["success"] == true).count();
    let failed = results.len() - successful;
    let message = format!("Envío completado: {successful} exitosos, {failed} fallidos");
    let data = json!({
        "total": results.len(), "successful": successful, "failed": failed, "results": results,
    });
    done(Some(&message), data)
}

fn one_of(branch: &Branch, phone: &str, words: &str) -> Value {
    match send(branch, phone, |_, _| Ok(Content::text(words))) {
        Ok(message) => {
            let mut shape = shape(&message, phone, None);
            shape["success"] = json!(true);
            shape
        }
        Err(_) => json!({ "phone": phone, "success": false, "error": NOT_CONNECTED }),
    }
}
