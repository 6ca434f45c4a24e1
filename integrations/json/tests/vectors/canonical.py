#!/usr/bin/env python3
"""Canonical JSON and idempotency keys as Mainstay makes them, and the vectors in this folder.

Run without arguments, it writes canonical.json and keys.json. Everything above the last part is what a service in Python
needs to make the same keys.
"""

import hashlib
import json
import math
from decimal import Decimal


def number(value):
    """A float as ECMAScript writes it (ECMA-262, Number::toString), from Python's shortest digits."""
    if not math.isfinite(value):
        raise ValueError("JSON has no number that is infinite or none")
    if value == 0:
        return "0"
    sign, digits, exponent = Decimal(repr(value)).normalize().as_tuple()
    digits = "".join(map(str, digits))
    point = len(digits) + exponent
    if 0 < point <= 21:
        text = digits[:point] + "0" * (point - len(digits))
        text += "." + digits[point:] if len(digits) > point else ""
    elif -6 < point <= 0:
        text = "0." + "0" * -point + digits
    else:
        power = point - 1
        text = digits[0] + ("." + digits[1:] if len(digits) > 1 else "")
        text += "e" + ("+" if power > 0 else "-") + str(abs(power))
    return "-" * sign + text


def canonical(value):
    """RFC 8785, but integers in full."""
    if isinstance(value, bool) or value is None or isinstance(value, str):
        return json.dumps(value, ensure_ascii=False)
    if isinstance(value, int):
        return str(value)
    if isinstance(value, float):
        return number(value)
    if isinstance(value, (list, tuple)):
        return "[" + ",".join(map(canonical, value)) + "]"
    if isinstance(value, dict):
        # By UTF-16 code units.
        names = sorted(value, key=lambda name: name.encode("utf-16-be"))
        return "{" + ",".join(canonical(name) + ":" + canonical(value[name]) for name in names) + "}"
    raise TypeError(f"{type(value)} has no JSON")


def digest(members):
    return hashlib.sha256(canonical(members).encode("utf-8")).hexdigest()


def from_user_request(user_id, operation, params):
    return digest({"user_id": str(user_id), "operation": operation, "params": dict(params)})


def from_client_key(user_id, operation, client_key):
    return digest({"user_id": str(user_id), "operation": operation, "client_key": client_key})


def escaped(part):
    return part.replace("%", "%25").replace("_", "%5F")


def from_trade(strategy_id, signal_hash, signal_seconds):
    return f"trade_{strategy_id}_{signal_seconds}_{escaped(signal_hash)}"


def from_blockchain_tx(operation, chain, params_hash):
    return f"blockchain_{operation}_{escaped(chain)}_{escaped(params_hash)}"


def from_event(event_id):
    return f"event_{event_id}"


def generate(source, kind, id):
    parts = (str(part).replace("\\", "\\\\").replace(":", "\\:") for part in (source, kind, id))
    return "generated:" + ":".join(parts)


# The vectors.

if __name__ == "__main__":
    import pathlib

    here = pathlib.Path(__file__).parent
    inputs = json.loads((here / "inputs.json").read_text())
    canonicals = [{"json": text, "canonical": canonical(json.loads(text))} for text in inputs["canonical"]]
    # Where names and numbers leave no choice, this is what Python writes by itself.
    for text in inputs["plain"]:
        value = json.loads(text)
        plain = json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
        assert canonical(value) == plain, text
        canonicals.append({"json": text, "canonical": plain})
    keys = [
        {"maker": maker, "arguments": arguments, "key": globals()[maker](*arguments)}
        for maker, arguments in inputs["keys"]
    ]
    for name, vectors in [("canonical", canonicals), ("keys", keys)]:
        lines = ",\n".join(json.dumps(vector) for vector in vectors)
        (here / f"{name}.json").write_text(f"[\n{lines}\n]\n")
