//! Arguments of every command, from a window or a program that is not trusted.

use mostrador_api::ErrorCode;
use mostrador_api::commands::{COMMANDS, arguments_fit};

pub(crate) fn run(bytes: &[u8]) {
    let Ok(args) = serde_json::from_slice::<serde_json::Value>(bytes) else {
        return;
    };
    for command in COMMANDS {
        if let Err(error) = arguments_fit(command.name, args.clone()) {
            assert_eq!(error.code, ErrorCode::BadRequest, "{}", command.name);
            assert!(error.params.is_empty(), "an error quotes no arguments");
        }
    }
}
