//! From the shape of a file to entries: `enabled`, `kinds` and `policies`.

use std::collections::BTreeSet;

use mainstay_runtime::overrides::{Entry, Level, Problem, Said};

use crate::node::{Field, Node, Value};

/// Reads entries, and notes every problem with its line and key.
pub(crate) struct Shape<'a> {
    /// How the file is called in places.
    pub(crate) name: &'a str,
    /// The key under which the overrides stand, where the file holds other things, too.
    pub(crate) under: Option<&'a str>,
    /// Whether it may be missing.
    pub(crate) optional: bool,
    /// The attributes there are.
    pub(crate) attributes: BTreeSet<&'static str>,
    pub(crate) said: Said,
}

impl Shape<'_> {
    pub(crate) fn read(&mut self, root: Node) {
        let Some(under) = self.under else { return self.top(root, "") };
        let line = root.line;
        let mut sections = self.fields(root, "", "with sections").into_iter();
        match sections.find(|field| field.key == under) {
            Some(section) => self.top(section.node, under),
            None if self.optional => {}
            None => {
                self.problem(line, under, "there is no such key; write it, or make it `optional`".to_owned());
            }
        }
    }

    fn top(&mut self, node: Node, path: &str) {
        for Field { line, key, node } in self.fields(node, path, "with `enabled`, `kinds` and `policies`") {
            let way = join(path, &key);
            match key.as_str() {
                "enabled" => self.option(Level::All, line, "enabled", node, &way),
                "kinds" => {
                    for kind in self.fields(node, &way, "of attributes, such as `retry`") {
                        let way = join(&way, &kind.key);
                        self.options(&Level::kind(&kind.key), kind.node, &way);
                    }
                }
                "policies" => self.policies(node, &way),
                _ => self.problem(
                    line,
                    &way,
                    "this stands for nothing; there is `enabled`, `kinds` and `policies`".to_owned(),
                ),
            }
        }
    }

    fn policies(&mut self, node: Node, path: &str) {
        for policy in self.fields(node, path, "of names") {
            let way = join(path, &policy.key);
            for attribute in self.fields(policy.node, &way, "of attributes, such as `retry`") {
                let way = join(&way, &attribute.key);
                if !matches!(attribute.node.value, Value::Mapping(_) | Value::Nothing) {
                    let problem = self.no_options(&attribute);
                    self.problem(attribute.line, &way, problem);
                    continue;
                }
                self.options(&Level::name(&policy.key, &attribute.key), attribute.node, &way);
            }
        }
    }

    /// A value stands right below a policy's name.
    fn no_options(&self, Field { key, node, .. }: &Field) -> String {
        let word = node.value.word();
        let remedy = match key.split_once('.') {
            _ if self.attributes.contains(key.as_str()) => format!("`{key}: {{ enabled: false }}`"),
            Some((attribute, option)) => format!("`{attribute}: {{ {option}: … }}`"),
            None => format!("the option below its attribute, as in `retry: {{ {key}: … }}`"),
        };
        format!("{word} stands where the options of an attribute are expected; write for example {remedy}")
    }

    fn options(&mut self, level: &Level, node: Node, path: &str) {
        for Field { line, key, node } in self.fields(node, path, "of options") {
            let way = join(path, &key);
            self.option(level.clone(), line, &key, node, &way);
        }
    }

    fn option(&mut self, level: Level, line: usize, option: &str, node: Node, path: &str) {
        match node.value {
            Value::Text(text) => {
                self.said.set(Entry::new(format!("{}:{line}", self.name), level, option, text));
            }
            Value::Nothing => {
                self.problem(line, path, "there is no value; write one, or leave the key out".to_owned());
            }
            other => {
                let mut problem = format!("{} stands where a value is expected; write", other.word());
                if matches!(other, Value::Mapping(_)) && matches!(level, Level::Name { .. }) {
                    problem += " a name that has a dot in quotes, or";
                }
                problem += " for example 10s, 5 or true";
                self.problem(node.line, path, problem);
            }
        }
    }

    /// The fields of what should be a mapping.
    fn fields(&mut self, node: Node, path: &str, what: &str) -> Vec<Field> {
        match node.value {
            Value::Mapping(fields) => fields,
            Value::Nothing => Vec::new(),
            other => {
                let problem = format!("{} stands where a mapping {what} is expected", other.word());
                self.problem(node.line, path, problem);
                Vec::new()
            }
        }
    }

    fn problem(&mut self, line: usize, path: &str, problem: String) {
        self.said.fail(Problem::new(format!("{}:{line}", self.name), path, problem));
    }
}

fn join(path: &str, key: &str) -> String {
    if path.is_empty() { key.to_owned() } else { format!("{path}.{key}") }
}
