"""Upstreams that are slow, gone, hasty or half-broken, and what the client is told then."""

import socket

import pytest

from support import bodies, http1
from support.house import EASY
from support.replies import Reply, never, raw
from support.sse import error_of, events
from support.upstream import Gate, Script

SMALL = [("x-basin-tier", "small")]


def request(h, dialect="anthropic", stream=False):
    body = bodies.wire(bodies.body(dialect, h.models["own"], EASY, stream=stream))
    return "POST", bodies.PATHS[dialect], body, [*bodies.headers(dialect), *SMALL]


def impatient(tables):
    tables["upstream"][0].update(first_byte_timeout_ms=300, connect_timeout_ms=300)


@pytest.mark.parametrize("dialect", bodies.ALL)
def test_an_upstream_that_is_not_there(house, dialect):
    with socket.create_server(("127.0.0.1", 0)) as gone:
        port = gone.getsockname()[1]
    there_is_nobody = lambda tables: tables["upstream"][0].update(base_url=f"http://127.0.0.1:{port}")
    h = house(vendor=bodies.VENDORS[dialect], change=there_is_nobody)
    for stream in (False, True):
        response = h.basin.request(*request(h, dialect, stream))
        assert response.status == 502, response.body
        assert "small" in response.json["error"]["message"], "which upstream?"
    h.basin.assert_well()


@pytest.mark.parametrize("dialect", bodies.ALL)
def test_an_upstream_that_never_answers(house, dialect):
    h = house(vendor=bodies.VENDORS[dialect], script=Script(default=never), change=impatient)
    response = h.basin.request(*request(h, dialect))
    assert response.status == 504, response.body
    assert response.json["error"]["message"]
    h.small.wait_hang_up(h.asks[0])


@pytest.mark.parametrize("dialect", bodies.ALL)
def test_an_upstream_that_falls_silent(house, dialect):
    """The client learns that it waits for nothing, and the upstream's connection is not kept."""
    h = house(vendor=bodies.VENDORS[dialect], script=Script(Reply("a b c", pause={2: Gate()})), change=impatient)
    response = h.basin.request(*request(h, dialect, stream=True))
    assert error_of(dialect, response.body), response.body
    h.small.wait_hang_up(h.asks[0])


def test_a_connection_that_went_stale_is_not_the_clients_problem(house):
    """Vendors close idle connections when they like; the next request finds out and goes out again, once."""

    def answer_and_leave(exchange):
        Reply("Goodbye.")(exchange)
        exchange.cut()

    h = house(script=Script(answer_and_leave, Reply("Here again."), answer_and_leave, Reply("And again.")))
    for words in ("Goodbye.", "Here again.", "Goodbye.", "And again."):
        response = h.basin.request(*request(h))
        assert response.status == 200, response.body
        assert words in response.body.decode()
    assert len(h.asks) == 4, "a request was sent twice that had been answered"


def test_a_request_that_may_have_been_worked_on_is_not_sent_twice(house):
    """On a fresh connection there is no innocent reason to close: a second copy could be billed twice."""
    h = house(script=Script(default=lambda exchange: exchange.cut()))
    assert h.basin.request(*request(h)).status == 502
    assert len(h.asks) == 1


def test_interim_answers_are_not_the_answer(house):
    interim = b"HTTP/1.1 103 Early Hints\r\nLink: </x>\r\n\r\n"

    def hint(exchange):
        exchange.sock.sendall(interim * 2)
        Reply("The real one.")(exchange)

    h = house(script=Script(hint))
    response = h.basin.request(*request(h))
    assert response.status == 200 and "The real one." in response.body.decode()


@pytest.mark.parametrize("status", [204, 304])
def test_answers_without_a_body_end_where_they_end(house, status):
    h = house(script=Script(default=raw(b"HTTP/1.1 %d Fine\r\nX-A: b\r\n\r\n" % status)))
    with h.basin.client() as client:
        for _ in range(3):
            client.start(*request(h))
            response = client.head()
            assert (response.status, response.headers.get("x-a")) == (status, "b")
            assert response.headers.get("transfer-encoding") is None
        client.start("GET", "/basin/health")
        assert client.finish().status == 200


SPOILED = b'HTTP/1.1 200 OK\r\nContent-Length: 7\r\n\r\nspoiled'


@pytest.mark.parametrize(
    ("answer", "status"),
    [
        (b"HTTP/1.1 204 Fine\r\nContent-Length: %d\r\n\r\n" % len(SPOILED), 204),
        (b"HTTP/1.1 304 Fine\r\n\r\n", 304),
        (b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}", 200),
        (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\n\r\n", 200),
    ],
)
def test_bytes_behind_an_answer_are_nobodys_answer(house, answer, status):
    """An upstream that says more than it was asked must not have that taken for the answer to the next request."""
    h = house(script=Script(raw(answer + SPOILED, then="keep"), default=Reply("The real one.")))
    first = h.basin.request(*request(h))
    assert (first.status, b"spoiled" in first.body) == (status, False)
    second = h.basin.request(*request(h))
    assert second.status == 200 and "The real one." in second.body.decode()


def test_a_long_answer_costs_no_memory(house):
    size, piece = 64 << 20, b"x" * (64 << 10)

    def long(exchange):
        exchange.begin(200, [("Content-Type", "application/json")], framing="length", length=size)
        for _ in range(size // len(piece)):
            exchange.sock.sendall(piece)

    h = house(script=Script(long))
    with h.basin.client() as client:
        h.basin.request("GET", "/basin/health")
        before = h.basin.memory_kb()
        client.start(*request(h))
        response = client.head()
        assert sum(map(len, client.body_pieces(response))) == size
        assert response.complete
    assert h.basin.memory_kb() - before < 16 << 10


def test_an_answer_that_comes_before_the_request_is_read(house):
    """A vendor may refuse a long body early; the client must see why, not that a connection broke."""
    refusal = b'{"type":"error","error":{"type":"request_too_large","message":"too long for me"}}'

    h = house()
    with socket.create_server(("127.0.0.1", 0)) as listener:
        h.tables["upstream"][0]["base_url"] = f"http://127.0.0.1:{listener.getsockname()[1]}"
        h.home.configure(h.tables)
        assert h.home.run("reload").returncode == 0
        body = bodies.wire(bodies.body("anthropic", h.models["own"], "word " * 2_000_000))
        with h.basin.client() as client:
            client.start("POST", "/v1/messages", body, [*bodies.headers("anthropic"), *SMALL])
            vendor, _ = listener.accept()
            http1.read_head(http1.Stream(vendor))
            vendor.sendall(
                b"HTTP/1.1 413 Too Large\r\nConnection: close\r\nContent-Length: %d\r\n\r\n%s" % (len(refusal), refusal)
            )
            response = client.finish()
            vendor.close()
    assert (response.status, response.body) == (413, refusal)


@pytest.mark.parametrize("stream", [False, True])
def test_a_client_of_http_1_0_gets_no_chunks(house, stream):
    h = house(script=Script(default=Reply("Old but well.", framing="chunked")))
    method, target, body, headers = request(h, stream=stream)
    head = http1.Headers([("Host", "localhost"), ("Content-Length", str(len(body))), *headers])
    with h.basin.client() as client:
        client.send(f"{method} {target} HTTP/1.0\r\n".encode() + head.wire() + b"\r\n" + body)
        response = client.finish()
        assert response.headers.get("transfer-encoding") is None
        assert response.body == h.asks[0].answer
        assert client.ended()


def test_a_client_that_says_close_is_closed(house):
    h = house()
    method, target, body, headers = request(h, stream=True)
    with h.basin.client() as client:
        client.start(method, target, body, [*headers, ("Connection", "close")])
        response = client.finish()
        assert response.complete and events(response.body)
        assert client.ended()


def test_a_blank_line_between_requests_is_forgiven(house):
    """RFC 9112, 2.2: some clients send one after a body."""
    h = house()
    with h.basin.client() as client:
        for _ in range(3):
            client.start(*request(h))
            assert client.finish().status == 200
            client.send(b"\r\n")
