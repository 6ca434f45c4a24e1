use mainstay::health::HealthCheck;

#[mainstay::health_check]
fn size() -> usize {
    3
}

struct NoDisplay;

#[mainstay::health_check]
async fn database() -> Result<(), NoDisplay> {
    Err(NoDisplay)
}

fn length(text: &String) -> usize {
    text.len()
}

#[derive(HealthCheck)]
struct Deps {
    #[check(with = length)]
    name: String,
}

fn main() {}
