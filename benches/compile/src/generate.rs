//! Writes the crates that are compiled.

use std::{
    fmt::Write as _,
    fs, io,
    path::{Path, PathBuf},
};

use crate::variant::{ALL, Shape, Variant};

/// A temporary workspace with a crate per variant.
pub struct Workspace {
    folder: tempfile::TempDir,
    /// Functions per module: an edit then touches one module of many, as it does in a service.
    per_module: usize,
}

impl Workspace {
    pub fn create(per_module: usize) -> io::Result<Self> {
        let workspace = Self { folder: tempfile::tempdir()?, per_module };
        let members: Vec<_> = ALL.iter().map(|variant| format!("{:?}", variant.package())).collect();
        let profile = "[profile.release]\nstrip = true\n";
        let manifest =
            format!("[workspace]\nresolver = \"3\"\nmembers = [{}]\n\n{profile}", members.join(", "));
        fs::write(workspace.root().join("Cargo.toml"), manifest)?;
        // The peers stay what they were when the published figures were taken.
        fs::write(workspace.root().join("Cargo.lock"), include_str!("../peers.lock"))?;
        for variant in &ALL {
            fs::create_dir_all(workspace.sources(variant))?;
            let dependencies = variant.dependencies.replace("{mainstay}", checkout());
            let manifest = format!(
                "[package]\nname = {:?}\nversion = \"0.0.0\"\nedition = \"2024\"\n\n[dependencies]\n{dependencies}\n",
                variant.package()
            );
            fs::write(workspace.root().join(variant.package()).join("Cargo.toml"), manifest)?;
            workspace.write(variant, 0)?;
        }
        Ok(workspace)
    }

    pub fn root(&self) -> &Path {
        self.folder.path()
    }

    fn sources(&self, variant: &Variant) -> PathBuf {
        self.root().join(variant.package()).join("src")
    }

    /// Writes the crate anew with so many functions.
    pub fn write(&self, variant: &Variant, functions: usize) -> io::Result<()> {
        let sources = self.sources(variant);
        fs::remove_dir_all(&sources)?;
        fs::create_dir_all(&sources)?;
        let modules = functions.div_ceil(self.per_module);
        for module in 0..modules {
            let first = module * self.per_module;
            let text = module_text(variant, first, (first + self.per_module).min(functions));
            fs::write(sources.join(format!("m{module}.rs")), text)?;
        }
        fs::write(sources.join("main.rs"), main_text(variant, modules))
    }

    /// Changes one number in the body of the first function.
    pub fn edit(&self, variant: &Variant) -> io::Result<()> {
        let module = self.sources(variant).join("m0.rs");
        if !module.exists() {
            return fs::write(self.sources(variant).join("main.rs"), main_text(variant, 0) + "\n");
        }
        let text = fs::read_to_string(&module)?;
        fs::write(module, text.replacen("* 3", "* 4", 1))
    }
}

/// The path of the checkout that this tool stands in.
pub fn checkout() -> &'static str {
    concat!(env!("CARGO_MANIFEST_DIR"), "/../..")
}

fn main_text(variant: &Variant, modules: usize) -> String {
    let (policy, from) = match variant.ours {
        true => (
            "    Policy(mainstay::Error),\n",
            "impl From<mainstay::Error> for ShopError {\n    fn from(error: mainstay::Error) -> Self {\n        \
             Self::Policy(error)\n    }\n}\n",
        ),
        false => ("", ""),
    };
    let mut text = format!(
        "#[derive(Debug)]\npub enum ShopError {{\n    TooMuch,\n    Declined(u64),\n{policy}}}\n\n{from}
pub async fn transfer(order: u64, cents: u64) -> Result<u64, ShopError> {{
    if cents > 1_000_000 {{ Err(ShopError::Declined(order)) }} else {{ Ok(order ^ cents) }}
}}\n\npub struct Shop;\n\n"
    );
    let mut calls = String::new();
    for module in 0..modules {
        let _ = writeln!(text, "mod m{module};");
        let _ = writeln!(calls, "    m{module}::drive(&mut cx);");
    }
    let cx = "let mut cx = std::task::Context::from_waker(std::task::Waker::noop());\n    let _ = &mut cx;";
    let _ = write!(text, "\nfn main() {{\n    {cx}\n{calls}}}\n");
    text
}

/// The functions, and one that polls each of them once: what nobody polls is never compiled.
fn module_text(variant: &Variant, first: usize, end: usize) -> String {
    let mut text = String::from("use crate::{Shop, ShopError, transfer};\n\n");
    let mut polls = String::new();
    for number in first..end {
        let attributes = variant.attributes;
        let body = format!(
            "{{
    let fee = cents / {} + order % 7 * 3;
    let total = cents.checked_add(fee).ok_or(ShopError::TooMuch)?;
    let receipt = transfer(order, total).await?;
    Ok(format!(\"order {{order}} has receipt {{receipt}}\"))
}}",
            number + 11
        );
        let _ = match variant.shape {
            Shape::Function => write!(
                text,
                "/// Charges an order.\n{attributes}\npub async fn charge_{number}(order: u64, cents: u64) -> \
                 Result<String, ShopError> {body}\n\n"
            ),
            Shape::Method => write!(
                text,
                "{attributes}\npub trait Charge{number} {{\n    /// Charges an order.\n    async fn \
                 charge_{number}(&self, order: u64, cents: u64) -> Result<String, ShopError>;\n}}\n\n{attributes}\n\
                 impl Charge{number} for Shop {{\n    async fn charge_{number}(&self, order: u64, cents: u64) -> \
                 Result<String, ShopError> {body}\n}}\n\n"
            ),
        };
        let call = match variant.shape {
            Shape::Function => format!("charge_{number}(1, 2)"),
            Shape::Method => format!("Shop.charge_{number}(1, 2)"),
        };
        let _ = writeln!(polls, "    poll(cx, {call});");
    }
    let _ = write!(
        text,
        "fn poll<F: Future>(cx: &mut std::task::Context<'_>, call: F) {{\n    let _ = \
         std::pin::pin!(call).poll(cx);\n}}\n\npub fn drive(cx: &mut std::task::Context<'_>) {{\n    let _ = \
         &Shop;\n{polls}}}\n"
    );
    text
}
