//! The client of one link: makes calls, reads answers up to their limit.

use std::sync::OnceLock;
use std::sync::atomic::{AtomicI64, AtomicU64, Ordering};
use std::time::Duration;

use http::header::{ACCEPT, CONTENT_LENGTH, CONTENT_TYPE};
use http::{HeaderMap, StatusCode};
use mostrador_domain::{Failure, FailureCode, UnixMillis, UnknownCause};
use reqwest::{Client, ClientBuilder, RequestBuilder, Response};
use url::Url;

use super::address::GatewayAddress;
use super::body::{self, Leaving, Lost};
use super::call::Patience;
use super::{Answer, Call, Key, failures, retry_after};
use crate::{MediaSink, OpenError};

/// How long the steps of a call may take.
///
/// Connecting has a time of its own, and the rest of the call does not lose any of it: a call whose connection cannot
/// be made always ends by `connect`, as "certainly not sent", and never by the time of the whole as "nobody knows".
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CallTimes {
    /// Reaching the gateway: name, connection and TLS. Nothing has left before it is over.
    pub connect: Duration,
    /// A call with a short body and a short answer, once there is a connection. It holds for the whole of both, however
    /// slowly they come.
    pub call: Duration,
    /// The same for a call that carries a file.
    pub transfer: Duration,
}

impl Default for CallTimes {
    /// Ours: a shop's line is slow more often than a gateway is dead.
    fn default() -> Self {
        Self {
            connect: Duration::from_secs(10),
            call: Duration::from_secs(30),
            transfer: Duration::from_secs(180),
        }
    }
}

impl CallTimes {
    /// How long a call may last, connecting included.
    pub(super) fn of(self, patience: Patience) -> Duration {
        let time = match patience {
            Patience::Short => self.call,
            Patience::Transfer => self.transfer,
            Patience::Longer(more) => self.transfer.saturating_add(more),
        };
        self.connect.saturating_add(time)
    }

    /// The same of a short call.
    pub(crate) fn short(self) -> Duration {
        self.of(Patience::Short)
    }

    /// The same of one that carries a file, or is given as long.
    pub(crate) fn transfer(self) -> Duration {
        self.of(Patience::Transfer)
    }
}

/// A connection is let go before the commonest servers drop an idle one (five seconds), so that a send does not
/// meet one that is just being closed and come back as "nobody knows".
const KEEP_IDLE: Duration = Duration::from_secs(4);

/// Of a refusal, no more than this is read.
const LARGEST_REFUSAL: u64 = 64 * 1024;

/// No type of media has a longer name.
const LONGEST_TYPE: usize = 100;

/// The client of one link.
pub(crate) struct GatewayHttp {
    client: Client,
    /// Of a gateway on this computer, which speaks no TLS: for pictures that lie elsewhere. Made when one is wanted; `None` = this computer
    /// knows no certificates.
    elsewhere: OnceLock<Option<Client>>,
    address: GatewayAddress,
    key: Option<Key>,
    times: CallTimes,
    /// What the gateway's clock showed when it last answered; [`UNTOLD`] = it has not said.
    clock: AtomicI64,
    made: AtomicU64,
}

const UNTOLD: i64 = i64::MIN;

impl GatewayHttp {
    /// A client for the gateway at `url`. Makes no call.
    pub(crate) fn open(url: &Url, key: Key, times: CallTimes) -> Result<Self, OpenError> {
        Self::with(url, Some(key), times)
    }

    /// A client that nobody has let in yet: it can only sign in.
    pub(crate) fn without_key(url: &Url, times: CallTimes) -> Result<Self, OpenError> {
        Self::with(url, None, times)
    }

    fn with(url: &Url, key: Option<Key>, times: CallTimes) -> Result<Self, OpenError> {
        let address = GatewayAddress::new(url)?;
        let client = client(&address, times)?;
        Ok(Self {
            client,
            elsewhere: OnceLock::new(),
            address,
            key,
            times,
            clock: AtomicI64::new(UNTOLD),
            made: AtomicU64::new(0),
        })
    }

    /// What the gateway's clock showed when it last answered, in whole seconds.
    pub(crate) fn clock(&self) -> Option<UnixMillis> {
        Some(self.clock.load(Ordering::Relaxed))
            .filter(|told| *told != UNTOLD)
            .map(UnixMillis)
    }

    /// How many calls were made to the gateway, whatever came of them.
    pub(crate) fn made(&self) -> u64 {
        self.made.load(Ordering::Relaxed)
    }

    /// Where the gateway is; there is no secret in it.
    pub(crate) fn base(&self) -> String {
        self.address.base()
    }

    /// How long its calls may take.
    pub(crate) fn times(&self) -> CallTimes {
        self.times
    }

    /// Is the gateway on this computer?
    pub(crate) fn is_local(&self) -> bool {
        self.address.is_local()
    }

    /// Makes the call, once.
    pub(crate) async fn call(&self, call: Call) -> Result<Answer, Failure> {
        let mut body = Vec::new();
        let answer = self.fetch(call, &mut body).await?;
        Ok(answer.with_gathered(body))
    }

    /// Makes the call, once. The body of a success goes to `sink` piece by piece, and the answer has none.
    pub(crate) async fn fetch(&self, call: Call, sink: &mut dyn MediaSink) -> Result<Answer, Failure> {
        let (method, path) = (call.method.clone(), call.path.template());
        self.made.fetch_add(1, Ordering::Relaxed);
        let result = self.exchange(call, sink).await;
        if let Some(told) = result
            .as_ref()
            .ok()
            .and_then(|answer| retry_after::clock(&answer.headers))
        {
            self.clock.store(told, Ordering::Relaxed);
        }
        match &result {
            Ok(answer) => tracing::debug!(%method, path, status = answer.status, "gateway answered"),
            Err(failure) => tracing::debug!(%method, path, %failure, "gateway call failed"),
        }
        result
    }

    /// Fetches a picture from where the gateway says that it lies, once and without the token; `None` = it may not be fetched
    /// from there. The event that it leaves does not say where.
    pub(crate) async fn fetch_elsewhere(
        &self,
        url: &str,
        max_bytes: u64,
        sink: &mut dyn MediaSink,
    ) -> Option<Result<u16, Failure>> {
        let url = Url::parse(url)
            .ok()
            .filter(|url| self.address.may_point_at(url))?;
        let request = self
            .client_for(&url)?
            .get(url)
            .header(ACCEPT, "image/*")
            .timeout(self.times.short());
        let result = answered(request, max_bytes, Understood::default(), sink)
            .await
            .map(|answer| answer.status);
        match &result {
            Ok(status) => tracing::debug!(status, "a picture was answered"),
            Err(failure) => tracing::debug!(%failure, "a picture could not be fetched"),
        }
        Some(result)
    }

    fn client_for(&self, url: &Url) -> Option<&Client> {
        if self.address.is_https() || self.address.is_itself(url) {
            return Some(&self.client);
        }
        let made = self.elsewhere.get_or_init(|| secure_client(self.times).ok());
        made.as_ref()
    }

    /// The same, as a driver's [`crate::Pictures`] answers it.
    pub(crate) async fn fetch_picture(
        &self,
        url: &str,
        max_bytes: u64,
        sink: &mut dyn MediaSink,
    ) -> Result<(), Failure> {
        let rejected = |code| Err(Failure::Rejected { code });
        match self.fetch_elsewhere(url, max_bytes, sink).await {
            Some(Ok(200..300)) => Ok(()),
            None | Some(Ok(_)) => rejected(FailureCode::MediaMissing),
            Some(Err(Failure::Unknown {
                cause: UnknownCause::TooLarge,
            })) => rejected(FailureCode::TooLarge),
            Some(Err(failure)) => Err(failure),
        }
    }

    async fn exchange(&self, call: Call, sink: &mut dyn MediaSink) -> Result<Answer, Failure> {
        let (max_bytes, understood) = (call.max_bytes, Understood::of(&call));
        let lost = Lost::default();
        let request = self.request(call, &lost).await?;
        lost.told(answered(request, max_bytes, understood, sink).await)
    }

    async fn request(&self, call: Call, lost: &Lost) -> Result<RequestBuilder, Failure> {
        let request = self
            .client
            .request(call.method, self.address.of(&call.path))
            .header(ACCEPT, call.accept)
            .timeout(self.times.of(call.patience));
        let request = match &self.key {
            Some(key) => request.header(key.name.clone(), key.value.clone()),
            None => request,
        };
        let Some((media_type, payload)) = call.body else {
            return Ok(request);
        };
        let request = request.header(CONTENT_TYPE, media_type);
        Ok(match payload.open().await? {
            Leaving::Whole(bytes) => request.body(bytes),
            Leaving::Streamed { opened, length } => request
                .header(CONTENT_LENGTH, length)
                .body(body::body(opened, lost)),
        })
    }
}

/// Of which statuses, failures by themselves, the driver wants the answer all the same.
#[derive(Clone, Copy, Default)]
struct Understood {
    server_errors: bool,
    rate_limits: bool,
}

impl Understood {
    fn of(call: &Call) -> Self {
        Self {
            server_errors: call.with_server_errors,
            rate_limits: call.with_rate_limits,
        }
    }

    fn takes(self, status: StatusCode) -> bool {
        (self.server_errors && status.is_server_error())
            || (self.rate_limits && status == StatusCode::TOO_MANY_REQUESTS)
    }
}

async fn answered(
    request: RequestBuilder,
    max_bytes: u64,
    understood: Understood,
    sink: &mut dyn MediaSink,
) -> Result<Answer, Failure> {
    let response = request.send().await.map_err(|error| failures::of_error(&error))?;
    let status = response.status();
    let failure = failures::of_status(status, response.headers());
    if let Some(failure) = failure.filter(|_| !understood.takes(status)) {
        return Err(failure);
    }
    let headers = response.headers().clone();
    let media_type = media_type(response.headers());
    let body = if status.is_success() {
        pour(response, max_bytes, sink).await?;
        Vec::new()
    } else {
        beginning(response).await
    };
    Ok(Answer {
        status: status.as_u16(),
        headers,
        body,
        media_type,
    })
}

/// The type of a body, without its parameters.
fn media_type(headers: &HeaderMap) -> Option<String> {
    let told = headers.get(CONTENT_TYPE)?.to_str().ok()?;
    let bare = told.split(';').next()?.trim().to_ascii_lowercase();
    (!bare.is_empty() && bare.len() <= LONGEST_TYPE).then_some(bare)
}

/// A TLS client needs the system's certificates; a computer without any cannot reach this gateway.
fn client(address: &GatewayAddress, times: CallTimes) -> Result<Client, OpenError> {
    if address.is_https() {
        return secure_client(times);
    }
    let builder = builder(times).tls_certs_only([]);
    builder.build().map_err(|_| OpenError::NotOffered)
}

/// One that speaks TLS, and nothing else.
fn secure_client(times: CallTimes) -> Result<Client, OpenError> {
    let builder = builder(times).https_only(true);
    builder.build().map_err(|_| OpenError::NotOffered)
}

fn builder(times: CallTimes) -> ClientBuilder {
    Client::builder()
        .user_agent(concat!("mostrador/", env!("CARGO_PKG_VERSION")))
        .connect_timeout(times.connect)
        .pool_idle_timeout(KEEP_IDLE)
        .redirect(reqwest::redirect::Policy::none())
        .retry(reqwest::retry::never())
        .referer(false)
        .no_proxy()
}

/// Gives the whole body to `sink`, or says why it is not to be had.
async fn pour(mut response: Response, max_bytes: u64, sink: &mut dyn MediaSink) -> Result<(), Failure> {
    let too_large = Failure::Unknown {
        cause: UnknownCause::TooLarge,
    };
    if response.content_length().is_some_and(|told| told > max_bytes) {
        return Err(too_large);
    }
    let mut had: u64 = 0;
    while let Some(chunk) = response
        .chunk()
        .await
        .map_err(|error| failures::of_error(&error))?
    {
        had = had.saturating_add(chunk.len() as u64);
        if had > max_bytes {
            return Err(too_large);
        }
        if !sink.take(&chunk).await {
            return Err(Failure::Unknown {
                cause: UnknownCause::Cut,
            });
        }
    }
    Ok(())
}

/// As much of a refusal as comes: its status has said what matters already.
async fn beginning(mut response: Response) -> Vec<u8> {
    let mut body = Vec::new();
    while let Ok(Some(chunk)) = response.chunk().await {
        if (body.len() + chunk.len()) as u64 > LARGEST_REFUSAL {
            break;
        }
        body.extend_from_slice(&chunk);
    }
    body
}
