use std::{any::Any, fmt, hash::BuildHasher, sync::OnceLock};

use super::{MeteredConfig, series::Series};
use crate::metrics::{Full, Labels, OVERFLOW, Table};

/// How many combinations of label values a metered function may have.
const LIMIT: usize = 2000;

/// The series of one type of labels.
type Typed<L> = Table<(L, Series)>;

/// A table whose labels are of some type: annotated functions do not tell us which before the first call.
trait AnyTable: Any + Send + Sync {
    fn as_any(&self) -> &dyn Any;
    fn for_each(&self, then: &mut dyn FnMut(&Series));
}

impl<L: Labels> AnyTable for Typed<L> {
    fn as_any(&self) -> &dyn Any {
        self
    }

    fn for_each(&self, then: &mut dyn FnMut(&Series)) {
        self.iter().for_each(|(_, series)| then(series));
    }
}

/// The series of all types of labels: of one, unless functions share a name or are generic over a label.
#[derive(Default)]
pub(super) struct AllSeries {
    tables: [OnceLock<Box<dyn AnyTable>>; 4],
    overflow: OnceLock<Series>,
}

impl AllSeries {
    pub(super) const fn new() -> Self {
        Self { tables: [const { OnceLock::new() }; 4], overflow: OnceLock::new() }
    }

    #[inline]
    pub(super) fn get<L: Labels>(&self, config: &MeteredConfig, labels: &L) -> &Series {
        let hash = foldhash::fast::FixedState::with_seed(0).hash_one(labels);
        let table = self.tables[0].get().and_then(|table| table.as_any().downcast_ref::<Typed<L>>());
        match table.and_then(|table| table.find(hash, |(there, _)| there == labels)) {
            Some((_, series)) => series,
            None => self.get_with_care(config, hash, labels),
        }
    }

    #[cold]
    fn get_with_care<L: Labels>(&self, config: &MeteredConfig, hash: u64, labels: &L) -> &Series {
        let tables = self.tables.iter().map(|table| table.get_or_init(|| Box::new(Typed::<L>::new(LIMIT))));
        let mut tables = tables.filter_map(|table| table.as_any().downcast_ref::<Typed<L>>());
        let make = || {
            let texts = labels.texts().into_iter().map(String::from);
            (labels.clone(), Series::new(config, config.labels.iter().copied().zip(texts).collect()))
        };
        let found = tables.next().map(|table| table.find_or_insert(hash, |(there, _)| there == labels, make));
        match found {
            Some(Ok((_, series))) => series,
            Some(Err(Full)) | None => self.overflowed(config),
        }
    }

    fn overflowed(&self, config: &MeteredConfig) -> &Series {
        self.overflow.get_or_init(|| {
            tracing::warn!(
                target: "mainstay",
                labels = ?config.labels,
                "a metered function has more than {LIMIT} combinations of label values; the rest are counted together, \
                 under {OVERFLOW}=\"true\": take away a label that has too many values",
            );
            Series::new(config, vec![(OVERFLOW, "true".to_owned())])
        })
    }

    pub(super) fn for_each(&self, then: &mut dyn FnMut(&Series)) {
        self.tables.iter().filter_map(OnceLock::get).for_each(|table| table.for_each(then));
        self.overflow.get().into_iter().for_each(then);
    }
}

impl fmt::Debug for AllSeries {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut count = 0;
        self.for_each(&mut |_| count += 1);
        write!(f, "{count} series")
    }
}
