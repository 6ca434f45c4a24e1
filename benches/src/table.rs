//! The tables, plain for the eye.

use crate::{
    row::Path,
    sample::Measured,
    sizes::Size,
    threads::{THREADS, Throughput},
};

/// The heading of the times.
pub fn times_heading() {
    println!(
        "{:<38} {:<32} {:>9} {:>9} {:>9} {:>7} {:>8} {:>8}",
        "path", "who", "min ns", "median", "max", "allocs", "ours/it", "sampled"
    );
}

/// The times of one path.
pub fn times(path: &Path, rows: &[Measured]) {
    for row in rows {
        let (least, median, most) = (row.least(), row.median(), row.most());
        print!(
            "{:<38} {:<32} {least:>9.2} {median:>9.2} {most:>9.2} {:>7.2}",
            path.name, row.who, row.allocations
        );
        match rows.first() {
            Some(ours) if !std::ptr::eq(ours, row) => {
                println!(" {:>8.2} {:>8.2}", ours.median() / median, ours.ratio_to(row));
            }
            _ => println!(),
        }
    }
}

/// The heading of the throughputs.
pub fn threads_heading() {
    print!("{:<38} {:<32}", "path, Mops/s", "who");
    for threads in THREADS {
        print!(" {:>8}", format!("{threads} T"));
    }
    println!(" {:>7} {:>8}", "4T/1T", "ours/it");
}

/// The throughputs of one path.
pub fn threads(path: &Path, rows: &[Throughput]) {
    for row in rows {
        print!("{:<38} {:<32}", path.name, row.who);
        for at in 0..THREADS.len() {
            print!(" {:>8.1}", row.median(at));
        }
        print!(" {:>7.2}", row.scaling());
        match rows.first() {
            Some(ours) if !std::ptr::eq(ours, row) => println!(" {:>8.2}", ours.ratio_to(row)),
            _ => println!(),
        }
    }
}

/// The sizes of futures.
pub fn sizes(rows: &[Size]) {
    println!("{:<38} {:<32} {:>9}", "future of", "who", "bytes");
    for row in rows {
        println!("{:<38} {:<32} {:>9}", row.path, row.who, row.bytes);
    }
}
