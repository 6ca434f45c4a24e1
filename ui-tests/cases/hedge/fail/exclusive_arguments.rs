use mainstay::hedge;

struct Client;

impl Client {
    #[hedge(safe)]
    async fn call(&mut self, buffer: &mut Vec<u8>, mut left: u32) -> Result<u32, mainstay::Error> {
        left -= 1;
        buffer.push(1);
        Ok(left)
    }

    #[hedge(safe)]
    async fn spend(mut self) -> Result<u32, mainstay::Error> {
        drop(&mut self);
        Ok(1)
    }
}

fn main() {}
