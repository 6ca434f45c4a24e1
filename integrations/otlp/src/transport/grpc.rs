use std::time::Duration;

use bytes::Bytes;
use http::{Uri, uri::PathAndQuery};
use tokio::runtime::{Builder, Handle, Runtime};
use tonic::{
    Code, Request, Status,
    client::Grpc as Client,
    codec::CompressionEncoding,
    metadata::{MetadataKey, MetadataMap, MetadataValue},
    transport::{Channel, Endpoint},
};

use super::{Answer, Failure, Retry, Transport, codec::Raw, failure};
use crate::{SetupError, USER_AGENT, settings::Wire};

/// OTLP over gRPC.
pub(crate) struct Grpc {
    client: Client<Channel>,
    metadata: MetadataMap,
    wire: Wire,
    // Last: what is above ends within it.
    runtime: Background,
}

const METHOD: PathAndQuery =
    PathAndQuery::from_static("/opentelemetry.proto.collector.trace.v1.TraceService/Export");

impl Grpc {
    pub(crate) fn new(wire: Wire) -> Result<Self, SetupError> {
        let wrong = |problem: &str| SetupError::option("endpoint", Some(wire.endpoint.clone()), problem);
        let uri: Uri =
            wire.endpoint.parse().map_err(|_| wrong("write an address such as `http://localhost:4317`"))?;
        let endpoint =
            Endpoint::from(uri).user_agent(USER_AGENT).map_err(|_| wrong("no user agent can be set"))?;
        #[cfg(feature = "tls")]
        let endpoint = match &wire.tls {
            Some(tls) => endpoint.tls_config(super::tls::for_grpc(tls)).map_err(|error| {
                SetupError::option("tls_root", None, "no connection can be encrypted with it")
                    .with_source(error)
            })?,
            None => endpoint,
        };
        let runtime = Background::new()?;
        // The channel's tasks live on the runtime that is entered here. It connects when it is first used.
        let handle = runtime.handle();
        let entered = handle.enter();
        let channel = endpoint.connect_lazy();
        drop(entered);
        let mut client = Client::new(channel);
        if wire.gzip {
            client = client.send_compressed(CompressionEncoding::Gzip);
        }
        let client = client.accept_compressed(CompressionEncoding::Gzip);
        Ok(Self { client, metadata: metadata(&wire.headers)?, wire, runtime })
    }
}

impl Transport for Grpc {
    fn send(&mut self, body: &[u8], limit: Duration) -> Result<Answer, Failure> {
        let mut request = Request::new(Bytes::copy_from_slice(body));
        *request.metadata_mut() = self.metadata.clone();
        request.set_timeout(limit);
        let client = &mut self.client;
        let call = async {
            client
                .ready()
                .await
                .map_err(|error| Failure::passes("it cannot be reached", None).with_source(error))?;
            client.unary(request, METHOD, Raw).await.map_err(refused)
        };
        let answered = self.runtime.block_on(async { tokio::time::timeout(limit, call).await })?;
        let response = answered.map_err(|_| Failure::passes("it did not answer in time", None))??;
        Ok(Answer::read(response.get_ref()))
    }

    fn endpoint(&self) -> &str {
        &self.wire.endpoint
    }
}

/// Which codes pass is written in the specification of OTLP.
fn refused(status: Status) -> Failure {
    // A collector's own words have no cause on this side: the connection is lost.
    if std::error::Error::source(&status).is_some() {
        return Failure::passes("the connection was lost", None).with_source(status);
    }
    let told = failure::retry_info(status.details());
    let retry = match status.code() {
        Code::Cancelled
        | Code::DeadlineExceeded
        | Code::Aborted
        | Code::OutOfRange
        | Code::Unavailable
        | Code::DataLoss => Retry::After(told),
        // Unless it says when there will be room, there will be none.
        Code::ResourceExhausted if told.is_some() => Retry::After(told),
        _ => Retry::Never,
    };
    let hint = match status.code() {
        Code::Unauthenticated | Code::PermissionDenied => {
            "; look at the headers, such as `OTEL_EXPORTER_OTLP_HEADERS`"
        }
        Code::Unimplemented => "; does it take OTLP over gRPC there?",
        _ => "",
    };
    let (code, message) = (status.code(), status.message());
    let separator = if message.is_empty() { "" } else { ": " };
    let failure =
        Failure { retry, ..Failure::is_final(format!("it answered {code:?}{separator}{message}{hint}")) };
    failure.with_source(status)
}

fn metadata(headers: &[(String, String)]) -> Result<MetadataMap, SetupError> {
    let mut metadata = MetadataMap::with_capacity(headers.len());
    for (name, value) in headers {
        let wrong = || {
            SetupError::option("header", Some(name.clone()), "its name or its value cannot be sent over gRPC")
        };
        let key = MetadataKey::from_bytes(name.to_ascii_lowercase().as_bytes()).map_err(|_| wrong())?;
        metadata.insert(key, MetadataValue::try_from(value).map_err(|_| wrong())?);
    }
    Ok(metadata)
}

/// A runtime of our own, which may be dropped anywhere.
struct Background(Option<Runtime>);

impl Background {
    fn new() -> Result<Self, SetupError> {
        let runtime = Builder::new_current_thread().enable_io().enable_time().build();
        runtime.map(|runtime| Self(Some(runtime))).map_err(|error| {
            SetupError::option("exporter", None, "the system has no room for its connections")
                .with_source(error)
        })
    }

    fn handle(&self) -> Handle {
        match &self.0 {
            Some(runtime) => runtime.handle().clone(),
            None => Handle::current(),
        }
    }

    fn block_on<F: Future>(&self, future: F) -> Result<F::Output, Failure> {
        match &self.0 {
            Some(runtime) if Handle::try_current().is_err() => Ok(runtime.block_on(future)),
            _ => {
                Err(Failure::is_final("spans are sent from a thread of their own, not from within a runtime"))
            }
        }
    }
}

impl Drop for Background {
    fn drop(&mut self) {
        if let Some(runtime) = self.0.take() {
            // Waiting for it is forbidden within another runtime.
            runtime.shutdown_background();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn six_answers_pass() {
        let passing: Vec<_> = (0..=16)
            .map(Code::from_i32)
            .filter(|code| refused(Status::new(*code, "")).retry != Retry::Never)
            .collect();
        let expected = [
            Code::Cancelled,
            Code::DeadlineExceeded,
            Code::Aborted,
            Code::OutOfRange,
            Code::Unavailable,
            Code::DataLoss,
        ];
        assert!(expected.iter().all(|code| passing.contains(code)), "{passing:?}");
        assert_eq!(passing.len(), expected.len(), "{passing:?}");
    }

    #[test]
    fn no_room_passes_where_the_collector_says_when() {
        // A `google.rpc.Status` with a `RetryInfo` of 3 s.
        let mut details =
            b"\x1a\x30\x0a\x28type.googleapis.com/google.rpc.RetryInfo\x12\x04\x0a\x02\x08\x03".to_vec();
        details[1] = (details.len() - 2) as u8;
        let status = Status::with_details(Code::ResourceExhausted, "full", details.into());
        assert_eq!(refused(status).retry, Retry::After(Some(Duration::from_secs(3))));
    }

    #[test]
    fn it_may_be_dropped_and_asked_within_a_runtime() {
        let wire = Wire {
            endpoint: "http://127.0.0.1:9".to_owned(),
            headers: Vec::new(),
            gzip: false,
            may_proxy: false,
            tls: None,
        };
        tokio::runtime::Runtime::new().unwrap().block_on(async {
            let mut grpc = Grpc::new(wire).unwrap();
            assert_eq!(grpc.send(&[], Duration::from_secs(1)).unwrap_err().retry, Retry::Never);
        });
    }
}
