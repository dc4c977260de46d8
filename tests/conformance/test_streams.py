"""Streams: every prefix is passed on as it comes, every end is told as what it was, and a hang-up is felt upstream."""

import select
import socket
import threading
import time

import pytest

from support import bodies
from support.house import EASY
from support.http1 import DEFAULT_TIMEOUT_S
from support.replies import Reply, call, cut_after, fail_midstream, say, think
from support.sse import error_of, events
from support.upstream import Gate, Script

# Short, but with everything in it that a cut could hurt: characters of several bytes, escapes, thinking, a tool call.
ANSWER = (think("Hé…"), say('Aé🙂\n"ok"'), call("f", {"k": "v\n"}))


def start(client, h, dialect, stream=True, text=EASY):
    body = bodies.wire(bodies.body(dialect, h.models["own"], text, stream=stream))
    client.start("POST", bodies.PATHS[dialect], body, [*bodies.headers(dialect), ("x-basin-tier", "small")])


STRIDE = 97  # each answer is cut at every 97th byte, and 97 answers start one byte apart: every position is a cut


@pytest.mark.parametrize("newline", ["\n", "\r\n"], ids=["lf", "crlf"])
@pytest.mark.parametrize("dialect", bodies.ALL)
def test_cut_at_every_byte_the_client_gets_identical_bytes(house, dialect, newline):
    """The upstream writes up to a cut and waits until the client has read exactly that.

    So this also shows that nothing is held back: not for the end of an event, a line or a character.
    """
    h = house(vendor=bodies.VENDORS[dialect])
    probe = Reply(*ANSWER, newline=newline)
    size = len(b"".join(probe.events(dialect, bodies.body(dialect, h.models["small"], EASY, stream=True))))
    gate = Gate()
    with h.basin.client() as client:
        for first in range(1, STRIDE + 1):
            cuts = range(first, size, STRIDE)
            pauses = {number + 1: gate for number in range(len(cuts))}
            h.script.then(Reply(*ANSWER, newline=newline, pieces=cuts, pause=pauses))
            start(client, h, dialect)
            response = client.head()
            got = b""
            for piece in client.body_pieces(response):
                got += piece
                if len(got) in cuts:
                    gate.open()
            assert response.complete, f"cut from {first} on"
            assert got == h.small.asks[-1].answer, f"cut from {first} on"
    assert h.large.asks == [] and h.small.connections == 1


@pytest.mark.parametrize("framing", ["chunked", "length", "close"])
@pytest.mark.parametrize("dialect", bodies.ALL)
def test_the_first_event_is_seen_before_the_second_is_written(house, dialect, framing):
    gate = Gate()
    h = house(vendor=bodies.VENDORS[dialect], script=Script(Reply(*ANSWER, framing=framing, pause={1: gate})))
    with h.basin.client() as client:
        start(client, h, dialect)
        response = client.head()
        pieces = client.body_pieces(response)
        first = next(pieces)
        assert len(events(first)) == 1
        gate.open()
        assert first + b"".join(pieces) == h.asks[0].answer
        assert response.complete


def test_the_head_is_seen_before_the_first_event(house):
    gate = Gate()
    h = house(script=Script(Reply(pause={0: gate})))
    with h.basin.client() as client:
        start(client, h, "anthropic")
        response = client.head()
        assert response.status == 200
        gate.open()
        assert b"".join(client.body_pieces(response)) == h.asks[0].answer


def before_the_head(exchange):
    exchange.hold()


def within_the_stream(exchange):
    Reply(*ANSWER, pause={2: Gate()})(exchange)


@pytest.mark.parametrize("moment", [before_the_head, within_the_stream])
@pytest.mark.parametrize("stream", [True, False])
def test_a_client_that_hangs_up_is_felt_upstream_within_100_ms(house, moment, stream):
    h = house(script=Script(default=moment if stream else before_the_head))
    took = []
    for turn in range(5):
        client = h.basin.client()
        start(client, h, "anthropic", stream)
        h.small.wait_asks(turn + 1)
        if stream and moment is within_the_stream:
            response = client.head()
            next(client.body_pieces(response))
        left = time.monotonic()
        client.close()
        took.append(h.small.wait_hang_up(h.small.asks[turn]) - left)
    # The median, because one of five may meet a busy machine; each alone is held to the wait's own limit.
    assert sorted(took)[2] < 0.1, took


def test_a_client_that_resets_is_felt_too(house):
    h = house(script=Script(default=within_the_stream))
    client = h.basin.client()
    start(client, h, "anthropic")
    next(client.body_pieces(client.head()))
    client.sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\1\0\0\0\0\0\0\0")  # close sends a reset
    left = time.monotonic()
    client.close()
    assert h.small.wait_hang_up(h.small.asks[0]) - left < 1
    h.basin.assert_well()


@pytest.mark.parametrize("framing", ["chunked", "length", "close"])
@pytest.mark.parametrize("dialect", bodies.ALL)
@pytest.mark.parametrize("where", ["between_events", "within_an_event", "at_once"])
def test_a_stream_that_ends_early_ends_in_an_error_event(house, dialect, framing, where):
    vendor = bodies.VENDORS[dialect]
    h = house(vendor=vendor)
    parts = Reply(*ANSWER).events(dialect, bodies.body(dialect, h.models["small"], EASY, stream=True))
    count = {"between_events": len(parts[0] + parts[1]), "within_an_event": len(parts[0] + parts[1]) + 20, "at_once": 0}
    h.script.then(cut_after(count[where], Reply(*ANSWER), framing))
    with h.basin.client() as client:
        start(client, h, dialect)
        response = client.finish()
    if where == "at_once" and response.status != 200:
        return  # nothing had been promised yet: a plain HTTP error says it better
    whole = b"".join(parts)
    assert response.body.startswith(whole[: count[where]]), "what had come was not passed on"
    error = error_of(dialect, response.body)
    assert error, response.body[-300:]
    assert "upstream" in error[1].lower(), error
    assert b"[DONE]" not in response.body and b"message_stop" not in response.body
    h.basin.assert_well()


@pytest.mark.parametrize("dialect", bodies.ALL)
def test_an_answer_that_ends_early_is_never_whole(house, dialect):
    for framing in ("length", "chunked"):
        for count in (0, 1, 100):
            h = house(vendor=bodies.VENDORS[dialect], script=Script(cut_after(count, framing=framing)))
            with h.basin.client() as client:
                start(client, h, dialect, stream=False)
                response = client.finish()
            assert response.status >= 500 or not response.complete, (framing, count, response)


@pytest.mark.parametrize("dialect", bodies.ALL)
def test_the_upstreams_own_error_event_travels_alone(house, dialect):
    """It is the vendor's word on what went wrong; a second opinion behind it would only confuse."""
    h = house(vendor=bodies.VENDORS[dialect], script=Script(fail_midstream()))
    with h.basin.client() as client:
        start(client, h, dialect)
        response = client.finish()
    assert response.complete
    assert response.body == h.asks[0].answer


@pytest.mark.parametrize("dialect", bodies.ALL)
def test_an_upstream_that_closes_before_answering_is_a_clear_error(house, dialect):
    h = house(vendor=bodies.VENDORS[dialect], script=Script(default=lambda exchange: exchange.cut()))
    with h.basin.client() as client:
        start(client, h, dialect)
        response = client.finish()
    assert response.status in (502, 503), response
    error = response.json["error"]
    assert error["message"] and error["type"]
    assert dialect != "anthropic" or response.json["type"] == "error"


def test_a_reader_that_stops_stops_the_upstream_and_costs_no_memory(house):
    """64 MB are offered to a client that reads nothing: they wait at the upstream, not in Basin."""
    size, sent_at_stall, stalled, gate = 64 << 20, [], threading.Event(), Gate()
    line = b'data: {"type":"ping","pad":"' + b"x" * 65_000 + b'"}\n\n'

    def flood(exchange):
        exchange.begin(200, [("Content-Type", "text/event-stream")])
        sent = 0
        exchange.sock.setblocking(False)
        pending = b""
        while sent < size or pending:
            pending = pending or b"%x\r\n%s\r\n" % (len(line), line)
            _, writable, _ = select.select([], [exchange.sock], [], 1.0)  # one second without room: nobody reads
            if not writable:
                sent_at_stall.append(sent)
                stalled.set()
                exchange.sock.setblocking(True)
                exchange.hold(gate)
                exchange.sock.sendall(pending)
                break
            wrote = exchange.sock.send(pending)
            pending, sent = pending[wrote:], sent + wrote
        exchange.sock.setblocking(True)
        for event in Reply().events("anthropic", {"model": "m"}):
            exchange.write(event)
        exchange.finish()

    h = house(script=Script(flood))
    with h.basin.client(receive_buffer=16 * 1024) as client:
        before = h.basin.memory_kb()
        start(client, h, "anthropic")
        response = client.head()
        assert stalled.wait(DEFAULT_TIMEOUT_S), "the upstream was never slowed down"
        assert sent_at_stall[0] < 24 << 20, "the stream was buffered on its way"
        assert h.basin.memory_kb() - before < 16 << 10
        gate.open()
        tail = b""
        for piece in client.body_pieces(response):
            tail = (tail + piece)[-400:]
        assert response.complete and b"message_stop" in tail
