use crate::{books::Books, plan::Store, run::Run};

/// A line of the table.
pub(crate) struct Row(Vec<String>);

const HEAD: [&str; 11] = [
    "store",
    "workers killed",
    "server killed",
    "effects",
    "keys lost",
    "keys twice",
    "of them unexplained",
    "answers differing",
    "unrecorded",
    "late",
    "seconds",
];

impl Row {
    pub(crate) fn new(store: Store, run: &Run<'_>, books: &Books) -> Self {
        let counts = [
            run.killed.len(),
            run.server_kills as usize,
            books.effects,
            books.lost,
            books.twice,
            books.unexplained,
            books.differing,
            books.unrecorded,
            books.late,
        ];
        let mut cells = vec![store.to_string()];
        cells.extend(counts.map(|count| count.to_string()));
        cells.push(format!("{:.1}", run.took.as_secs_f64()));
        Self(cells)
    }
}

/// Prints the table as Markdown.
pub(crate) fn print(rows: &[Row]) {
    println!("| {} |", HEAD.join(" | "));
    println!("|{}", "---|".repeat(HEAD.len()));
    rows.iter().for_each(|row| println!("| {} |", row.0.join(" | ")));
}
