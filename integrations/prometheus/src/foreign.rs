//! What the official client writes, OpenMetrics always, in the format that was asked for.

use mainstay_runtime::metrics::{TextEncoder, TextFormat};

/// Adds the families of `text`, OpenMetrics with its end mark, that `encoder` does not have yet.
pub(crate) fn add(encoder: &mut TextEncoder, text: &str) {
    let mut out = String::with_capacity(text.len());
    let mut family = Family::default();
    for line in text.lines() {
        match line.strip_prefix("# ").map(|rest| rest.splitn(3, ' ').collect::<Vec<_>>()).as_deref() {
            Some(["EOF"]) => break,
            Some([word, name, rest]) => {
                if family.name != *name {
                    family = Family {
                        name: (*name).to_owned(),
                        kind: String::new(),
                        left_out: encoder.has_family(name),
                    };
                }
                if *word == "TYPE" {
                    family.kind = (*rest).to_owned();
                }
                family.comment(&mut out, encoder.format(), word, rest, text);
            }
            _ if !family.left_out => sample(&mut out, encoder.format(), line),
            _ => {}
        }
    }
    encoder.push_written(&out);
}

#[derive(Default)]
struct Family {
    name: String,
    kind: String,
    left_out: bool,
}

impl Family {
    fn comment(&self, out: &mut String, format: TextFormat, word: &str, rest: &str, text: &str) {
        if self.left_out {
            return;
        }
        if format == TextFormat::OpenMetrics {
            out.push_str(&format!("# {word} {} {rest}\n", self.name));
            return;
        }
        // Its help comes before its type, on which its name depends.
        let kind = if self.kind.is_empty() { kind_of(text, &self.name) } else { &self.kind };
        let (ending, kind) = match kind {
            "counter" => ("_total", "counter"),
            "info" => ("_info", "gauge"),
            "unknown" => ("", "untyped"),
            "stateset" => ("", "gauge"),
            other => ("", other),
        };
        match word {
            "UNIT" => {}
            "TYPE" => out.push_str(&format!("# TYPE {}{ending} {kind}\n", self.name)),
            _ => out.push_str(&format!("# {word} {}{ending} {}\n", self.name, rest.replace("\\\"", "\""))),
        }
    }
}

fn kind_of<'a>(text: &'a str, name: &str) -> &'a str {
    let start = format!("# TYPE {name} ");
    text.lines().find_map(|line| line.strip_prefix(&start)).unwrap_or("unknown")
}

fn sample(out: &mut String, format: TextFormat, line: &str) {
    // The older format has neither exemplars nor times of creation.
    if format == TextFormat::Prometheus {
        let name = line.split(['{', ' ']).next().unwrap_or_default();
        if !name.ends_with("_created") {
            out.push_str(without_exemplar(line));
            out.push('\n');
        }
        return;
    }
    out.push_str(line);
    out.push('\n');
}

/// The line up to an exemplar, which is what follows a `#` outside the quotes of labels.
fn without_exemplar(line: &str) -> &str {
    let (mut quoted, mut escaped) = (false, false);
    for (at, c) in line.char_indices() {
        match c {
            _ if escaped => escaped = false,
            '\\' if quoted => escaped = true,
            '"' => quoted = !quoted,
            '#' if !quoted => return line[..at].trim_end(),
            _ => {}
        }
    }
    line
}

#[cfg(test)]
mod tests {
    use mainstay_runtime::metrics::{Descriptor, MetricKind, Sink};

    use super::*;

    const THEIRS: &str = "# HELP hits Hits \\\"of\\\" it.\n# TYPE hits counter\nhits_total{a=\"#\\\"\"} 3 # {id=\"1\"} 1.0\n\
                          # HELP size Size.\n# TYPE size histogram\n# UNIT size bytes\nsize_count 0\nsize_created 1.5\n\
                          # HELP app App.\n# TYPE app info\napp_info{v=\"1\"} 1\n# EOF\n";

    #[test]
    fn the_older_format_gets_what_it_knows() {
        let mut encoder = TextEncoder::new(TextFormat::Prometheus);
        add(&mut encoder, THEIRS);
        assert_eq!(
            encoder.finish(),
            "# HELP hits_total Hits \"of\" it.\n# TYPE hits_total counter\nhits_total{a=\"#\\\"\"} 3\n\
             # HELP size Size.\n# TYPE size histogram\nsize_count 0\n\
             # HELP app_info App.\n# TYPE app_info gauge\napp_info{v=\"1\"} 1\n"
        );
    }

    #[test]
    fn openmetrics_stays_as_it_is_with_one_end() {
        let mut encoder = TextEncoder::new(TextFormat::OpenMetrics);
        add(&mut encoder, THEIRS);
        add(&mut encoder, "# EOF\n");
        assert_eq!(encoder.finish(), THEIRS);
    }

    #[test]
    fn a_family_that_is_there_already_is_left_out() {
        let mut encoder = TextEncoder::new(TextFormat::OpenMetrics);
        assert!(encoder.family(&Descriptor::new("hits", "", MetricKind::Counter).unwrap()));
        add(&mut encoder, THEIRS);
        let text = encoder.finish();
        assert!(!text.contains("hits_total") && text.contains("size_count 0"), "{text}");
    }
}
