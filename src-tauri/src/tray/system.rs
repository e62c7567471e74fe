//! Windows and macOS always have a tray.

pub(super) async fn tray_comes() {}
