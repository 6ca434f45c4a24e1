use mainstay::hedge;

struct Client {
    left: u32,
}

impl Client {
    #[hedge(safe)]
    async fn call(&mut self, buffer: &mut Vec<u8>, mut left: u32) -> Result<u32, mainstay::Error> {
        left -= 1;
        buffer.push(1);
        Ok(left)
    }

    #[hedge(safe)]
    async fn spend(mut self) -> Result<u32, mainstay::Error> {
        self.left -= 1;
        Ok(self.left)
    }
}

fn main() {}
