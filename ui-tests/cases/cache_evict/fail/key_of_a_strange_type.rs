use mainstay::cache_evict;

struct User;

#[cache_evict("users", key = user)]
async fn set(user: User) -> Result<(), mainstay::Error> {
    let _ = user;
    Ok(())
}

fn main() {}
