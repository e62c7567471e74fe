//! Arguments of every command, from a window or a program that is not trusted.

#![no_main]

use libfuzzer_sys::fuzz_target;
use mostrador_api::ErrorCode;
use mostrador_api::commands::{COMMANDS, arguments_fit};

fuzz_target!(|body: &[u8]| {
    let Ok(args) = serde_json::from_slice::<serde_json::Value>(body) else {
        return;
    };
    for command in COMMANDS {
        if let Err(error) = arguments_fit(command.name, args.clone()) {
            assert_eq!(error.code, ErrorCode::BadRequest, "{}", command.name);
            assert!(error.params.is_empty(), "an error quotes no arguments");
        }
    }
});
