use redis::{
    Cmd, FromRedisValue, Pipeline, RedisResult, ScriptInvocation, Value, aio::MultiplexedConnection,
};

use crate::failure::Failure;

/// What is sent in one round trip.
pub(crate) enum Request {
    Command(Cmd),
    Pipeline(Pipeline),
    /// By its digest. A server that does not know it, because it was restarted, is told and asked again.
    Script(ScriptInvocation<'static>),
}

impl Request {
    pub(crate) async fn send(&self, connection: &mut MultiplexedConnection) -> RedisResult<Value> {
        match self {
            Self::Command(command) => command.query_async(connection).await,
            Self::Pipeline(pipeline) => pipeline.query_async(connection).await,
            Self::Script(script) => script.invoke_async(connection).await,
        }
    }
}

/// The answer as what it must be.
pub(crate) fn read<T: FromRedisValue>(answer: Value) -> Result<T, Failure> {
    redis::from_redis_value::<T>(answer).map_err(|error| Failure::from(redis::RedisError::from(error)))
}
