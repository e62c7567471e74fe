//! What a panic says goes into the log like everything else, and nowhere else: the standard library would print it as it is,
//! and a panic over a text may quote that text.

use std::any::Any;

/// From now on panics are logged.
pub(super) fn log_them() {
    std::panic::set_hook(Box::new(|panic| {
        let place = panic.location().map(ToString::to_string).unwrap_or_default();
        tracing::error!(target: "mostrador::panic", place, "{}", words(panic.payload()));
    }));
}

fn words(payload: &(dyn Any + Send)) -> &str {
    let fixed = payload.downcast_ref::<&str>().copied();
    fixed
        .or_else(|| payload.downcast_ref::<String>().map(String::as_str))
        .unwrap_or("a panic without words")
}
