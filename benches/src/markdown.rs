//! The tables of `docs/performance.md`.

use crate::{row::Path, sample::Measured, sizes::Size, threads::Throughput};

/// The times: ours beside the best peer, the others after it by their medians.
pub fn times(paths: &[(&Path, Vec<Measured>)]) {
    println!(
        "| path | Mainstay: min / median / max | best peer: min / median / max | ours ÷ it, of medians (by sample) | other peers, medians | goal |"
    );
    println!("|---|---|---|---|---|---|");
    for (path, rows) in paths {
        let Some((ours, peers)) = rows.split_first() else { continue };
        let best = peers.iter().filter(|row| !row.aside).min_by(|a, b| a.median().total_cmp(&b.median()));
        let ratio = best.map_or(String::from("–"), |best| {
            format!("{:.2} ({:.2})", ours.median() / best.median(), ours.ratio_to(best))
        });
        let others: Vec<String> = peers
            .iter()
            .filter(|row| best.is_none_or(|best| !std::ptr::eq(best, *row)))
            .map(|row| format!("{} {}{}", row.who, nanos(row.median()), allocated(row)))
            .collect();
        println!(
            "| {} | {} | {} | {ratio} | {} | {} |",
            path.name,
            spread(ours),
            best.map_or(String::from("–"), |best| format!("{} {}", best.who, spread(best))),
            or_none(&others.join(", ")),
            or_none(path.goal),
        );
    }
}

/// The throughputs.
pub fn threads(paths: &[(&Path, Vec<Throughput>)]) {
    println!("| path | who | 1 thread | 2 threads | 4 threads | 4T ÷ 1T |");
    println!("|---|---|---|---|---|---|");
    for (path, rows) in paths {
        for row in rows {
            println!(
                "| {} | {} | {:.0} | {:.0} | {:.0} | {:.2} |",
                path.name,
                row.who,
                row.median(0),
                row.median(1),
                row.median(2),
                row.scaling()
            );
        }
    }
}

/// The sizes of futures.
pub fn sizes(rows: &[Size]) {
    println!("| future of | who | bytes |");
    println!("|---|---|---|");
    for row in rows {
        println!("| {} | {} | {} |", row.path, row.who, row.bytes);
    }
}

fn spread(row: &Measured) -> String {
    let (least, median, most) = (nanos(row.least()), nanos(row.median()), nanos(row.most()));
    format!("{least} / {median} / {most}{}", allocated(row))
}

fn allocated(row: &Measured) -> String {
    match row.allocations.round() {
        0.0 => String::new(),
        1.0 => String::from(", 1 allocation"),
        count => format!(", {count} allocations"),
    }
}

fn nanos(nanos: f64) -> String {
    if nanos < 100.0 { format!("{nanos:.1}") } else { format!("{nanos:.0}") }
}

fn or_none(text: &str) -> &str {
    if text.is_empty() { "–" } else { text }
}
