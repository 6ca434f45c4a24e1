//! A time limit on an async call over a real socket, and one on a sync function.
//!
//! ```text
//! cargo run --example timeout
//! ```

use std::{io, net::SocketAddr, thread, time::Duration};

use mainstay::timeout;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpListener, TcpStream},
};

/// A server that answers after the number of milliseconds it is sent.
async fn serve(listener: TcpListener) -> io::Result<()> {
    loop {
        let (mut socket, _) = listener.accept().await?;
        tokio::spawn(async move {
            let millis = socket.read_u64().await?;
            tokio::time::sleep(Duration::from_millis(millis)).await;
            socket.write_u64(millis).await
        });
    }
}

#[timeout("ask", "100ms", map_err = io::Error::other)]
async fn ask(server: SocketAddr, millis: u64) -> io::Result<u64> {
    let mut socket = TcpStream::connect(server).await?;
    socket.write_u64(millis).await?;
    socket.read_u64().await
}

#[timeout("work", "100ms", blocking = thread)]
fn work(millis: u64) -> Result<u64, mainstay::Error> {
    thread::sleep(Duration::from_millis(millis));
    println!("  the work of {millis} ms is done, heard or not");
    Ok(millis)
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> io::Result<()> {
    let listener = TcpListener::bind("127.0.0.1:0").await?;
    let server = listener.local_addr()?;
    tokio::spawn(serve(listener));

    for millis in [20, 500] {
        println!("async, {millis} ms: {:?}", ask(server, millis).await.map_err(|error| error.to_string()));
    }
    for millis in [20, 250] {
        println!("sync, {millis} ms: {:?}", work(millis).map_err(|error| error.to_string()));
    }
    // The thread goes on alone.
    thread::sleep(Duration::from_millis(200));
    Ok(())
}
