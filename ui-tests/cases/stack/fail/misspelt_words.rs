use mainstay::{Classify, Error, adaptive_limit, cached, circuit_breaker, fallback, idempotent, metered, retry, trace_span};

#[retry(jitter = Jitter::Full, backoff = "lineer", budget = whithin("quotes"), clone(ordr))]
fn words_of_retry(order: String) -> Result<String, Error> {
    Ok(order)
}

#[circuit_breaker(on_cancel = failed)]
async fn a_word_in_a_path() -> Result<(), Error> {
    Ok(())
}

#[cached(ttl = "60s", jitter = nonne)]
fn no_jitter(id: u64) -> Result<u64, Error> {
    Ok(id)
}

#[adaptive_limit(priority = sheddible)]
fn a_priority() -> Result<(), Error> {
    Ok(())
}

#[trace_span(atrs("order.id" = %id), err(dispaly))]
fn a_list_that_is_no_expression(id: u64) -> Result<u64, Error> {
    Ok(id)
}

#[metered(slo(okk = 99.9))]
fn an_objective() {}

#[idempotent(key = id, fingerprint(amout))]
fn an_argument(id: u64, amount: u64) -> Result<u64, Error> {
    Ok(id + amount)
}

#[fallback(|_, amout| Ok(amout))]
fn an_argument_of_a_closure(amount: u64) -> Result<u64, Error> {
    Ok(amount)
}

#[derive(Classify)]
enum Fault {
    #[throttled(retry_aftr = wait)]
    Option { wait: std::time::Duration },
    #[throttled(retry_after = wiat)]
    Field { wait: std::time::Duration },
}

fn main() {}
