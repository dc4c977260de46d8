"""What a client sends is what the upstream gets: bodies, headers, targets, answers, all but the model's value."""

import gzip
import json
import os
from pathlib import Path

import pytest

from support import bodies, http1
from support.fidelity import assert_faithful, assert_same_body, end_to_end
from support.house import EASY
from support.replies import Reply, call, error_body, refuse, say, think
from support.upstream import Script

WORDS = "Straighten this out: naïve café — 🙂 \u2028 end"

# Bodies that mean an ordinary request and would not survive a parser and a printer. M is the model, H the messages.
ODD = {
    "spaces_and_tabs": b'\r\n {\t"model" :\nM , "max_tokens": 10,"messages":[ {"role":"user" ,"content":"hi"} ] }\n\n',
    "model_last": b'{"messages":H,"max_tokens":10,"model":M}',
    "model_between": b'{"max_tokens":10,"model":M,"messages":H}',
    "escapes": b'{"model":M,"messages":[{"role":"user","content":"\\u00e9\\/\\ud83d\\ude42 \\"model\\":\\"no\\""}]}',
    "model_elsewhere": b'{"metadata":{"model":"no"},"model":M,"messages":H,"x":{"model":1,"y":"\\"model\\""}}',
    "numbers": b'{"model":M,"max_tokens":10,"messages":H,"x":[1.50,1e5,-0,0.1e-7,12345678901234567890]}',
    "unknown_twice": b'{"model":M,"max_tokens":10,"a":1,"a":2,"messages":H}',
    "empty_things": b'{"model":M,"max_tokens":10,"messages":H,"":{},"e":[],"n":null}',
    "raw_utf8": b'{"model":M,"messages":[{"role":"user","content":"' + WORDS.encode() + b'"}]}',
}


@pytest.mark.parametrize("case", ODD)
def test_a_body_changes_by_its_model_only(house, case):
    h = house()
    sent = ODD[case].replace(b"M", f'"{h.models["own"]}"'.encode()).replace(b"H", b'[{"role":"user","content":"hi"}]')
    response = h.basin.request("POST", "/v1/messages", sent, bodies.headers("anthropic"))
    assert response.status == 200, response.body
    assert_same_body(sent, h.asks[0].body, h.models[h.asks[0].upstream])
    assert len(h.asks[0].body) == int(h.asks[0].headers.get("content-length"))


@pytest.mark.parametrize("dialect", bodies.ALL)
@pytest.mark.parametrize("stream", [False, True])
def test_headers_targets_and_unknown_fields_travel(house, dialect, stream):
    h = house(vendor=bodies.VENDORS[dialect])
    body = bodies.wire(
        bodies.body(dialect, h.models["own"], EASY, stream=stream, invented_field={"deep": [1, None, "é"]})
    )
    headers = bodies.headers(dialect) + [
        ("Anthropic-Beta", "invented-beta-2026-11-24, other-1"),
        ("anthropic-beta", "second-line"),
        ("OpenAI-Beta", "invented=v2"),
        ("X-Stainless-Retry-Count", "0"),
        ("x-custom", "a"),
        ("X-CUSTOM", "b"),
        ("X-Empty", ""),
        ("x-latin", "caf\xe9"),
        ("Accept-Encoding", "gzip;q=1.0, identity; q=0.5"),
        ("User-Agent", "scripted/1"),
        ("Connection", "keep-alive, X-Hop"),
        ("X-Hop", "for the next hop only"),
        ("x-basin-local-only", "0"),
    ]
    target = bodies.PATHS[dialect] + "?beta=true&odd=%20%C3%A9&odd=2"
    response = h.basin.request("POST", target, body, headers)
    assert response.status == 200, response.body
    sent = ("POST", target, http1.Headers(headers), body)
    assert_faithful(sent, h.asks[0], h.models[h.asks[0].upstream])
    assert h.asks[0].headers.all("host") == [f"127.0.0.1:{getattr(h, h.asks[0].upstream).port}"]


@pytest.mark.parametrize("dialect", bodies.ALL)
@pytest.mark.parametrize("stream", [False, True])
def test_the_answer_travels(house, dialect, stream):
    h = house(vendor=bodies.VENDORS[dialect], script=Script(Reply(think("Hm."), say(WORDS), call("f", {"é": 1}))))
    body = bodies.wire(bodies.body(dialect, h.models["own"], EASY, stream=stream))
    response = h.basin.request("POST", bodies.PATHS[dialect], body, bodies.headers(dialect))
    assert response.status == 200 and response.complete
    assert response.body == h.asks[0].answer
    for name, value in [("x-vendor-invention", "travels too"), ("content-type", None)]:
        assert len(response.headers.all(name)) == 1
        assert value is None or response.headers.get(name) == value
    request_id = "request-id" if dialect == "anthropic" else "x-request-id"
    assert response.headers.get(request_id), response.headers
    assert response.headers.get("x-basin-decision-id")
    assert response.headers.get("x-basin-tier") == h.asks[0].upstream
    assert response.headers.get("x-basin-model") == h.models[h.asks[0].upstream]


@pytest.mark.parametrize("fallback", [True, False])
@pytest.mark.parametrize("dialect", bodies.ALL)
@pytest.mark.parametrize("status", [400, 401, 403, 404, 413, 429, 500, 529])
def test_the_upstreams_errors_travel_unmodified(house, dialect, status, fallback):
    """With nobody else to ask at once; with other places, when the last of them fails as well."""
    refusal = refuse(
        status, retry_after=7, should_retry=False, headers=[("anthropic-ratelimit-unified-status", "rejected")]
    )
    alone = lambda tables: tables["routing"].update(fallback=fallback)
    h = house(vendor=bodies.VENDORS[dialect], script=Script(default=refusal), change=alone)
    body = bodies.wire(bodies.body(dialect, h.models["own"], EASY, stream=True))
    response = h.basin.request("POST", bodies.PATHS[dialect], body, bodies.headers(dialect))
    assert response.status == status
    assert response.body == error_body(dialect, status)
    assert response.headers.get("retry-after") == "7"
    assert response.headers.get("x-should-retry") == "false"
    assert "rejected" in response.headers.all("anthropic-ratelimit-unified-status")
    places = [(ask.upstream, ask.json["model"]) for ask in h.asks]
    assert len(set(places)) == len(places), "an error that is the client's to handle was retried"
    if not fallback or status == 400:
        assert len(places) == 1


def test_an_upstreams_headers_keep_their_order_and_repeats(house):
    odd = [("Set-Cookie", "a=1"), ("Set-Cookie", "b=2"), ("X-Case-Kept", "Yes"), ("x-empty", ""), ("Via", "1.1 there")]
    h = house(script=Script(lambda exchange: exchange.reply(200, b'{"ok":true}', odd)))
    body = bodies.wire(bodies.body("anthropic", h.models["own"], EASY))
    response = h.basin.request("POST", "/v1/messages", body, bodies.headers("anthropic"))
    names = [n.lower() for n, _ in odd]
    assert [p for p in end_to_end(response.headers) if p[0] in names] == [(n.lower(), v) for n, v in odd]


def test_a_zipped_answer_stays_zipped(house):
    for stream in (False, True):
        h = house(script=Script(Reply(WORDS, zipped=True)))
        body = bodies.wire(bodies.body("anthropic", h.models["own"], EASY, stream=stream))
        headers = [*bodies.headers("anthropic"), ("Accept-Encoding", "gzip")]
        response = h.basin.request("POST", "/v1/messages", body, headers)
        assert response.headers.get("content-encoding") == "gzip"
        assert response.body == h.asks[0].answer
        assert WORDS.split()[0] in gzip.decompress(response.body).decode()


def test_a_body_in_chunks_arrives_whole(house):
    h = house()
    body = bodies.wire(bodies.body("anthropic", h.models["own"], WORDS))
    with h.basin.client() as client:
        for size in (1, 7, len(body)):
            chunks = b"".join(
                b"%x;ext=1\r\n%s\r\n" % (len(body[i : i + size]), body[i : i + size]) for i in range(0, len(body), size)
            )
            head = [*bodies.headers("anthropic"), ("Transfer-Encoding", "chunked")]
            client.start("POST", "/v1/messages", chunks + b"0\r\nx-trailer: 1\r\n\r\n", head, length=False)
            assert client.finish().status == 200
    for arrived in h.asks:
        assert_same_body(body, arrived.body, h.models[arrived.upstream])


def test_expect_100_continue_is_answered_before_the_body_is_due(house):
    h = house()
    body = bodies.wire(bodies.body("anthropic", h.models["own"], EASY))
    with h.basin.client() as client:
        head = http1.Headers([("Host", client.host), ("Content-Length", str(len(body))), ("Expect", "100-continue")])
        client.send(
            b"POST /v1/messages HTTP/1.1\r\n"
            + head.wire()
            + http1.Headers(bodies.headers("anthropic")).wire()
            + b"\r\n"
        )
        line, _ = http1.read_head(client.stream)
        assert line.startswith("HTTP/1.1 100")
        client.send(body)
        assert client.finish().status == 200
    assert_same_body(body, h.asks[0].body, h.models[h.asks[0].upstream])


def test_a_zipped_body_is_understood_and_arrives_with_its_meaning(house):
    h = house()
    body = bodies.wire(bodies.body("anthropic", h.models["own"], EASY))
    headers = [*bodies.headers("anthropic"), ("Content-Encoding", "gzip")]
    response = h.basin.request("POST", "/v1/messages", gzip.compress(body), headers)
    assert response.status == 200, response.body
    arrived = h.asks[0]
    got = gzip.decompress(arrived.body) if arrived.headers.get("content-encoding") == "gzip" else arrived.body
    assert json.loads(got)["messages"] == json.loads(body)["messages"]


def test_counts_lists_and_embeddings_are_answered(house):
    h = house()
    body = bodies.wire(bodies.body("anthropic", h.models["own"], EASY))
    counted = h.basin.request("POST", "/v1/messages/count_tokens?beta=true", body, bodies.headers("anthropic"))
    assert counted.status == 200 and counted.json["input_tokens"] > 0
    listed = h.basin.request("GET", "/v1/models?limit=1000", headers=bodies.headers("anthropic"))
    assert listed.status == 200 and listed.json["data"]
    for method in ("GET", "HEAD"):
        assert h.basin.request(method, "/api/hello").status == 200
    o = house(vendor="openai")
    listed = o.basin.request("GET", "/v1/models", headers=bodies.headers("openai_chat"))
    assert listed.status == 200 and listed.json["object"] == "list"
    body = bodies.wire({"model": "embedder-1", "input": "a line", "encoding_format": "base64"})
    vector = o.basin.request("POST", "/v1/embeddings", body, bodies.headers("openai_chat"))
    assert vector.status == 200, vector.body
    arrived = next(r for u in o.upstreams for r in u.requests if r.path == "/v1/embeddings")
    assert (arrived.body, vector.body) == (body, arrived.answer)


@pytest.mark.parametrize("method", ["GET", "POST", "DELETE", "PUT", "PATCH"])
def test_unknown_paths_pass_through(house, method):
    h = house()
    body = b"" if method in ("GET", "DELETE") else b"any bytes \xff at all"
    headers = [
        ("x-api-key", "sk-canary-client-5f0c1e7a"),
        ("anthropic-version", "2023-06-01"),
        ("anthropic-beta", "files-1"),
    ]
    response = h.basin.request(method, "/v1/files/f_1?after=%20x", body, headers)
    assert response.status == 404, response.body
    (arrived,) = [r for u in h.upstreams for r in u.requests]
    assert response.body == arrived.answer
    assert_faithful((method, "/v1/files/f_1?after=%20x", http1.Headers(headers), body), arrived)


def test_connections_to_an_upstream_are_used_again(house):
    h = house()
    body = bodies.wire(bodies.body("anthropic", h.models["own"], EASY))
    with h.basin.client() as client:
        for _ in range(20):
            assert client.request("POST", "/v1/messages", body, bodies.headers("anthropic")).status == 200
    assert sum(u.connections for u in h.upstreams) == 1


SHARED = os.environ.get("BASIN_SHARED")
CAPTURED = sorted(Path(SHARED, "captured").rglob("*.body")) if SHARED else []


@pytest.mark.skipif(not CAPTURED, reason="BASIN_SHARED does not point at captured bodies")
def test_captured_bodies_of_real_clients_travel(house):
    houses = {vendor: house(vendor=vendor) for vendor in ("anthropic", "openai")}
    for path in CAPTURED:
        head = json.loads(path.with_suffix(".json").read_text())
        if head["method"] != "POST" or not head["target"].startswith("/v1/"):
            continue
        h = houses["anthropic" if head["target"].startswith("/v1/messages") else "openai"]
        before = {u.name: len(u.requests) for u in h.upstreams}
        kept = [
            (n, v) for n, v in head["headers"] if n.lower() not in ("host", "content-length", "connection", "expect")
        ]
        body = path.read_bytes()
        response = h.basin.request("POST", head["target"], body, kept)
        assert response.status == 200, (path, response.body)
        (arrived,) = [r for u in h.upstreams for r in u.requests[before[u.name] :]]
        model = h.models[arrived.upstream] if arrived.is_ask and arrived.model != json.loads(body)["model"] else None
        assert_faithful(("POST", head["target"], http1.Headers(kept), body), arrived, model)
