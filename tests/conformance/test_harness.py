"""The harness must be able to fail: what holds Basin to its promises is held to its own here. No Basin takes part."""

import pytest

from support import bodies, fidelity, http1
from support.hearing import heard
from support.relay import Relay
from support.replies import Reply, call, compact, cut_after, decline, everything_else, say, think
from support.sse import error_of, events
from support.upstream import Gate, Script, Upstream

BODY = b'{"x":{"model":"no"},"y":"\\"model\\":\\"no\\"","model" : "old","z":[1,{"model":2}]}'


@pytest.fixture
def vendor():
    made = Upstream("vendor", Script(default=Reply("hi")), everything_else)
    yield made
    made.close()
    assert not made.failures


def test_the_comparison_finds_every_changed_byte():
    start, end = fidelity.model_span(BODY)
    assert BODY[start:end] == b'"old"'
    good = fidelity.with_model(BODY, "new")
    fidelity.assert_same_body(BODY, good, "new")
    for i in range(len(good)):
        with pytest.raises(AssertionError):
            fidelity.assert_same_body(BODY, good[:i] + bytes([good[i] ^ 1]) + good[i + 1 :], "new")
    for wrong in (good + b" ", good[:-1], BODY):
        with pytest.raises(AssertionError):
            fidelity.assert_same_body(BODY, wrong, "new")


def test_the_comparison_finds_a_lost_an_added_and_a_moved_header():
    sent = http1.Headers([("A", "1"), ("B", "2"), ("Connection", "X-Hop"), ("X-Hop", "3")])
    fidelity.assert_same_headers(sent, http1.Headers([("a", "1"), ("b", "2"), ("Host", "else")]))
    for got in ([("a", "1")], [("a", "1"), ("b", "2"), ("c", "3")], [("b", "2"), ("a", "1")], [("a", "1"), ("b", "9")]):
        with pytest.raises(AssertionError):
            fidelity.assert_same_headers(sent, http1.Headers(got))
    with pytest.raises(AssertionError):
        fidelity.assert_same_headers(sent, http1.Headers([("a", "1"), ("b", "2"), ("x-basin-tier", "small")]))


@pytest.mark.parametrize("dialect", bodies.ALL)
def test_both_ends_write_down_the_same_bytes(vendor, dialect):
    relay = Relay(vendor.port)
    vendor.script.then(
        *[
            Reply(think("hm"), say("é🙂"), call("f", {}), newline=n, framing=f)
            for n in ("\n", "\r\n")
            for f in ("chunked", "length", "close")
        ]
    )
    body = bodies.wire(bodies.body(dialect, "m", "hello", stream=True))
    for _ in range(6):
        response = http1.once(relay.port, "POST", bodies.PATHS[dialect] + "?a=%20", body, bodies.headers(dialect))
        assert response.complete and response.body == vendor.asks[-1].answer
        assert error_of(dialect, response.body) is None
    relay.close()
    sent = relay.sent()
    assert len(sent) == 6
    for request, arrived in zip(sent, vendor.asks):
        fidelity.assert_faithful(request, arrived)
        assert request[2] == arrived.headers


@pytest.mark.parametrize("framing", ["chunked", "length"])
def test_a_cut_is_seen_as_a_cut(vendor, framing):
    vendor.script.then(cut_after(100, framing=framing))
    response = http1.once(
        vendor.port, "POST", "/v1/messages", bodies.wire(bodies.body("anthropic", "m", "hello", stream=True))
    )
    assert not response.complete and len(response.body) == 100


def test_a_held_exchange_sees_the_gate_and_the_hang_up(vendor):
    gate = Gate()
    for opens in (True, False):
        vendor.script.then(Reply("hi", pause={1: gate}))
        with http1.Client(vendor.port) as client:
            client.start("POST", "/v1/messages", bodies.wire(bodies.body("anthropic", "m", "hello", stream=True)))
            response = client.head()
            pieces = client.body_pieces(response)
            assert len(events(next(pieces))) == 1
            if opens:
                gate.open()
                assert b"message_stop" in b"".join(pieces)
        if not opens:
            vendor.wait_hang_up(vendor.asks[-1])
    assert [r.hung_up_at is None for r in vendor.asks] == [True, False]


ANSWERS = {
    "text": Reply("Aé b c"),
    "all": Reply(think("hm no"), say("x y"), call("f", {"a": [1, "é"]}), call("g", {}, 2)),
    "refusal": Reply(decline("I will not.")),
    "length": Reply("too lo", stop="max_tokens"),
}


@pytest.mark.parametrize("dialect", bodies.ALL)
@pytest.mark.parametrize("answer", ANSWERS.values(), ids=ANSWERS)
def test_an_answer_is_heard_the_same_whole_and_streamed(dialect, answer):
    request = {"model": "m", "stream_options": {"include_usage": True}}
    whole = heard(dialect, compact(answer.whole(dialect, request)).encode(), stream=False)
    assert whole == heard(dialect, b"".join(answer.events(dialect, request)), stream=True)
    assert whole.output_tokens == 17 and whole.prompt_tokens == 5012
    elsewhere = heard("anthropic", compact(answer.whole("anthropic", request)).encode(), stream=False)
    assert whole.without("thinking") == elsewhere.without("thinking")


@pytest.mark.parametrize("dialect", bodies.ALL)
def test_a_stream_that_breaks_its_grammar_is_found(dialect):
    """Less any one event that is more than a word of the answer, or with one said twice."""
    request = {"model": "m", "stream_options": {"include_usage": True}}
    stream = Reply(say("a b"), call("f", {"a": 1}), extras=False).events(dialect, request)
    idle = (b"text_delta", b'"content":', b'"partial_json":""', b'"choices":[]')  # another answer, but a sound one
    for at, event in enumerate(stream):
        for broken in (stream[:at] + stream[at + 1 :], stream[: at + 1] + stream[at:]):
            if dialect != "openai_responses" and any(mark in event for mark in idle):
                continue
            with pytest.raises((AssertionError, KeyError, IndexError, TypeError, ValueError)):
                heard(dialect, b"".join(broken), stream=True)
