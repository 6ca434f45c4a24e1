use std::{
    env, fs,
    path::{Path, PathBuf},
    process::Command,
};

use super::ServerError;

/// A server's program, and the libraries that were unpacked beside it.
#[derive(Debug, Clone)]
pub(super) struct Program {
    path: PathBuf,
    libraries: Vec<PathBuf>,
}

impl Program {
    /// The one named by the environment variable `named_by`, else the first of `names` on `PATH`, in `folders`, or where
    /// `.ci/servers` unpacks packages. A `*` in a folder stands for the highest of its numbers.
    pub(super) fn find(names: &[&str], folders: &[&str], named_by: &str) -> Result<Self, ServerError> {
        if let Some(path) = env::var_os(named_by).map(PathBuf::from) {
            if path.is_file() {
                return Ok(Self { path, libraries: Vec::new() });
            }
            return Err(ServerError::new(format!("{named_by} is {}, where no file is", path.display())));
        }
        let unpacked = unpacked();
        let on_path = env::var_os("PATH").unwrap_or_default();
        let installed =
            env::split_paths(&on_path).chain(folders.iter().filter_map(|f| numbered(Path::new(f))));
        let beneath = |folder: &&str| numbered(&unpacked.join(folder.trim_start_matches('/')));
        let cached = ["/usr/bin"].iter().chain(folders).filter_map(beneath);
        let found = installed
            .chain(cached)
            .find_map(|folder| names.iter().map(|name| folder.join(name)).find(|path| path.is_file()));
        let Some(path) = found else {
            let names = names.join(" or ");
            return Err(ServerError::new(format!(
                "no {names} on PATH or in {}; run `.ci/servers`, which gets it, or name one in {named_by}",
                unpacked.display()
            )));
        };
        let libraries = if path.starts_with(&unpacked) { libraries(&unpacked) } else { Vec::new() };
        Ok(Self { path, libraries })
    }

    /// The program, ready for arguments.
    pub(super) fn command(&self) -> Command {
        let mut command = Command::new(&self.path);
        if !self.libraries.is_empty()
            && let Ok(paths) = env::join_paths(&self.libraries)
        {
            command.env("LD_LIBRARY_PATH", paths);
        }
        command
    }
}

/// Where `.ci/servers` unpacks: `MAINSTAY_SERVERS`, or `target/servers` of the workspace.
fn unpacked() -> PathBuf {
    env::var_os("MAINSTAY_SERVERS")
        .map_or_else(|| Path::new(env!("CARGO_MANIFEST_DIR")).join("../target/servers"), PathBuf::from)
}

/// `folder` with its `*`, if there is one, replaced by the highest number that exists.
fn numbered(folder: &Path) -> Option<PathBuf> {
    let text = folder.to_str()?;
    let Some((before, after)) = text.split_once("*/") else { return Some(folder.to_owned()) };
    let entries = fs::read_dir(before).ok()?.flatten();
    let highest = entries.filter_map(|entry| entry.file_name().to_str()?.parse::<u32>().ok()).max()?;
    Some(Path::new(before).join(highest.to_string()).join(after))
}

/// `usr/lib` in the folder of unpacked packages, and what it holds for this architecture.
fn libraries(unpacked: &Path) -> Vec<PathBuf> {
    let lib = unpacked.join("usr/lib");
    let inner = fs::read_dir(&lib).into_iter().flatten().flatten().map(|entry| entry.path());
    let inner = inner.filter(|path| path.to_string_lossy().ends_with("-linux-gnu")).collect::<Vec<_>>();
    inner.into_iter().chain([lib]).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_missing_program_is_told_with_the_remedy() {
        let missing =
            Program::find(&["no-such-server"], &["/usr/lib/none/*/bin"], "MAINSTAY_NO_SUCH").unwrap_err();
        let told = missing.to_string();
        assert!(told.starts_with("no no-such-server on PATH or in "), "{told}");
        assert!(
            told.ends_with("run `.ci/servers`, which gets it, or name one in MAINSTAY_NO_SUCH"),
            "{told}"
        );
    }

    #[test]
    fn a_star_stands_for_the_highest_number() {
        let folder = super::super::folder::Folder::new("numbers").unwrap();
        for number in ["9", "15", "common"] {
            fs::create_dir_all(folder.path().join(number).join("bin")).unwrap();
        }
        let starred = folder.path().join("*/bin");
        assert_eq!(numbered(&starred), Some(folder.path().join("15/bin")));
    }
}
