//! Options set from a file that changes while calls run, and from variables that go before it.
//!
//! ```text
//! cargo run --example overrides --features yaml
//! MAINSTAY_RENDER_BULKHEAD_LIMIT=1 cargo run --example overrides --features yaml
//! MAINSTAY_RENDER_BULKHEAD_LIMITS=1 cargo run --example overrides --features yaml
//! ```

use std::{fs, sync::mpsc, time::Duration};

use mainstay::{
    Error, bulkhead, observe,
    overrides::{Yaml, overrides},
    policies, retry,
};

#[retry("render", max_attempts = 2, initial_delay = "10ms")]
#[bulkhead("render", 2)]
fn render(page: u32) -> Result<u32, Error> {
    Ok(page)
}

fn limit(limit: &str) -> String {
    format!(
        "kinds:\n  retry: {{ max_attempts: 4 }}\npolicies:\n  render:\n    bulkhead: {{ limit: {limit} }}\n"
    )
}

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let file = std::env::temp_dir().join(format!("policies-{}.yaml", std::process::id()));
    fs::write(&file, limit("3"))?;
    let (tell, told) = mpsc::channel();
    let _listening = observe::listen(move |event| {
        if let observe::Event::Overridden { policy, option, old, new, origin, .. } = event {
            println!("{policy}: {option} was {old} and is {new}, says {origin}");
            let _ = tell.send(());
        }
    });
    overrides().source(Yaml::file(&file)).environment().watch(Duration::from_millis(50)).load()?;
    println!("page {} rendered\n\n{}", render(1)?, policies().explain());

    // Somebody edits the file.
    while told.try_recv().is_ok() {}
    fs::write(&file, limit("5"))?;
    if told.recv_timeout(Duration::from_secs(2)).is_err() {
        println!("a variable goes before the file, so nothing changed");
    }

    // And makes a mistake.
    fs::write(&file, limit("5 or so"))?;
    if let Err(error) = mainstay::overrides::reload() {
        println!("\n{error}");
    }
    println!("the limit is still {}", policies().bulkhead("render").map_or(0, |bulkhead| bulkhead.limit()));
    fs::remove_file(&file)?;
    Ok(())
}
