use std::sync::Arc;

use crate::names::Names;

/// The statements of one store, with the names of its things in them.
///
/// Each step is one statement. What it answers is read from the snapshot first, so that a replay writes nothing and locks
/// nothing.
#[derive(Debug)]
pub(crate) struct Statements {
    pub(crate) reserve: Arc<str>,
    pub(crate) reserve_in: Arc<str>,
    pub(crate) renew: Arc<str>,
    pub(crate) complete: Arc<str>,
    pub(crate) release: Arc<str>,
    pub(crate) sweep: Arc<str>,
    pub(crate) ping: Arc<str>,
    pub(crate) look: Arc<str>,
}

/// What `reserve` answers with, in the column `answer`.
pub(crate) mod answer {
    pub(crate) const CLAIMED: i32 = 0;
    pub(crate) const RUNNING: i32 = 1;
    pub(crate) const COMPLETED: i32 = 2;
    pub(crate) const REUSED: i32 = 3;
    /// A transaction that is not over has the key.
    pub(crate) const HELD: i32 = 4;
}

// What there is under the key. 5: a record whose lease has run out.
const FOUND: &str = "
WITH clock AS MATERIALIZED (SELECT clock_timestamp() AS now),
found AS MATERIALIZED (
  SELECT kept.token, kept.took_over, kept.record,
    CASE WHEN kept.fingerprint <> $4 THEN 3
      WHEN kept.lease_end IS NULL THEN 2
      WHEN kept.claim = $3 THEN 0
      WHEN kept.lease_end > clock.now THEN 1
      ELSE 5 END AS answer,
    (extract(epoch FROM kept.lease_end - clock.now) * 1000000)::bigint AS left_us
  FROM {table} AS kept, clock
  WHERE kept.id = $1 AND kept.expires > clock.now),";

// A claim outside a transaction passes the gate together with others, and then waits in line for them: not longer than a
// statement takes.
const GATE: &str = "
gate AS MATERIALIZED (
  SELECT pg_try_advisory_xact_lock_shared($7) AS open WHERE NOT EXISTS (SELECT FROM found WHERE answer < 5)),
line AS MATERIALIZED (SELECT pg_advisory_xact_lock($8) FROM gate WHERE open),";

// A transaction closes the gate behind it until it is over.
const GATE_IN: &str = "
gate AS MATERIALIZED (
  SELECT pg_try_advisory_xact_lock($7) AS open
  WHERE $8 IS NOT NULL AND NOT EXISTS (SELECT FROM found WHERE answer < 5)),
line AS MATERIALIZED (SELECT FROM gate WHERE open),";

// The token is drawn within the gate, so that tokens of one key rise in the order of its claims. Whether the record may be
// claimed is asked again of the record as it is now: the snapshot may be older.
const CLAIM: &str = "
claimed AS (
  INSERT INTO {table} AS kept (id, key, token, claim, fingerprint, lease_end, expires, took_over)
  SELECT $1, $2, nextval('{tokens}'::regclass), $3, $4,
    clock_timestamp() + $5 * interval '1 microsecond',
    clock_timestamp() + $5 * interval '1 microsecond' + $6 * interval '1 microsecond', false
  FROM line
  ON CONFLICT (id) DO UPDATE SET key = excluded.key, token = excluded.token, claim = excluded.claim,
    fingerprint = excluded.fingerprint, lease_end = excluded.lease_end, expires = excluded.expires, record = NULL,
    took_over = kept.expires > clock_timestamp()
  WHERE kept.expires <= clock_timestamp()
    OR (kept.lease_end <= clock_timestamp() AND (kept.fingerprint = excluded.fingerprint) IS NOT FALSE)
  RETURNING token, took_over)
SELECT 0 AS answer, token, took_over, NULL::bytea AS record, NULL::bigint AS left_us FROM claimed
UNION ALL SELECT answer, token, took_over, record, left_us FROM found WHERE answer < 5
UNION ALL SELECT 4, 0, false, NULL, NULL FROM gate WHERE NOT open";

const RENEW: &str = "
UPDATE {table} SET lease_end = clock_timestamp() + $3 * interval '1 microsecond',
  expires = clock_timestamp() + $3 * interval '1 microsecond' + (expires - lease_end)
WHERE id = $1 AND token = $2 AND lease_end IS NOT NULL AND expires > clock_timestamp()";

// Telling takes a lock of the whole database until the commit, so it is done only where somebody waits: who does holds the
// bell, and nobody else gets it.
const TOLD: &str = "
told AS MATERIALIZED (SELECT pg_notify($3, $4) FROM done WHERE NOT pg_try_advisory_xact_lock($5))
SELECT (SELECT count(*) FROM told) AS told, EXISTS (SELECT FROM done)";

const COMPLETE: &str = "
WITH done AS (
  UPDATE {table} SET lease_end = NULL, record = $6, expires = clock_timestamp() + $7 * interval '1 microsecond'
  WHERE id = $1 AND token = $2 AND lease_end IS NOT NULL AND expires > clock_timestamp() RETURNING 1),";

const COMPLETED: &str = "
  OR EXISTS (SELECT FROM {table} WHERE id = $1 AND token = $2 AND lease_end IS NULL AND expires > clock_timestamp())";

const RELEASE: &str = "
WITH done AS (
  DELETE FROM {table}
  WHERE id = $1 AND token = $2 AND lease_end IS NOT NULL AND expires > clock_timestamp() RETURNING 1),";

const SWEEP: &str = "
DELETE FROM {table} WHERE id IN (
  SELECT id FROM {table} WHERE expires <= clock_timestamp() ORDER BY expires LIMIT $1 FOR UPDATE SKIP LOCKED)";

const PING: &str = "
SELECT max(version), pg_is_in_recovery() OR current_setting('transaction_read_only') = 'on' FROM {migrations}";

// Whether what was seen is over: a record that runs, or (token 0) a transaction. What a transaction has claimed itself is seen
// by it alone, and the gate tells that it is not over.
const LOOK: &str = "
SELECT pg_try_advisory_xact_lock_shared($3)
  AND ($2 = 0 OR NOT EXISTS (SELECT FROM {table} WHERE id = $1 AND token = $2 AND lease_end IS NOT NULL))";

impl Statements {
    pub(crate) fn of(names: &Names) -> Self {
        let (table, tokens, migrations) = (names.table(), names.tokens(), names.migrations());
        let text = |parts: &[&str]| -> Arc<str> {
            // The sequence stands in a text of its own.
            let tokens = tokens.replace('\'', "''");
            let text = parts.concat().replace("{tokens}", &tokens);
            text.replace("{table}", &table).replace("{migrations}", &migrations).into()
        };
        Self {
            reserve: text(&[FOUND, GATE, CLAIM]),
            reserve_in: text(&[FOUND, GATE_IN, CLAIM]),
            renew: text(&[RENEW]),
            complete: text(&[COMPLETE, TOLD, COMPLETED]),
            release: text(&[RELEASE, TOLD]),
            sweep: text(&[SWEEP]),
            ping: text(&[PING]),
            look: text(&[LOOK]),
        }
    }
}
