//! Tables for people, or in Markdown.

/// Rows under a heading; the first column is text.
pub struct Table {
    title: String,
    head: Vec<String>,
    rows: Vec<Vec<String>>,
}

impl Table {
    pub fn new(title: impl Into<String>, head: impl IntoIterator<Item = impl Into<String>>) -> Self {
        Self { title: title.into(), head: head.into_iter().map(Into::into).collect(), rows: Vec::new() }
    }

    pub fn row(&mut self, cells: impl IntoIterator<Item = impl Into<String>>) {
        self.rows.push(cells.into_iter().map(Into::into).collect());
    }

    pub fn print(&self, markdown: bool) {
        println!(
            "{}{}\n",
            if markdown { "**" } else { "" },
            self.title.clone() + if markdown { "**" } else { "" }
        );
        if markdown {
            println!("| {} |\n|{}", self.head.join(" | "), "---|".repeat(self.head.len()));
            self.rows.iter().for_each(|row| println!("| {} |", row.join(" | ")));
        } else {
            for row in std::iter::once(&self.head).chain(&self.rows) {
                let first = row.first().map(|cell| cell.replace('`', "")).unwrap_or_default();
                let rest: String = row.iter().skip(1).map(|cell| format!(" {cell:>16}")).collect();
                println!("{first:<36}{rest}");
            }
        }
        println!();
    }
}

/// The middle one, or half-way between the two in the middle; zero of none.
pub fn median(samples: &[f64]) -> f64 {
    let mut sorted = samples.to_vec();
    sorted.sort_by(f64::total_cmp);
    let middle = |index: usize| sorted.get(index).copied().unwrap_or_default();
    (middle(sorted.len().saturating_sub(1) / 2) + middle(sorted.len() / 2)) / 2.0
}
