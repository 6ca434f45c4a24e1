//! The thread that hands finished spans to the exporter.

use std::{
    panic::{AssertUnwindSafe, catch_unwind},
    time::{Duration, Instant},
};

use super::{
    ExportError, SpanData, SpanExporter, TraceConfig, current, pipeline::Pipeline, recording::wash,
    wall::Wall,
};

pub(super) fn run(pipeline: &'static Pipeline, config: TraceConfig) {
    // What the exporter itself does is not traced: there would be no end of it.
    current::suppress();
    let (batch, delay) = (config.batch(), config.wait());
    let TraceConfig { exporter, limits, resource, .. } = config;
    let limits = limits.unwrap_or_default();
    let mut sender = Sender { pipeline, exporter, is_failing: false };
    let _ = sender.guarded(|exporter| {
        exporter.start(&resource);
        Ok(())
    });
    let (mut waiting, mut spare, mut out) = (Vec::new(), Vec::new(), Vec::with_capacity(batch));
    let mut wall = Wall::new();
    loop {
        let task = pipeline.desk.next(delay);
        pipeline.shards.drain(&mut waiting, &mut spare, task.end.is_some());
        wall.adjust();
        while !waiting.is_empty() {
            if pipeline.desk.is_abandoned() {
                pipeline.shards.give(waiting.len() as u64);
                waiting.clear();
                break;
            }
            out.extend(waiting.drain(..waiting.len().min(batch)));
            out.iter_mut().for_each(|data: &mut SpanData| {
                wall.convert(data);
                limits.apply(data);
            });
            sender.send(&mut out);
        }
        if let Some(end) = task.end {
            let _ = sender.guarded(|exporter| exporter.shutdown(left(end)));
            pipeline.desk.ended();
            return;
        }
        if task.is_asked {
            let _ = sender.guarded(SpanExporter::flush);
            pipeline.desk.answer(task.asked);
        }
    }
}

fn left(end: Instant) -> Duration {
    end.saturating_duration_since(Instant::now())
}

struct Sender {
    pipeline: &'static Pipeline,
    exporter: Box<dyn SpanExporter>,
    is_failing: bool,
}

impl Sender {
    /// Sends the batch and keeps what is left of it for use again.
    fn send(&mut self, batch: &mut Vec<SpanData>) {
        let count = batch.len() as u64;
        let sent = self.guarded(|exporter| exporter.export(batch));
        let (exported, failed) = if sent.is_ok() { (count, 0) } else { (0, count) };
        self.pipeline.desk.sent(exported, failed);
        batch.iter_mut().for_each(|data| wash(data));
        self.pipeline.keep(batch);
        self.pipeline.shards.give(count);
    }

    /// Asks the exporter. That it fails is said when it begins and when it is over, not each time.
    fn guarded(
        &mut self,
        ask: impl FnOnce(&mut dyn SpanExporter) -> Result<(), ExportError>,
    ) -> Result<(), ExportError> {
        let answer = catch_unwind(AssertUnwindSafe(|| ask(&mut *self.exporter)))
            .unwrap_or_else(|_| Err(ExportError::new("the exporter panicked")));
        match &answer {
            Err(error) if !self.is_failing => {
                tracing::warn!(target: "mainstay", error = error as &dyn std::error::Error, "spans cannot be exported");
            }
            Ok(()) if self.is_failing => tracing::info!(target: "mainstay", "spans are exported again"),
            _ => {}
        }
        self.is_failing = answer.is_err();
        answer
    }
}
