//! A collector that does what a test wants.

use std::{
    collections::VecDeque,
    io::Read as _,
    net::{Ipv4Addr, SocketAddr, TcpListener as StdListener},
    sync::{
        Arc, Condvar, Mutex, PoisonError,
        atomic::{AtomicU8, Ordering},
    },
    time::Duration,
};

use axum::{
    Router,
    body::Bytes,
    extract::{DefaultBodyLimit, State},
    http::{HeaderMap, StatusCode, header::RETRY_AFTER},
    response::{IntoResponse as _, Response as HttpResponse},
    routing::post,
};
use mainstay_otlp::Protocol;
use opentelemetry_proto::tonic::{
    collector::trace::v1::{
        ExportTracePartialSuccess, ExportTraceServiceRequest, ExportTraceServiceResponse,
        trace_service_server::{TraceService, TraceServiceServer},
    },
    trace::v1::Span,
};
use prost::Message;
use tokio::{net::TcpListener, runtime::Runtime};
use tonic::{Code, Request, Response, Status, codec::CompressionEncoding};

use crate::support::LONG;

/// How a collector speaks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Speaks {
    Http,
    HttpJson,
    Grpc,
}

impl Speaks {
    pub(crate) fn protocol(self) -> Protocol {
        match self {
            Self::Http => Protocol::Http,
            Self::HttpJson => Protocol::HttpJson,
            Self::Grpc => Protocol::Grpc,
        }
    }
}

/// What it answers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Reply {
    Take,
    /// Takes all but so many.
    TakeBut(u32),
    /// Comes back later: with the header `Retry-After`, or a `RetryInfo`.
    Busy(Option<Duration>),
    /// Has no room, by code 8 of gRPC or 413 of HTTP, and does not say when there will be.
    Full,
    /// Does not like the request.
    Refuse,
    /// Never answers.
    Hang,
}

/// A request that has come.
#[derive(Debug, Clone)]
pub(crate) struct Received {
    pub(crate) body: ExportTraceServiceRequest,
    pub(crate) headers: Vec<(String, String)>,
    pub(crate) reply: Reply,
}

impl Received {
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
    }

    pub(crate) fn spans(&self) -> impl Iterator<Item = &Span> {
        self.body
            .resource_spans
            .iter()
            .flat_map(|resource| &resource.scope_spans)
            .flat_map(|scope| &scope.spans)
    }
}

#[derive(Default)]
struct Notes {
    received: Vec<Received>,
    script: VecDeque<Reply>,
    usual: Option<Reply>,
}

#[derive(Default)]
struct Desk {
    notes: Mutex<Notes>,
    changed: Condvar,
}

pub(crate) struct Collector {
    speaks: Speaks,
    address: SocketAddr,
    desk: Arc<Desk>,
    runtime: Option<Runtime>,
}

impl Collector {
    pub(crate) fn new(speaks: Speaks) -> Self {
        let address = StdListener::bind((own_address(), 0)).unwrap().local_addr().unwrap();
        let mut collector = Self { speaks, address, desk: Arc::default(), runtime: None };
        collector.start();
        collector
    }

    /// One that answers so, first of all.
    pub(crate) fn script(speaks: Speaks, replies: &[Reply]) -> Self {
        let collector = Self::new(speaks);
        collector.desk.notes.lock().unwrap().script.extend(replies);
        collector
    }

    /// One that always answers so.
    pub(crate) fn always(speaks: Speaks, reply: Reply) -> Self {
        let collector = Self::new(speaks);
        collector.desk.notes.lock().unwrap().usual = Some(reply);
        collector
    }

    pub(crate) fn reply_always(&self, reply: Reply) {
        self.desk.notes.lock().unwrap().usual = Some(reply);
    }

    /// Kills it: all its sockets are gone. What it has received is still known.
    pub(crate) fn kill(&mut self) {
        if let Some(runtime) = self.runtime.take() {
            runtime.shutdown_timeout(LONG);
        }
    }

    /// Starts it again at the same address.
    pub(crate) fn start(&mut self) {
        let runtime =
            tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build().unwrap();
        let listener = runtime.block_on(TcpListener::bind(self.address)).unwrap();
        let desk = Arc::clone(&self.desk);
        match self.speaks {
            Speaks::Http | Speaks::HttpJson => {
                let app = Router::new()
                    .route("/v1/traces", post(http))
                    .layer(DefaultBodyLimit::disable())
                    .with_state(desk);
                runtime.spawn(async move { axum::serve(listener, app).await });
            }
            Speaks::Grpc => {
                let service = TraceServiceServer::new(Grpc(desk))
                    .accept_compressed(CompressionEncoding::Gzip)
                    .send_compressed(CompressionEncoding::Gzip);
                let incoming = tonic::transport::server::TcpIncoming::from(listener);
                let server = tonic::transport::Server::builder().add_service(service);
                runtime.spawn(server.serve_with_incoming(incoming));
            }
        }
        self.runtime = Some(runtime);
    }

    pub(crate) fn speaks(&self) -> Speaks {
        self.speaks
    }

    pub(crate) fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    pub(crate) fn received(&self) -> Vec<Received> {
        self.desk.notes.lock().unwrap().received.clone()
    }

    /// The spans that it has taken, in order.
    pub(crate) fn spans(&self) -> Vec<Span> {
        let took = |received: &&Received| matches!(received.reply, Reply::Take | Reply::TakeBut(_));
        self.received()
            .iter()
            .filter(took)
            .flat_map(|received| received.spans().cloned().collect::<Vec<_>>())
            .collect()
    }

    /// Waits until so many requests have come.
    pub(crate) fn wait_for(&self, requests: usize) {
        let notes = self.desk.notes.lock().unwrap();
        let few = |notes: &mut Notes| notes.received.len() < requests;
        let (_notes, waited) = self.desk.changed.wait_timeout_while(notes, LONG, few).unwrap();
        assert!(!waited.timed_out(), "{requests} requests have not come");
    }
}

/// An address of this machine that no other collector has, in this process or in another that runs beside it, so that
/// nobody takes the port of one that is down.
fn own_address() -> Ipv4Addr {
    static LAST: AtomicU8 = AtomicU8::new(1);
    // Others than Linux have only the first.
    if cfg!(not(target_os = "linux")) {
        return Ipv4Addr::LOCALHOST;
    }
    let [.., high, low] = std::process::id().to_be_bytes();
    Ipv4Addr::new(127, high, low, LAST.fetch_add(1, Ordering::Relaxed) + 1)
}

impl Drop for Collector {
    fn drop(&mut self) {
        if let Some(runtime) = self.runtime.take() {
            runtime.shutdown_background();
        }
    }
}

impl Desk {
    fn note(&self, body: ExportTraceServiceRequest, headers: &HeaderMap) -> Reply {
        let mut notes = self.notes.lock().unwrap_or_else(PoisonError::into_inner);
        let usual = notes.usual.unwrap_or(Reply::Take);
        let reply = notes.script.pop_front().unwrap_or(usual);
        let headers = headers
            .iter()
            .map(|(name, value)| (name.to_string(), String::from_utf8_lossy(value.as_bytes()).into_owned()))
            .collect();
        notes.received.push(Received { body, headers, reply });
        self.changed.notify_all();
        reply
    }
}

fn answer(rejected: u32) -> ExportTraceServiceResponse {
    let partial_success = (rejected > 0).then(|| ExportTracePartialSuccess {
        rejected_spans: rejected.into(),
        error_message: "too old".into(),
    });
    ExportTraceServiceResponse { partial_success }
}

/// `google.rpc.Status`, written by the crate of the protocol.
#[derive(Clone, PartialEq, Message)]
struct RpcStatus {
    #[prost(int32, tag = "1")]
    code: i32,
    #[prost(string, tag = "2")]
    message: String,
    #[prost(message, repeated, tag = "3")]
    details: Vec<Any>,
}

#[derive(Clone, PartialEq, Message)]
struct Any {
    #[prost(string, tag = "1")]
    type_url: String,
    #[prost(bytes = "vec", tag = "2")]
    value: Vec<u8>,
}

#[derive(Clone, PartialEq, Message)]
struct RetryInfo {
    #[prost(message, optional, tag = "1")]
    retry_delay: Option<Delay>,
}

#[derive(Clone, PartialEq, Message)]
struct Delay {
    #[prost(int64, tag = "1")]
    seconds: i64,
    #[prost(int32, tag = "2")]
    nanos: i32,
}

fn status(code: Code, message: &str, after: Option<Duration>) -> RpcStatus {
    let delay =
        |after: Duration| Delay { seconds: after.as_secs() as i64, nanos: after.subsec_nanos() as i32 };
    let details = after.map(|after| Any {
        type_url: "type.googleapis.com/google.rpc.RetryInfo".into(),
        value: RetryInfo { retry_delay: Some(delay(after)) }.encode_to_vec(),
    });
    RpcStatus { code: code as i32, message: message.into(), details: details.into_iter().collect() }
}

async fn http(State(desk): State<Arc<Desk>>, headers: HeaderMap, body: Bytes) -> HttpResponse {
    let mut unpacked = Vec::new();
    let body = match headers.get("content-encoding").map(|value| value.as_bytes()) {
        Some(b"gzip") => {
            flate2::read::GzDecoder::new(&*body).read_to_end(&mut unpacked).unwrap();
            unpacked.as_slice()
        }
        None => &body,
        Some(other) => panic!("{other:?}"),
    };
    let is_json = headers["content-type"] == "application/json";
    let request = match is_json {
        true => serde_json::from_slice(body).unwrap(),
        false => {
            assert_eq!(headers["content-type"], "application/x-protobuf");
            ExportTraceServiceRequest::decode(body).unwrap()
        }
    };
    let words = |code: Code, message: &str| match is_json {
        true => serde_json::json!({ "code": code as i32, "message": message }).to_string().into_bytes(),
        false => status(code, message, None).encode_to_vec(),
    };
    let taken = |rejected| match is_json {
        true => serde_json::to_vec(&answer(rejected)).unwrap(),
        false => answer(rejected).encode_to_vec(),
    };
    match desk.note(request, &headers) {
        Reply::Take => taken(0).into_response(),
        Reply::TakeBut(rejected) => taken(rejected).into_response(),
        Reply::Busy(None) => StatusCode::SERVICE_UNAVAILABLE.into_response(),
        Reply::Busy(Some(after)) => {
            let body = words(Code::Unavailable, "busy");
            (StatusCode::SERVICE_UNAVAILABLE, [(RETRY_AFTER, after.as_secs().to_string())], body)
                .into_response()
        }
        Reply::Full => {
            (StatusCode::PAYLOAD_TOO_LARGE, words(Code::ResourceExhausted, "full")).into_response()
        }
        Reply::Refuse => {
            (StatusCode::BAD_REQUEST, words(Code::InvalidArgument, "no such tenant")).into_response()
        }
        Reply::Hang => std::future::pending().await,
    }
}

struct Grpc(Arc<Desk>);

#[tonic::async_trait]
impl TraceService for Grpc {
    async fn export(
        &self,
        request: Request<ExportTraceServiceRequest>,
    ) -> Result<Response<ExportTraceServiceResponse>, Status> {
        let headers = request.metadata().clone().into_headers();
        match self.0.note(request.into_inner(), &headers) {
            Reply::Take => Ok(Response::new(answer(0))),
            Reply::TakeBut(rejected) => Ok(Response::new(answer(rejected))),
            Reply::Busy(after) => {
                let details = status(Code::Unavailable, "busy", after).encode_to_vec();
                Err(Status::with_details(Code::Unavailable, "busy", details.into()))
            }
            Reply::Full => Err(Status::resource_exhausted("full")),
            Reply::Refuse => Err(Status::invalid_argument("no such tenant")),
            Reply::Hang => std::future::pending().await,
        }
    }
}
