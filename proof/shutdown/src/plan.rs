/// What is asked for on the command line.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Plan {
    pub(crate) shutdowns: u64,
    pub(crate) at_once: u64,
    pub(crate) seed: u64,
    /// Whether the service is served by axum's own server, for comparison.
    pub(crate) plain: bool,
}

impl Plan {
    pub(crate) fn read(arguments: &[String]) -> Result<Self, String> {
        let mut plan = Self { shutdowns: 1000, at_once: 4, seed: 1, plain: false };
        let mut rest = arguments.iter();
        while let Some(name) = rest.next() {
            if name == "--plain" {
                plan.plain = true;
                continue;
            }
            let value = rest.next().ok_or_else(|| format!("{name} needs a number"))?;
            let value = value.parse().map_err(|_| format!("{name} needs a number, and {value} is none"))?;
            match name.as_str() {
                "--shutdowns" => plan.shutdowns = value,
                "--at-once" => plan.at_once = value.max(1),
                "--seed" => plan.seed = value,
                other => {
                    return Err(format!(
                        "{other} is no option: there are --shutdowns, --at-once, --seed and --plain"
                    ));
                }
            }
        }
        Ok(plan)
    }
}
