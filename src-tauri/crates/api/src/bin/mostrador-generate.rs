//! Writes the generated files: `mostrador-generate [ROOT]`, from the root of the project if none is given.

use std::path::PathBuf;
use std::process::ExitCode;

use mostrador_api::generate;

fn main() -> ExitCode {
    let root = std::env::args_os()
        .nth(1)
        .map_or_else(|| PathBuf::from("."), PathBuf::from);
    for (path, text) in [
        (generate::BINDINGS, generate::bindings()),
        (generate::DOCUMENT, generate::document()),
    ] {
        let path = root.join(path);
        let written = path
            .parent()
            .map_or(Ok(()), std::fs::create_dir_all)
            .and_then(|()| std::fs::write(&path, text));
        if let Err(error) = written {
            #[allow(clippy::print_stderr, reason = "a tool for the terminal")]
            {
                eprintln!("{} cannot be written: {error}", path.display());
            }
            return ExitCode::FAILURE;
        }
    }
    ExitCode::SUCCESS
}
