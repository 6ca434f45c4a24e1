#[mainstay::health_check(live)]
async fn database() -> bool {
    true
}

struct Orders;

#[mainstay::health_check]
impl Orders {
    #[check(live, ready)]
    async fn history(&self) -> bool {
        true
    }
}

fn main() {}
