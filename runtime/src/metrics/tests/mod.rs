mod adhoc;
mod family;
mod policies;
pub(crate) mod scrape;
mod text;
