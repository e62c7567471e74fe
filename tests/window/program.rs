//! The program: started through the web view's driver, ended as a session ends it.

use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Stdio};

use fantoccini::wd::Capabilities;
use fantoccini::{Client, ClientBuilder};
use hyper_util::client::legacy::connect::HttpConnector;
use serde_json::{Value, json};
use tempfile::TempDir;

use crate::screen::Screen;
use crate::waiting::until;

/// The program under test: as cargo has just built it, or one that was installed.
pub(crate) fn binary() -> String {
    std::env::var("MOSTRADOR_PROGRAM").unwrap_or_else(|_| env!("CARGO_BIN_EXE_mostrador").to_owned())
}

const DRIVER: &str = "WebKitWebDriver";

/// A data folder, and the program working with it.
pub(crate) struct Program {
    driver: Driver,
    client: Client,
    data: PathBuf,
}

impl Program {
    /// Starts the practice shop on `data` and connects to its window.
    pub(crate) async fn start(data: &Path) -> Self {
        Self::start_with(data, &[]).await
    }

    /// The same with more to start it with.
    pub(crate) async fn start_with(data: &Path, more: &[&str]) -> Self {
        let driver = Driver::start(&desktop_of(data)).await;
        let data_said = data.display().to_string();
        let arguments: Vec<&str> = ["--practice", "--data", &data_said]
            .into_iter()
            .chain(more.iter().copied())
            .collect();
        let wanted = json!({ "webkitgtk:browserOptions": { "binary": binary(), "args": arguments } });
        let wanted: Capabilities = serde_json::from_value(wanted).expect("capabilities are an object");
        let client = ClientBuilder::new(HttpConnector::new())
            .capabilities(wanted)
            .connect(&driver.url)
            .await;
        let client = client.expect("the driver should start the program and find its window");
        Self {
            driver,
            client,
            data: data.to_owned(),
        }
    }

    /// Its window.
    pub(crate) fn screen(&self) -> Screen<'_> {
        Screen::of(&self.client)
    }

    /// Calls a command of the core as the page does.
    pub(crate) async fn call(&self, command: &str, args: Value) -> Result<Value, Value> {
        let script = "const [command, args, done] = arguments; \
            window.__TAURI_INTERNALS__.invoke(command, args).then(ok => done({ ok }), error => done({ error }));";
        let answer = self
            .client
            .execute_async(script, vec![json!(command), args])
            .await;
        let mut answer = answer.expect("the page should run a script");
        match answer.get_mut("error") {
            Some(error) => Err(error.take()),
            None => Ok(answer["ok"].take()),
        }
    }

    /// Ends it as the desktop's session does, and waits until it is gone.
    pub(crate) async fn end(self) {
        let id = self.process().expect("the program should be running");
        signal("-TERM", id);
        gone(id).await;
        drop(self.driver);
    }

    /// Ends it as a power cut does.
    pub(crate) async fn die(self) {
        let id = self.process().expect("the program should be running");
        signal("-KILL", id);
        gone(id).await;
        drop(self.driver);
    }

    /// What the desktop was told to open so far.
    pub(crate) fn opened(&self) -> Vec<String> {
        let told = std::fs::read_to_string(self.data.join("opened")).unwrap_or_default();
        told.lines().map(str::to_owned).collect()
    }

    /// Ends the process of its page, as the system does that needs the memory. There must be one page.
    pub(crate) async fn lose_the_page(&self) {
        let program = self.process().expect("the program should be running");
        let pages = children_of(program, "WebKitWebProces");
        let [page] = pages[..] else {
            panic!("one page should have one process, not {pages:?}");
        };
        signal("-KILL", page);
        gone(page).await;
    }

    /// The number of its process: the one that was started on our data folder.
    fn process(&self) -> Option<u32> {
        let processes = std::fs::read_dir("/proc").ok()?;
        processes.flatten().find_map(|entry| {
            let id = entry.file_name().to_str()?.parse().ok()?;
            let said = std::fs::read(entry.path().join("cmdline")).ok()?;
            let mut arguments = said.split(|byte| *byte == 0);
            let ours = arguments.next()? == binary().as_bytes()
                && arguments.any(|argument| argument == self.data.as_os_str().as_encoded_bytes());
            ours.then_some(id)
        })
    }
}

/// A folder with the desktop's own opener in it, one that only notes what it is told to open: in `opened` beside the data.
fn desktop_of(data: &Path) -> PathBuf {
    use std::os::unix::fs::PermissionsExt as _;
    let (folder, opened) = (data.join("desktop"), data.join("opened"));
    std::fs::create_dir_all(&folder).expect("a folder");
    let opener = folder.join("xdg-open");
    let script = format!("#!/bin/sh\nprintf '%s\\n' \"$@\" >> '{}'\n", opened.display());
    std::fs::write(&opener, script).expect("a script");
    std::fs::set_permissions(&opener, std::fs::Permissions::from_mode(0o700)).expect("to be run");
    folder
}

/// A folder for one test's data.
pub(crate) fn new_data() -> TempDir {
    tempfile::Builder::new()
        .prefix("mostrador-window-")
        .tempdir()
        .expect("a temporary folder")
}

/// The program without a driver: for starts that come to no window.
pub(crate) struct Bare(Child);

impl Bare {
    pub(crate) fn start(data: &Path) -> Self {
        Self::start_with(data, &[])
    }

    /// The same with more to start it with.
    pub(crate) fn start_with(data: &Path, more: &[&str]) -> Self {
        let mut command = in_spanish(Command::new(binary()));
        command
            .arg("--practice")
            .arg("--data")
            .arg(data)
            .args(more)
            .stdin(Stdio::null())
            .stderr(Stdio::piped());
        Self(command.spawn().expect("the program should start"))
    }

    /// Waits until it ends by itself, and gives what it said on the terminal.
    pub(crate) async fn ended(mut self) -> (ExitStatus, String) {
        let status = until("the second program should end by itself", async || {
            self.0.try_wait().ok().flatten()
        })
        .await;
        let mut said = String::new();
        if let Some(mut errors) = self.0.stderr.take() {
            std::io::Read::read_to_string(&mut errors, &mut said).expect("what it said should be text");
        }
        (status, said)
    }
}

impl Drop for Bare {
    fn drop(&mut self) {
        // It has ended in a good run; a failed one must not leave it behind.
        let _ended = self.0.kill();
        let _ended = self.0.wait();
    }
}

/// What ALSA is told: the computer's sound comes from nowhere and goes nowhere.
const SILENT_MICROPHONE: &str = "pcm.!default { type null }\nctl.!default { type null }\n";

/// The web view's own driver.
struct Driver {
    child: Child,
    url: String,
}

impl Driver {
    /// `desktop` is looked into for programs before any other folder.
    async fn start(desktop: &Path) -> Self {
        let port = free_port();
        let mut path = desktop.as_os_str().to_owned();
        path.push(":");
        path.push(std::env::var_os("PATH").unwrap_or_default());
        let microphone = desktop.join("asound.conf");
        std::fs::write(&microphone, SILENT_MICROPHONE).expect("a microphone of this run");
        let mut command = in_spanish(Command::new(DRIVER));
        command
            .arg(format!("--port={port}"))
            .env("PATH", path)
            .env("ALSA_CONFIG_PATH", microphone)
            .env("TAURI_AUTOMATION", "true")
            .env("TAURI_WEBVIEW_AUTOMATION", "true");
        let child = command
            .stdin(Stdio::null())
            .spawn()
            .expect("the web view's driver should be installed");
        let driver = Self {
            child,
            url: format!("http://127.0.0.1:{port}"),
        };
        until("the web view's driver should answer", async || {
            reqwest::get(format!("{}/status", driver.url))
                .await
                .ok()
                .filter(|answer| answer.status().is_success())
        })
        .await;
        driver
    }
}

impl Drop for Driver {
    fn drop(&mut self) {
        // With it goes the program that it started, if that is still there.
        let _ended = self.child.kill();
        let _ended = self.child.wait();
    }
}

/// The walk goes by Spanish words, whatever language the machine speaks.
fn in_spanish(mut command: Command) -> Command {
    command
        .env("LC_ALL", "es_PE.UTF-8")
        .env("LANG", "es_PE.UTF-8")
        .env_remove("LANGUAGE");
    command
}

fn free_port() -> u16 {
    let listener = std::net::TcpListener::bind(("127.0.0.1", 0)).expect("a port of loopback");
    listener.local_addr().expect("a bound port has an address").port()
}

fn signal(which: &str, id: u32) {
    let asked = Command::new("kill").args([which, &id.to_string()]).status();
    assert!(
        asked.is_ok_and(|status| status.success()),
        "the program should be there to be asked"
    );
}

/// The processes of this name that a process started. The system tells 15 letters of a name.
fn children_of(parent: u32, name: &str) -> Vec<u32> {
    let processes = std::fs::read_dir("/proc").expect("the processes");
    let ids = processes
        .flatten()
        .filter_map(|entry| entry.file_name().to_str()?.parse::<u32>().ok());
    ids.filter(|id| {
        let status = std::fs::read_to_string(format!("/proc/{id}/status")).unwrap_or_default();
        let says = |line: String| status.lines().any(|one| one == line);
        says(format!("Name:\t{name}")) && says(format!("PPid:\t{parent}"))
    })
    .collect()
}

async fn gone(id: u32) {
    until("the program should end", async || {
        (!Path::new("/proc").join(id.to_string()).exists()).then_some(())
    })
    .await;
}
