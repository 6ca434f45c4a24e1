use std::{
    net::{Ipv4Addr, TcpListener},
    sync::atomic::{AtomicU32, Ordering},
    time::{SystemTime, UNIX_EPOCH},
};

use super::ServerError;

/// A loopback port of one server, outside the range from which the system takes ports for connections that go out.
///
/// It stays this server's also while the server is away: nobody else who asks for a port here is given it, in this process
/// or another. Without that, what a test expects of a killed server could be said by somebody else's.
#[derive(Debug)]
pub(super) struct Port {
    number: u16,
    _claim: Claim,
}

impl Port {
    /// One that nobody listens on.
    pub(super) fn free() -> Result<Self, ServerError> {
        static ASKED: AtomicU32 = AtomicU32::new(0);
        let nanos = SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |since| since.subsec_nanos());
        let start = nanos ^ std::process::id().wrapping_mul(7919);
        for _ in 0..1000 {
            let nth = ASKED.fetch_add(1, Ordering::Relaxed);
            let number = 20_000 + (start.wrapping_add(nth.wrapping_mul(37)) % 12_000) as u16;
            let Some(claim) = Claim::on(number) else { continue };
            if TcpListener::bind((Ipv4Addr::LOCALHOST, number)).is_ok() {
                return Ok(Self { number, _claim: claim });
            }
        }
        Err(ServerError::new("no free port on 127.0.0.1 between 20000 and 32000"))
    }

    pub(super) fn number(&self) -> u16 {
        self.number
    }
}

/// A name of the system that one process at a time can have, and that goes with it however it ends.
#[cfg(target_os = "linux")]
#[derive(Debug)]
struct Claim(#[expect(dead_code, reason = "held, not used")] std::os::unix::net::UnixListener);

#[cfg(target_os = "linux")]
impl Claim {
    fn on(port: u16) -> Option<Self> {
        use std::os::{
            linux::net::SocketAddrExt as _,
            unix::net::{SocketAddr, UnixListener},
        };
        let name = SocketAddr::from_abstract_name(format!("mainstay-port-{port}")).ok()?;
        UnixListener::bind_addr(&name).ok().map(Self)
    }
}

/// Other systems have no such names: there two may be given the same port while neither listens.
#[cfg(not(target_os = "linux"))]
#[derive(Debug)]
struct Claim;

#[cfg(not(target_os = "linux"))]
impl Claim {
    fn on(_: u16) -> Option<Self> {
        Some(Self)
    }
}

#[cfg(all(test, target_os = "linux"))]
mod tests {
    use super::*;

    #[test]
    fn a_port_is_one_servers_until_it_is_dropped_although_nobody_listens() {
        let port = Port::free().unwrap();
        let number = port.number();
        assert!(TcpListener::bind((Ipv4Addr::LOCALHOST, number)).is_ok());
        assert!(Claim::on(number).is_none());
        drop(port);
        // Another test may be the next to have it, for a while.
        while Claim::on(number).is_none() {
            std::thread::yield_now();
        }
    }
}
