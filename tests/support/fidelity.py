"""The promise of the wire, checked from outside: what left the client is what reached the upstream, but for the model.

This is a second, independent opinion on Basin's splicer, so it shares nothing with it: the model's value is found by a
small scanner of its own, and the comparison is of raw bytes.
"""

import json

# RFC 9110, 7.6.1, and the two that describe the message's framing and its next hop.
HOP_BY_HOP = {"connection", "keep-alive", "proxy-connection", "te", "trailer", "transfer-encoding", "upgrade"}
FRAMING = {"host", "content-length", "expect"}
CREDENTIALS = {"authorization", "x-api-key"}


def skip_string(data, at):
    """data[at] is a quote; returns the index past the closing one."""
    at += 1
    while data[at] != 0x22:
        at += 2 if data[at] == 0x5C else 1
    return at + 1


def skip_value(data, at):
    if data[at] == 0x22:
        return skip_string(data, at)
    depth = 0
    while True:
        c = data[at]
        if c == 0x22:
            at = skip_string(data, at)
            continue
        if c in b"[{":
            depth += 1
        elif c in b"]}":
            if depth == 0:
                return at
            depth -= 1
            if depth == 0:
                return at + 1
        elif depth == 0 and c in b", \t\r\n":
            return at
        at += 1


def model_span(data):
    """(start, end) of the value of the top-level key "model", quotes included; None when there is none."""
    at = data.index(b"{") + 1
    while True:
        while data[at] in b" \t\r\n,":
            at += 1
        if data[at] == 0x7D:
            return None
        key_end = skip_string(data, at)
        key = json.loads(data[at:key_end])
        at = data.index(b":", key_end) + 1
        while data[at] in b" \t\r\n":
            at += 1
        end = skip_value(data, at)
        if key == "model":
            return at, end
        at = end


def with_model(body, model):
    """The body with another model and every other byte as it was."""
    start, end = model_span(body)
    return body[:start] + json.dumps(model).encode() + body[end:]


def assert_same_body(sent, got, model=None):
    """`model`: the model that should have been put in; None when the body should be untouched."""
    expected = sent if model is None or model_span(sent) is None else with_model(sent, model)
    if expected == got:
        return
    at = next((i for i, (a, b) in enumerate(zip(expected, got)) if a != b), min(len(expected), len(got)))
    raise AssertionError(
        f"bodies differ at byte {at} of {len(expected)} (got {len(got)}): "
        f"sent {expected[max(0, at - 40) : at + 40]!r}, arrived {got[max(0, at - 40) : at + 40]!r}"
    )


def end_to_end(headers, ignoring=()):
    """The headers an intermediary must pass on, as (lower-case name, value) in order."""
    named = {n.strip().lower() for value in headers.all("connection") for n in value.split(",")}
    gone = HOP_BY_HOP | FRAMING | named | {n.lower() for n in ignoring}
    return [(n.lower(), v) for n, v in headers if n.lower() not in gone and not n.lower().startswith("x-basin-")]


def assert_same_headers(sent, got, ignoring=()):
    """`ignoring`: names left out of the comparison, such as CREDENTIALS where the upstream has a key of its own."""
    assert not [n for n, _ in got if n.lower().startswith("x-basin-")], "an x-basin header reached the upstream"
    assert end_to_end(got, ignoring) == end_to_end(sent, ignoring)


def assert_faithful(sent, got, model=None, ignoring=()):
    """`sent`: (method, target, Headers, body) as the client wrote it. `got`: the Recorded that arrived."""
    method, target, headers, body = sent
    assert (got.method, got.target) == (method, target)
    assert_same_headers(headers, got.headers, ignoring)
    assert_same_body(body, got.body, model)
