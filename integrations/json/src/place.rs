use std::fmt;

/// Where in a value something is: the names and numbers that lead there, the innermost first.
#[derive(Debug, Default, Clone)]
pub(crate) struct Place(Vec<String>);

impl Place {
    /// The same, seen from the value that has it in the member of this name, or the element of this number.
    #[cold]
    pub(crate) fn is_inside(&mut self, name: impl fmt::Display) {
        self.0.push(name.to_string());
    }
}

/// A clause in brackets, or nothing where it is the value itself.
impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.0.is_empty() {
            return Ok(());
        }
        let path: Vec<&str> = self.0.iter().rev().map(String::as_str).collect();
        write!(f, " (at `{}`)", path.join("."))
    }
}
