//! What the web view of Linux is told before it starts, so that it takes less memory.
//!
//! - Without graphics hardware it draws as if there were some, on an emulated one: that costs more memory, and time, than
//!   drawing at once. Where a graphics card is, it draws with that as before.
//! - Its scripts clear up late on a machine with much memory. They are told of a small one.
//!
//! WebKitGTK hears of both by the environment that it starts in, and a program that runs cannot safely change its own. So the
//! program takes its own place once, with these added. What a person has set stays; if it cannot be done, the program goes on
//! without.

use std::ffi::OsString;
use std::os::unix::process::CommandExt as _;
use std::process::Command;

/// Draw by the processor.
const DRAW: (&str, &str) = ("WEBKIT_SKIA_ENABLE_CPU_RENDERING", "1");
/// The memory of the machine as scripts know it: 256 MiB, in bytes.
const MACHINE: (&str, &str) = ("JSC_forceRAMSize", "268435456");

/// Which of them are still to be told.
fn to_tell(has_graphics: bool, is_set: impl Fn(&str) -> bool) -> Vec<(&'static str, &'static str)> {
    let draw = (!has_graphics).then_some(DRAW);
    let all = draw.into_iter().chain([MACHINE]);
    all.filter(|(name, _)| !is_set(name)).collect()
}

/// Starts the program anew in its own process with what is to be told, if that has not been done.
pub(crate) fn begin() {
    let tell = to_tell(has_graphics(), |name| std::env::var_os(name).is_some());
    let mut arguments = std::env::args_os();
    let (Ok(program), Some(name)) = (std::env::current_exe(), arguments.next()) else {
        return;
    };
    if tell.is_empty() {
        return;
    }
    let arguments: Vec<OsString> = arguments.collect();
    let failed = Command::new(program).arg0(name).args(arguments).envs(tell).exec();
    tracing::info!(kind = ?failed.kind(), "the web view is not told to be frugal");
}

/// A graphics card shows itself by a device to draw with.
fn has_graphics() -> bool {
    let devices = std::fs::read_dir("/dev/dri").into_iter().flatten().flatten();
    devices
        .map(|device| device.file_name())
        .any(|name| name.as_encoded_bytes().starts_with(b"renderD"))
}

#[cfg(test)]
mod tests {
    use super::{DRAW, MACHINE, to_tell};

    #[test]
    fn a_machine_without_graphics_is_drawn_on_by_its_processor() {
        assert_eq!(to_tell(false, |_| false), [DRAW, MACHINE], "both are told");
        assert_eq!(to_tell(true, |_| false), [MACHINE], "a graphics card is used");
    }

    #[test]
    fn what_is_set_stays_so_that_the_program_starts_anew_once_only() {
        assert_eq!(
            to_tell(false, |name| name == MACHINE.0),
            [DRAW],
            "a person's own is left"
        );
        assert!(
            to_tell(false, |_| true).is_empty(),
            "the second time there is nothing to tell"
        );
    }
}
