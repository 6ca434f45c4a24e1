//! The live view: a block that redraws itself on a terminal, one row a second where the output goes elsewhere.

use std::{
    collections::VecDeque,
    io::{self, IsTerminal, Write},
    time::Duration,
};

use tokio::{
    select,
    time::{Instant, interval},
};

use crate::{
    stop::Stop,
    watch::{Numbers, Watch},
};

const REDRAW: Duration = Duration::from_millis(100);
const ROW: Duration = Duration::from_secs(1);
/// How many redraws the strips of the block look back.
const STRIP: usize = 45;

const BOLD: &str = "\x1b[1m";
const PLAIN: &str = "\x1b[0m";
/// Lines end at the terminal's edge: were they to go on below, the block would be higher than it counts.
const CUT: &str = "\x1b[?7l";
const WRAP: &str = "\x1b[?7h";

/// Shows the numbers until it is told to stop.
pub async fn show(watch: &Watch, mut stop: Stop) {
    let live = io::stdout().is_terminal();
    let mut ticks = interval(if live { REDRAW } else { ROW });
    let mut screen = Screen { started: Instant::now(), drawn: 0, moments: VecDeque::new() };
    loop {
        select! {
            _ = ticks.tick() => {}
            _ = stop.wait() => break,
        }
        let (numbers, news) = (watch.numbers(), watch.news());
        // A terminal that is gone is no reason to stop serving.
        let _ = if live { screen.redraw(numbers, &news) } else { screen.row(&numbers, &news) };
    }
    if live {
        let _ = screen.redraw(watch.numbers(), &watch.news());
    }
}

struct Screen {
    started: Instant,
    /// How many lines the block has that is drawn over, or how many rows there are so far.
    drawn: usize,
    /// The last moments, oldest first.
    moments: VecDeque<Numbers>,
}

impl Screen {
    /// Draws the block over the last one. News scroll away above it.
    fn redraw(&mut self, numbers: Numbers, news: &[String]) -> io::Result<()> {
        if self.moments.len() == STRIP {
            self.moments.pop_front();
        }
        self.moments.push_back(numbers);
        let block = self.block();
        let mut frame = String::from(CUT);
        if self.drawn > 0 {
            // Up over the last block, and clear everything from there.
            frame += &format!("\x1b[{}F\x1b[J", self.drawn);
        }
        for change in news {
            frame += &format!("{:6.1}s  {change}\n", self.started.elapsed().as_secs_f64());
        }
        frame = frame + &block + WRAP;
        let mut out = io::stdout().lock();
        out.write_all(frame.as_bytes())?;
        out.flush()?;
        self.drawn = block.lines().count();
        Ok(())
    }

    fn block(&self) -> String {
        let Some(now) = self.moments.back() else { return String::new() };
        let strip = |sign: fn(&Numbers) -> char| self.moments.iter().map(sign).collect::<String>();
        format!(
            "
  orders {:>8} asked         payment calls {:>6} retried
         {:>8} served                      {:>6} in flight
         {:>8} by fallback                 {:>6.0} tokens left
         {:>8} declined                    {:>6} failed
         {:>8} refused
         {:>8} waiting       after {:.1}s

  breaker         {BOLD}{:<13}{PLAIN} {}
  payment server  {BOLD}{:<13}{PLAIN} {}
",
            now.asked,
            now.retries,
            now.served,
            now.in_flight,
            now.by_fallback,
            now.tokens,
            now.declined,
            now.failures,
            now.refused,
            now.waiting,
            self.started.elapsed().as_secs_f64(),
            now.breaker,
            strip(breaker_sign),
            now.weather,
            strip(weather_sign),
        )
    }

    /// The numbers of a second as one row of a table, after its news.
    fn row(&mut self, now: &Numbers, news: &[String]) -> io::Result<()> {
        let mut out = io::stdout().lock();
        if self.drawn == 0 {
            writeln!(
                out,
                " time  payment server  asked  served fallback declined refused waiting  retries in flight tokens  breaker"
            )?;
        }
        self.drawn += 1;
        let seconds = self.started.elapsed().as_secs_f64();
        for change in news {
            writeln!(out, "{seconds:4.0}s  {change}")?;
        }
        writeln!(
            out,
            "{seconds:4.0}s  {:<14} {:>6} {:>7} {:>8} {:>8} {:>7} {:>7}  {:>7} {:>9} {:>6.0}  {}",
            now.weather,
            now.asked,
            now.served,
            now.by_fallback,
            now.declined,
            now.refused,
            now.waiting,
            now.retries,
            now.in_flight,
            now.tokens,
            now.breaker,
        )?;
        out.flush()
    }
}

fn breaker_sign(numbers: &Numbers) -> char {
    match numbers.breaker.as_str() {
        "closed" => '▁',
        "half_open" => '▄',
        _ => '█',
    }
}

fn weather_sign(numbers: &Numbers) -> char {
    match numbers.weather.split(' ').next() {
        Some("healthy") => '▁',
        Some("slow") => '▃',
        Some("failing") => '▆',
        _ => '█',
    }
}
