struct Pool;

#[mainstay::health_check]
async fn database(pool: &Pool) -> bool {
    let _ = pool;
    true
}

#[mainstay::health_check]
fn search<T>() -> bool {
    true
}

struct Orders;

impl Orders {
    #[mainstay::health_check]
    fn is_open(&self) -> bool {
        true
    }
}

#[mainstay::health_check]
impl Orders {
    #[check]
    fn has_room(&mut self, more: usize) -> bool {
        more > 0
    }
}

fn main() {}
