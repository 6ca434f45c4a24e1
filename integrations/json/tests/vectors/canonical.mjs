// Canonical JSON and idempotency keys as Mainstay makes them, in JavaScript, for Node 20 or later.
//
// `node canonical.mjs` checks the vectors that canonical.py wrote, and writes numbers.txt. Everything above the last part
// is what a service in JavaScript needs to make the same keys: give integers beyond 2⁵³ as BigInt.

import { createHash } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';

/** RFC 8785, but integers in full. */
export function canonical(value) {
  if (typeof value === 'bigint') return value.toString();
  if (typeof value === 'number' && !Number.isFinite(value)) throw new TypeError('JSON has no such number');
  if (value === null || typeof value !== 'object') return JSON.stringify(value);
  if (Array.isArray(value)) return `[${value.map(canonical).join(',')}]`;
  // JavaScript sorts by UTF-16 code units.
  return `{${Object.keys(value).sort().map((name) => `${JSON.stringify(name)}:${canonical(value[name])}`).join(',')}}`;
}

const digest = (members) => createHash('sha256').update(canonical(members), 'utf8').digest('hex');
const escaped = (part) => part.replaceAll('%', '%25').replaceAll('_', '%5F');
const escapedForColon = (part) => String(part).replaceAll('\\', '\\\\').replaceAll(':', '\\:');

export const from_user_request = (user_id, operation, params) =>
  digest({ user_id: String(user_id), operation, params: Array.isArray(params) ? Object.fromEntries(params) : params });
export const from_client_key = (user_id, operation, client_key) =>
  digest({ user_id: String(user_id), operation, client_key });
export const from_trade = (strategy_id, signal_hash, signal_seconds) =>
  `trade_${strategy_id}_${signal_seconds}_${escaped(signal_hash)}`;
export const from_blockchain_tx = (operation, chain, params_hash) =>
  `blockchain_${operation}_${escaped(chain)}_${escaped(params_hash)}`;
export const from_event = (event_id) => `event_${event_id}`;
export const generate = (source, kind, id) => `generated:${[source, kind, id].map(escapedForColon).join(':')}`;

/** JSON with its long integers as BigInt. */
export function parse(text) {
  const marked = text.replace(/"(?:\\.|[^"\\])*"|-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?/g, (found) =>
    /^-?\d{16,}$/.test(found) ? `{"\\u0000integer":"${found}"}` : found,
  );
  return JSON.parse(marked, (_, value) => (value?.['\0integer'] === undefined ? value : BigInt(value['\0integer'])));
}

// The vectors.

const makers = { from_user_request, from_client_key, from_trade, from_blockchain_tx, from_event, generate };
const at = (name) => new URL(name, import.meta.url);
const read = (name) => readFileSync(at(name), 'utf8');

function same(found, expected, what) {
  if (found !== expected) throw new Error(`${what}\n  here:     ${found}\n  expected: ${expected}`);
}

if (process.argv[1] === at('canonical.mjs').pathname) {
  let checked = 0;
  for (const vector of JSON.parse(read('canonical.json'))) {
    same(canonical(parse(vector.json)), vector.canonical, vector.json);
    checked += 1;
  }
  for (const vector of parse(read('keys.json'))) {
    same(makers[vector.maker](...vector.arguments), vector.key, JSON.stringify(vector.arguments, (_, v) => String(v)));
    checked += 1;
  }

  // Doubles by their bits, with ECMAScript's text of them: those of RFC 8785, appendix B, and random ones.
  const bits = read('rfc8785_appendix_b.txt').trim().split('\n').map((line) => line.split(' '));
  const view = new DataView(new ArrayBuffer(8));
  const number = (hex) => (view.setBigUint64(0, BigInt(`0x${hex}`)), view.getFloat64(0));
  for (const [hex, text] of bits) same(JSON.stringify(number(hex)), text, hex);
  let state = 88172645463325252n;
  const next = () => {
    state ^= (state << 13n) & 0xffffffffffffffffn;
    state ^= state >> 7n;
    state ^= (state << 17n) & 0xffffffffffffffffn;
    return state;
  };
  const lines = bits.map((line) => line.join(' '));
  while (lines.length < 3000) {
    // Every other one of a size that people write down.
    let random = next();
    if (lines.length % 2 === 0) {
      view.setFloat64(0, Number(random % 2000000000000n) / 10 ** Number(next() % 24n));
      random = view.getBigUint64(0);
    }
    const hex = random.toString(16).padStart(16, '0');
    if (Number.isFinite(number(hex))) lines.push(`${hex} ${JSON.stringify(number(hex))}`);
  }
  writeFileSync(at('numbers.txt'), lines.join('\n') + '\n');
  console.log(`${checked} vectors agree; ${lines.length} numbers`);
}
