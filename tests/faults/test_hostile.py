"""What strangers send. Each gets a clear error or a clean close, and afterwards the process lives and answers.

`judge` (in the house's teardown) also fails the test when the process died, complained, or let a secret out.
"""

import resource
import selectors
import socket

import pytest

from support import bodies, http1
from support.replies import Reply, raw
from support.upstream import Script

MB = 1 << 20


def post(house, body, dialect="anthropic", headers=None, path=None):
    return house.basin.request("POST", path or bodies.PATHS[dialect], body, headers or bodies.headers(dialect))


def assert_refused(house, response, status=400, dialect="anthropic"):
    assert response.status == status, (response.status, response.body[:300])
    error = response.json["error"]
    assert error["message"] and error["type"]
    if dialect == "anthropic":
        assert response.json["type"] == "error"
    assert house.asks == [], "a broken request reached an upstream"
    house.basin.assert_well()


GOOD = b'{"model":"claude-opus-5-5","max_tokens":10,"messages":[{"role":"user","content":"fix the typo in README"}]}'

NOT_JSON = {
    "empty": b"",
    "spaces": b" \n\t ",
    "word": b"hello",
    "null": b"null",
    "array": b"[]",
    "string": b'"model"',
    "number": b"5",
    "open_object": b"{",
    "open_string": b'{"model":"claude',
    "two_values": GOOD + GOOD,
    "trailing_comma": GOOD[:-1] + b",}",
    "trailing_garbage": GOOD + b"x",
    "comment": b"/* hi */" + GOOD,
    "single_quotes": GOOD.replace(b'"', b"'"),
    "control_character": GOOD.replace(b"typo", b"ty\x01po"),
    "nul": GOOD.replace(b"typo", b"ty\x00po"),
    "bad_number": GOOD.replace(b"10", b"1."),
    "leading_zero": GOOD.replace(b"10", b"010"),
    "not_a_number": GOOD.replace(b"10", b"NaN"),
    "invalid_utf8": GOOD.replace(b"typo", b"ty\xffpo"),
    "overlong_utf8": GOOD.replace(b"typo", b"ty\xc0\xafpo"),
    "surrogate_utf8": GOOD.replace(b"typo", b"ty\xed\xa0\x80po"),
    "utf8_cut_short": GOOD.replace(b"README", b"README\xf0\x9f"),
    "utf16": GOOD.decode().encode("utf-16"),
    "mismatched": GOOD.replace(b"]", b"}"),
}


@pytest.mark.parametrize("dialect", bodies.ALL)
def test_bodies_that_are_no_json_objects(house, dialect):
    h = house(vendor=bodies.VENDORS[dialect])
    for case, body in NOT_JSON.items():
        response = post(h, body, dialect)
        assert response.status == 400, (case, response.status, response.body[:200])
        assert_refused(h, response, 400, dialect)


def test_a_body_truncated_anywhere(house):
    h = house()
    for end in range(len(GOOD)):
        assert post(h, GOOD[:end]).status == 400, end
    assert h.asks == []
    assert post(h, GOOD).status == 200


NESTED = {
    "arrays": lambda n: b"[" * n + b"]" * n,
    "objects": lambda n: b'{"a":' * n + b"1" + b"}" * n,
    "open_arrays": lambda n: b"[" * n,
    "open_objects": lambda n: b'{"a":' * n,
    "mixed": lambda n: b'[{"a":' * n + b"1" + b"}]" * n,
}


@pytest.mark.parametrize("shape", NESTED)
def test_deep_nesting_is_refused_without_recursion(house, shape):
    """One small body of brackets has taken down whole gateways."""
    h = house()
    for depth in (100_000, 3 * MB):
        body = GOOD[:-1] + b',"x":' + NESTED[shape](depth) + b"}"
        assert_refused(h, post(h, body))
        inside = b'{"model":"m","messages":[{"role":"user","content":' + NESTED[shape](depth // 10) + b"}]}"
        assert_refused(h, post(h, inside))


def test_honest_nesting_is_fine(house):
    """Tool schemas nest; 200 levels are more than any seen, and one more is refused."""
    h = house()
    body, deeper = (GOOD[:-1] + b',"x":' + NESTED["arrays"](depth) + b"}" for depth in (199, 200))
    assert post(h, body).status == 200
    assert h.asks[0].body.endswith(body[body.index(b',"x"') :])
    response = post(h, deeper)
    assert response.status == 400 and "200" in response.json["error"]["message"]
    assert len(h.asks) == 1


TWICE = {
    "plain": b'{"model":"claude-haiku-4-5","model":"claude-opus-5-5",',
    "escaped": b'{"model":"claude-haiku-4-5","\\u006dodel":"claude-opus-5-5",',
    "escaped_first": b'{"mode\\u006c":"claude-haiku-4-5","model":"claude-opus-5-5",',
    "escaped_alone": b'{"\\u006dodel":"claude-opus-5-5",',
    "messages": b'{"messages":[],"model":"claude-opus-5-5",',
}


@pytest.mark.parametrize("case", TWICE)
def test_a_key_that_decides_stands_once_and_plainly(house, case):
    """Otherwise two readers of one body may read two requests: Basin's and the upstream's."""
    body = TWICE[case] + b'"max_tokens":10,"messages":[{"role":"user","content":"hi"}]}'
    h = house()
    assert_refused(h, post(h, body))


WRONG = {
    "model_number": (b'"claude-opus-5-5"', b"5"),
    "model_null": (b'"claude-opus-5-5"', b"null"),
    "model_object": (b'"claude-opus-5-5"', b'{"id":"x"}'),
    "messages_string": (b'[{"role":"user","content":"fix the typo in README"}]', b'"hi"'),
    "messages_object": (b'[{"role":"user","content":"fix the typo in README"}]', b'{"role":"user"}'),
    "message_number": (b'{"role":"user","content":"fix the typo in README"}', b"7"),
    "content_number": (b'"fix the typo in README"', b"7"),
    "role_number": (b'"user"', b"7"),
    "stream_string": (b'"max_tokens":10', b'"stream":"yes"'),
}


@pytest.mark.parametrize("case", WRONG)
def test_wrong_types_are_named(house, case):
    h = house()
    old, new = WRONG[case]
    response = post(h, GOOD.replace(old, new))
    assert_refused(h, response)
    assert case.split("_")[0] in response.json["error"]["message"], response.body


def test_odd_but_harmless_bodies_do_no_harm(house):
    """Whatever is not ours to judge goes to the vendor, who judges it; nothing of this may hurt the process."""
    h = house(script=Script(default=lambda exchange: exchange.reply(200, b"{}")))
    odd = [
        b'{"model":"","messages":[]}',
        GOOD.replace(b"typo", b"ty\\xpo"),
        b'{"model":"' + b"m" * 100_000 + b'","messages":[{"role":"user","content":"x"}]}',
        b'{"model":"claude-opus-5-5","messages":[]}',
        b'{"model":"claude-opus-5-5","messages":[{}]}',
        b'{"model":"claude-opus-5-5","messages":[{"role":"alien","content":"x"}]}',
        b'{"model":"claude-opus-5-5","messages":[{"role":"user","content":[{"type":"alien"}]}]}',
        b'{"model":"claude-opus-5-5","messages":[{"role":"user","content":[{}]}]}',
        b'{"model":"claude-opus-5-5","messages":[{"role":"user","content":""}],"metadata":{"user_id":"{not json"}}',
        b'{"model":"claude-opus-5-5","messages":[{"role":"user","content":"' + b"\\u0000\\ud800" * 500 + b'"}]}',
        b'{"model":"claude-opus-5-5","messages":['
        + b'{"role":"user","content":"x"},' * 20_000
        + b'{"role":"user","content":"x"}]}',
        b'{"model":"claude-opus-5-5","max_tokens":1e999,"messages":[{"role":"user","content":"x"}]}',
        b'{"model":"claude-opus-5-5","max_tokens":-1,"messages":[{"role":"user","content":"x"}]}',
        b'{"model":"claude-opus-5-5","messages":[{"role":"user","content":"' + b"<system-reminder>" * 20_000 + b'"}]}',
        b"{" + b",".join(b'"k%d":%d' % (i, i) for i in range(50_000)) + b',"model":"m","messages":[]}',
    ]
    for body in odd:
        response = post(h, body)
        assert response.status in (200, 400), (body[:80], response.status, response.body[:200])
        h.basin.assert_well()


def test_32_mb_is_taken_and_one_byte_more_is_not(house):
    h = house()
    head, tail = b'{"model":"claude-opus-5-5","max_tokens":10,"messages":[{"role":"user","content":"', b'"}]}'
    body = head + b"word " * ((32 * MB - len(head) - len(tail)) // 5)
    body += b"." * (32 * MB - len(body) - len(tail)) + tail
    assert len(body) == 32 * MB
    response = post(h, body)
    assert response.status == 200, response.body[:300]
    assert len(h.asks) == 1
    model = h.models[h.asks[0].upstream].encode() if h.asks[0].model != "claude-opus-5-5" else b"claude-opus-5-5"
    assert h.asks[0].body == body.replace(b"claude-opus-5-5", model, 1)

    response = post(h, body + b" ")
    assert response.status == 413
    assert b"max_body_bytes" in response.body, "the answer names another key than the configuration has"
    assert response.json["error"]["type"] == "request_too_large"
    assert "33554432" in response.json["error"]["message"] or "32" in response.json["error"]["message"]
    assert len(h.asks) == 1
    h.basin.assert_well()


def test_a_length_that_is_too_large_is_refused_before_the_body_comes(house):
    h = house()
    with h.basin.client() as client:
        client.send(posted(b"Content-Length: 99999999999"))
        assert client.head().status == 413
    with h.basin.client() as client:
        client.send(posted(b"Content-Length: 99999999999999999999999"))
        assert client.head().status in (400, 413)
    h.basin.assert_well()


def test_chunks_past_the_limit_are_refused_while_they_come(house):
    h = house(change=lambda tables: tables.update(server={"max_body_bytes": 100_000}))
    for size, status in [(100_000, 200), (100_001, 413)]:
        body = GOOD + b" " * (size - len(GOOD))
        chunks = b"".join(b"%x\r\n%s\r\n" % (len(body[i : i + 9000]), body[i : i + 9000]) for i in range(0, size, 9000))
        with h.basin.client() as client:
            headers = [*bodies.headers("anthropic"), ("Transfer-Encoding", "chunked")]
            client.start("POST", "/v1/messages", chunks + b"0\r\n\r\n", headers, length=False)
            assert client.head().status == status
    h.basin.assert_well()


def posted(*fields, body=b""):
    """A POST with these fields, which may be as wrong as they like."""
    return b"POST /v1/messages HTTP/1.1\r\nHost: localhost\r\n" + b"".join(f + b"\r\n" for f in fields) + b"\r\n" + body


CHUNKED = b"Transfer-Encoding: chunked"
MALFORMED = {
    "no_host": b"GET /basin/health HTTP/1.1\r\n\r\n",
    "two_hosts": b"GET /basin/health HTTP/1.1\r\nHost: localhost\r\nHost: evil.example\r\n\r\n",
    "no_version": b"GET /basin/health\r\nHost: localhost\r\n\r\n",
    "http_9": b"GET / HTTP/9.9\r\nHost: localhost\r\n\r\n",
    "http_2_preface": b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
    "space_before_colon": b"GET / HTTP/1.1\r\nHost : localhost\r\n\r\n",
    "folded_header": b"GET / HTTP/1.1\r\nHost: localhost\r\nX-A: b\r\n c\r\n\r\n",
    "nul_in_header": b"GET / HTTP/1.1\r\nHost: localhost\r\nX-A: b\x00c\r\n\r\n",
    "bare_cr": b"GET / HTTP/1.1\r\nHost: localhost\r\nX-A: b\rX-B: c\r\n\r\n",
    "no_colon": b"GET / HTTP/1.1\r\nHost: localhost\r\nnonsense\r\n\r\n",
    "binary": bytes(range(256)) * 8 + b"\r\n\r\n",
    "tls_hello": b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" + b"\x00" * 500 + b"\r\n\r\n",
    "length_and_chunked": posted(b"Content-Length: 5", CHUNKED, body=b"0\r\n\r\n"),
    "two_lengths": posted(b"Content-Length: 2", b"Content-Length: 3", body=b"{} "),
    "length_list": posted(b"Content-Length: 2, 3", body=b"{} "),
    "length_plus": posted(b"Content-Length: +2", body=b"{}"),
    "length_minus": posted(b"Content-Length: -2", body=b"{}"),
    "length_hex": posted(b"Content-Length: 0x2", body=b"{}"),
    "length_spaces": posted(b"Content-Length: 2 2", body=b"{}"),
    "length_empty": posted(b"Content-Length:"),
    "coding_twice": posted(CHUNKED, b"Transfer-Encoding: identity", body=b"0\r\n\r\n"),
    "coding_xchunked": posted(b"Transfer-Encoding: xchunked", body=b"0\r\n\r\n"),
    "coding_gzip_last": posted(b"Transfer-Encoding: chunked, gzip", body=b"0\r\n\r\n"),
    "coding_tab": posted(b"Transfer-Encoding:\x0bchunked", body=b"0\r\n\r\n"),
    "chunk_not_hex": posted(CHUNKED, body=b"zz\r\n\r\n"),
    "chunk_negative": posted(CHUNKED, body=b"-5\r\nhello\r\n0\r\n\r\n"),
    "chunk_huge": posted(CHUNKED, body=b"ffffffffffffffffff\r\n"),
    "chunk_overrun": posted(CHUNKED, body=b"2\r\n{}xx\r\n0\r\n\r\n"),
    "space_in_target": b"GET /basin/health /x HTTP/1.1\r\nHost: localhost\r\n\r\n",
    "absolute_elsewhere": b"GET http://evil.example/v1/models HTTP/1.1\r\nHost: localhost\r\n\r\n",
    "connect": b"CONNECT evil.example:443 HTTP/1.1\r\nHost: localhost\r\n\r\n",
    "long_line": b"GET /" + b"a" * 300_000 + b" HTTP/1.1\r\nHost: localhost\r\n\r\n",
    "long_header": b"GET / HTTP/1.1\r\nHost: localhost\r\nX-A: " + b"a" * 300_000 + b"\r\n\r\n",
    "many_headers": b"GET / HTTP/1.1\r\nHost: localhost\r\n" + b"X-A: b\r\n" * 20_000 + b"\r\n",
}
WELL_FRAMED = ("two_hosts", "no_host", "absolute_elsewhere", "connect")  # refused, but where they end is plain
FRAMING_TRICKS = [c for c in MALFORMED if c.startswith(("length", "two_lengths", "coding", "chunk"))]
SECOND = b"GET /v1/smuggled HTTP/1.1\r\nHost: localhost\r\nanthropic-version: 1\r\n\r\n"


@pytest.mark.parametrize("case", MALFORMED)
def test_malformed_messages_get_an_error_and_a_close(house, case):
    h = house()
    with h.basin.client() as client:
        try:
            client.send(MALFORMED[case])
            response = client.finish()
        except (OSError, http1.Closed):
            response = None  # a clean close says enough to who does not speak HTTP
        if response is not None:
            assert 400 <= response.status < 600, response
            assert (
                case in WELL_FRAMED or client.ended()
            ), "the connection stayed open after a message whose end is unknown"
    assert h.asks == []
    h.basin.assert_well()


@pytest.mark.parametrize("case", FRAMING_TRICKS)
def test_no_second_request_is_smuggled(house, case):
    """What stands behind a message of doubtful length is never taken for a request."""
    h = house()
    with h.basin.client() as client:
        try:
            client.send(MALFORMED[case] + SECOND)
            client.stream.rest()
        except OSError:
            pass
    assert [r.target for u in h.upstreams for r in u.requests] == []
    h.basin.assert_well()


def test_a_header_value_cannot_break_out_upstream(house):
    h = house()
    response = post(h, GOOD, headers=[*bodies.headers("anthropic"), ("X-A", "b\r\nX-Injected: yes")])
    arrived = h.asks[0].headers.get("x-injected") if h.asks else None
    assert response.status in (200, 400)
    assert arrived in (None, "yes")  # one message with two fields is what was sent; it is still one message
    assert len(h.asks) <= 1


def test_pipelined_requests_are_answered_in_order(house):
    h = house(script=Script(*[Reply(f"answer {i}") for i in range(20)]))
    one = b"POST /v1/messages HTTP/1.1\r\nHost: localhost\r\n" + http1.Headers(bodies.headers("anthropic")).wire()
    with h.basin.client() as client:
        client.send((one + b"Content-Length: %d\r\n\r\n" % len(GOOD) + GOOD) * 20)
        for i in range(20):
            assert client.finish().json["content"][0]["text"] == f"answer {i}"


def test_a_request_written_byte_by_byte_is_answered(house):
    h = house()
    head = b"POST /v1/messages HTTP/1.1\r\nHost: localhost\r\n" + http1.Headers(bodies.headers("anthropic")).wire()
    whole = head + b"Content-Length: %d\r\n\r\n" % len(GOOD) + GOOD
    with h.basin.client() as client:
        for i in range(len(whole)):
            client.send(whole[i : i + 1])
        assert client.finish().status == 200
    assert len(h.asks) == 1


def slow(tables):
    tables["server"] = {"header_timeout_ms": 300, "body_timeout_ms": 300, "idle_timeout_ms": 300}


@pytest.mark.parametrize(
    "start",
    [
        b"POST /v1/mess",
        b"POST /v1/messages HTTP/1.1\r\nHost: localhost\r\nX-A: b",
        b"POST /v1/messages HTTP/1.1\r\nHost: localhost\r\nContent-Length: 50\r\n\r\n{",
    ],
    ids=["line", "header", "body"],
)
def test_who_stops_in_the_middle_is_sent_away(house, start):
    h = house(change=slow)
    with h.basin.client() as client:
        client.send(start)
        assert client.stream.rest()[:12] in (b"HTTP/1.1 408", b"HTTP/1.1 400", b"")
    assert h.asks == []
    h.basin.assert_well()


def test_who_keeps_dripping_headers_is_sent_away(house):
    """Each byte comes in time and the head never ends: the limit is on the whole."""
    h = house(change=slow)
    with h.basin.client() as client:
        client.send(b"GET / HTTP/1.1\r\nHost: localhost\r\n")
        try:
            while not readable(client.sock, 0.1):
                client.send(b"X-A: b\r\n")
        except OSError:
            pass
    h.basin.assert_well()


def readable(sock, timeout_s):
    with selectors.DefaultSelector() as selector:
        selector.register(sock, selectors.EVENT_READ)
        return bool(selector.select(timeout_s))


def test_an_idle_connection_is_closed_in_the_end(house):
    """And the next one is greeted: a deadline counts from now, not from when the server last had work."""
    h = house(change=slow)
    for _ in range(3):
        with h.basin.client() as client:
            assert client.request("GET", "/basin/health").status == 200
            assert client.ended()


def test_2000_idle_connections_hurt_nobody(house):
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if hard < 6000:
        pytest.skip(f"only {hard} files may be open")
    resource.setrlimit(resource.RLIMIT_NOFILE, (min(hard, 16_384), hard))
    try:
        h = house()
        post(h, GOOD)
        before = h.basin.memory_kb()
        idle = [socket.create_connection(("127.0.0.1", h.basin.port)) for _ in range(2000)]
        for sock in idle[::2]:
            sock.sendall(b"POST /v1/messages HTTP/1.1\r\nHost: localhost\r\n")  # half of them in mid-sentence
        for _ in range(20):
            assert post(h, GOOD).status == 200
        assert h.basin.memory_kb() - before < 64 << 10, "32 KB for each idle connection and more"
        for sock in idle:
            sock.close()
        h.basin.assert_well()
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))


def test_connections_past_the_limit_do_not_take_the_others_down(house):
    h = house(change=lambda tables: tables.update(server={"max_connections": 20}))
    with h.basin.client() as first:
        assert first.request("GET", "/basin/health").status == 200
        more = [socket.create_connection(("127.0.0.1", h.basin.port)) for _ in range(60)]
        assert first.request("POST", "/v1/messages", GOOD, bodies.headers("anthropic")).status == 200
        for sock in more:
            sock.close()
    h.basin.assert_well()


def test_hostile_upstream_answers_are_bad_gateways(house):
    """The upstream is no friend either: whatever it says, the client gets an answer and the process lives."""
    bad = [
        b"\r\n\r\n",
        b"nonsense\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nContent-Length: x\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\nhello!",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\nhello",
        b"HTTP/1.1 200 OK\r\nX: " + b"a" * 300_000 + b"\r\n\r\n",
        b"HTTP/1.1 200 OK\r\n" + b"X: y\r\n" * 20_000 + b"\r\n",
        b"HTTP/1.1 100 Continue\r\n\r\n" * 50,
        b"HTTP/1.1 999999 OK\r\n\r\n",
        b"HTTP/1.1 099 OK\r\nContent-Length: 0\r\n\r\n",
        bytes(range(256)),
    ]
    for data in bad:
        h = house(script=Script(default=raw(data, then="cut")))
        with h.basin.client() as client:
            client.start("POST", "/v1/messages", GOOD, bodies.headers("anthropic"))
            response = client.finish()
        assert response.status in (502, 503) or not response.complete, (data[:60], response)
        h.basin.assert_well()
