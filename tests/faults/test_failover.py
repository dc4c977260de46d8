"""When a place fails: again, elsewhere, or the error as it came, and why. All of it before the client's first byte.

`small` and `large` share a script, so behaviours are used up in the order in which the places are asked.
"""

import email.utils
import socket
import time

import pytest

from support import bodies
from support.house import EASY
from support.replies import Reply, cut_after, error_body, fail_midstream, refuse
from support.servers import LlamaCpp, Model, Ollama
from support.sse import error_of
from support.strict import StrictAnthropic
from support.town import tier
from support.upstream import Gate, Script

KEYED = {"SCRIPTED_KEY": "sk-canary-upstream-91b2d4"}


def own_keys(tables):
    """Both servers have a key of ours: then a bad one is ours to route around."""
    for upstream in tables["upstream"]:
        upstream["key_env"] = "SCRIPTED_KEY"


def ask(h, dialect="anthropic", text=EASY, stream=False, headers=(), **more):
    model = h.models["own"] if hasattr(h, "models") else "claude-opus-5-5"
    body = bodies.wire(bodies.body(dialect, model, text, stream=stream, **more))
    return h.basin.request("POST", bodies.PATHS[dialect], body, [*bodies.headers(dialect), *headers])


def attempts(h, response):
    """[(tier, cause, status), ...] of the decision's record; every one has its reason in words."""
    record = h.basin.decision(response)
    assert all(a["why"] and a["model"] and a["upstream"] for a in record["attempts"])
    return [(a["tier"], a["cause"], a.get("status")) for a in record["attempts"]]


def upstream_status(h, name):
    return next(u for u in h.basin.get("/basin/status")["upstreams"] if u["name"] == name)


# -- again, and elsewhere
@pytest.mark.parametrize("dialect", bodies.ALL)
def test_once_more_at_the_same_place(house, dialect):
    h = house(vendor=bodies.VENDORS[dialect], script=Script(refuse(529), Reply("Here.")))
    response = ask(h, dialect)
    assert response.status == 200 and "Here." in response.body.decode()
    assert h.reached() == ["small", "small"]
    assert attempts(h, response) == [("small", "overloaded", 529)]
    assert h.asks[0].body == h.asks[1].body


@pytest.mark.parametrize("stream", [False, True])
@pytest.mark.parametrize("status", [500, 529])
def test_then_at_the_next_with_every_reason_in_the_record(house, status, stream):
    h = house(script=Script(refuse(status), refuse(status), Reply("There.")))
    response = ask(h, stream=stream)
    assert response.status == 200 and "There." in response.body.decode()
    assert h.reached() == ["small", "small", "large"]
    cause = {500: "server_error", 529: "overloaded"}[status]
    assert attempts(h, response) == [("small", cause, status)] * 2
    assert response.headers.get("x-basin-tier") == "large"
    assert h.basin.decision(response)["rule"] == "fallback"
    assert h.asks[2].model == h.models["large"]


def test_when_all_fail_the_client_gets_an_error_as_a_vendor_words_it(house):
    h = house(script=Script(default=refuse(529)))
    response = ask(h)
    assert (response.status, response.body) == (529, error_body("anthropic", 529))
    assert 2 <= len(h.asks) <= 6, "it was asked for ever"


def test_a_vendor_that_says_not_to_is_not_asked_again(house):
    h = house(script=Script(refuse(529, should_retry=False), Reply("There.")))
    assert ask(h).status == 200
    assert h.reached() == ["small", "large"]


def test_the_clients_own_mistake_stays_its_own(house):
    h = house(script=Script(refuse(400)))
    response = ask(h)
    assert (response.status, response.body) == (400, error_body("anthropic", 400))
    assert h.reached() == ["small"]


@pytest.mark.parametrize("dialect", bodies.ALL)
def test_nothing_is_tried_again_once_the_client_has_a_byte(house, dialect):
    h = house(vendor=bodies.VENDORS[dialect])
    for behaviour in (cut_after(400), fail_midstream()):
        h.script.then(behaviour)
        response = ask(h, dialect, stream=True)
        assert error_of(dialect, response.body)
    assert len(h.asks) == 2


def test_a_request_that_names_its_tier_stays_there(house):
    h = house(script=Script(default=refuse(529)))
    response = ask(h, headers=[("x-basin-tier", "small")])
    assert response.status == 529
    assert set(h.reached()) == {"small"}


def test_without_fallback_the_error_travels(house):
    h = house(script=Script(default=refuse(529)), change=lambda t: t["routing"].update(fallback=False))
    response = ask(h)
    assert (response.status, response.body) == (529, error_body("anthropic", 529))
    assert set(h.reached()) == {"small"}


def test_a_conversation_goes_on_where_it_was_taken_over(house):
    h = house(script=Script(refuse(529), refuse(529), Reply("There.")))
    ask(h, session="s1")
    h.basin.request(
        "POST",
        "/v1/messages",
        bodies.wire(bodies.body("anthropic", h.models["own"], EASY, "There.", "and one more", session="s1")),
        bodies.headers("anthropic"),
    )
    assert h.reached() == ["small", "small", "large", "large"]


# -- how long to wait
def in_two_seconds():
    return email.utils.formatdate(time.time() + 2, usegmt=True)


def left_until(date):
    """Seconds from now until an HTTP date."""
    return email.utils.parsedate_to_datetime(date).timestamp() - time.time()


WAITS = {
    "seconds": (lambda: {"headers": [("retry-after", "1")]}, 1.0),
    "milliseconds": (lambda: {"headers": [("retry-after-ms", "400")]}, 0.4),
    "the finer of two": (lambda: {"headers": [("retry-after", "1"), ("retry-after-ms", "700")]}, 0.7),
    "date": (lambda: {"headers": [("retry-after", in_two_seconds())]}, None),
}


@pytest.mark.parametrize("form", WAITS)
def test_a_short_wait_is_waited_for_and_never_shortened(house, form):
    how, least_s = WAITS[form]
    told = how()
    h = house(script=Script(refuse(429, **told), Reply("Here.")))
    response = ask(h)
    assert response.status == 200
    if h.reached() == ["small", "large"]:  # a date has no fractions: it may lie further off than is waited for
        assert form == "date"
        return
    assert h.reached() == ["small", "small"]
    if form == "date":  # how long that was depends on when the request came; that it is over does not
        assert left_until(told["headers"][0][1]) <= 0
        return
    assert h.asks[1].at - h.asks[0].at >= least_s
    assert h.basin.decision(response)["attempts"][0]["wait_ms"] >= least_s * 1000


@pytest.mark.parametrize(
    "how",
    [
        {"retry_after": 3600},
        {"retry_after": "3600.5"},
        {"headers": [("retry-after-ms", "3600000")]},
        {"headers": [("retry-after", "Tue, 01 Jan 2199 00:00:00 GMT")]},
        {"headers": [("anthropic-ratelimit-unified-status", "rejected"), ("retry-after", "3600")]},
    ],
    ids=["seconds", "fraction", "milliseconds", "date", "wall"],
)
def test_a_long_wait_is_not_waited_for_and_the_place_is_left_alone(house, how):
    h = house(script=Script(refuse(429, **how)))
    for _ in range(3):
        assert ask(h).status == 200
    assert h.reached() == ["small", "large", "large", "large"]
    assert upstream_status(h, "small")["closed"]


def test_a_long_wait_with_nowhere_to_go_is_told_as_it_came(house):
    h = house(script=Script(refuse(429, retry_after=3600)))
    response = ask(h, headers=[("x-basin-tier", "small")])
    assert (response.status, response.headers.get("retry-after")) == (429, "3600")


# -- what a failure says of whom
def test_our_bad_key_closes_its_server_and_not_the_request(house):
    h = house(script=Script(refuse(401)), change=own_keys, **KEYED)
    first, second = ask(h), ask(h)
    assert first.status == second.status == 200
    assert h.reached() == ["small", "large", "large"]
    assert attempts(h, first) == [("small", "bad_key", 401)]
    assert attempts(h, second) == [("small", "bad_key", None)], "closed: it was not asked"
    assert upstream_status(h, "small")["closed"]


def test_the_clients_bad_key_is_the_clients_to_mend(house):
    h = house(script=Script(refuse(401)))
    assert ask(h).status == 401
    assert ask(h).status == 200
    assert h.reached() == ["small", "small"], "one client's key closed a server for all"


def test_a_host_that_is_gone_is_left_alone(house):
    with socket.create_server(("127.0.0.1", 0)) as gone:
        port = gone.getsockname()[1]
    h = house(change=lambda t: t["upstream"][0].update(base_url=f"http://127.0.0.1:{port}"))
    response = ask(h)
    assert response.status == 200
    assert h.reached() == ["large"]
    assert attempts(h, response) == [("small", "unreachable", None)]
    # Whether one failure closes it is the breaker's matter; that several do is not.
    for _ in range(5):
        response = ask(h)
    assert upstream_status(h, "small")["closed"]
    h.basin.assert_well()


def test_a_model_that_is_missing_closes_that_model_only(house):
    """Two tiers of one server: the one whose model it does not have is passed over, the other serves."""

    def one_server(tables):
        tables["tier"][1].update(upstream="small")

    h = house(script=Script(refuse(404)), change=one_server)
    first, second = ask(h), ask(h)
    assert first.status == second.status == 200
    assert [r.model for r in h.asks] == [h.models["small"], h.models["large"], h.models["large"]]
    assert attempts(h, first) == [("small", "bad_model", 404)]


def test_a_closed_place_is_still_better_than_none(house):
    h = house(script=Script(default=refuse(401)), change=own_keys, **KEYED)
    assert ask(h).status == 401
    h.script.default = Reply("Mended.")
    assert ask(h).status == 200, "all were closed, and nobody was asked"


def test_too_long_goes_to_the_longer_window_and_closes_nothing(town):
    """What the small server says of a prompt that it has no room for; a tier with as little room is passed over."""
    short = [LlamaCpp(Model(context=2048), name=name) for name in ("first", "second")]
    wide = StrictAnthropic("wide")
    t = town(*short, wide, tiers=[tier(short[0], "m"), tier(short[1], "m"), tier(wide, "claude-sonnet-5-5")])
    long = ask(t, text=EASY + "\n\n" + "It is a long text. " * 1000)
    assert long.status == 200, long.body
    assert t.reached() in (["first", "wide"], ["first", "second", "wide"])
    assert attempts(t, long)[0] == ("first", "too_long", 400)
    assert ask(t).status == 200
    assert t.reached()[-1] == "first", "a prompt's length was held against the server"


def test_a_tier_that_has_as_little_room_is_passed_over(town):
    """The windows are known here: nobody need find out."""
    servers = [LlamaCpp(Model(context=c), name=n) for n, c in (("first", 2048), ("second", 2048), ("third", 200_000))]
    # The first is said to have more than it has, as when a server was restarted with other settings.
    tiers = [tier(s, "m", context=c) for s, c in zip(servers, (8192, 8192, 200_000))]
    t = town(*servers, tiers=tiers)
    response = ask(t, text=EASY + "\n\n" + "It is a long text. " * 900)
    assert response.status == 200, response.body
    assert t.reached() == ["first", "third"]


def test_a_server_that_truncates_in_silence_is_found_out(town):
    """Its usage says that it read less than it was sent: it gets nothing of that length again, and the user is told."""
    ollama, wide = Ollama(Model(context=2048)), StrictAnthropic("wide")
    t = town(ollama, wide, tiers=[tier(ollama, "qwen3:4b"), tier(wide, "claude-sonnet-5-5")])
    text = EASY + "\n\n" + "It is a long text, and it does not end. " * 2400
    assert ask(t, text=text).status == 200
    assert ask(t, text=text).status == 200
    assert t.reached() == ["ollama", "wide"]
    assert ask(t).status == 200
    assert t.reached()[-1] == "ollama", "it has room for short prompts still"
    assert "OLLAMA_CONTEXT_LENGTH" in str(t.basin.get("/basin/status")) + t.basin.log


# -- loading
def test_a_model_that_is_being_loaded_is_waited_for(town):
    llama, wide = LlamaCpp(Model(loaded=False, context=100_000)), StrictAnthropic("wide")
    t = town(llama, wide, tiers=[tier(llama, "m"), tier(wide, "claude-sonnet-5-5")])
    with t.basin.client() as client:
        body = bodies.wire(bodies.body("anthropic", "claude-opus-5-5", EASY))
        client.start("POST", "/v1/messages", body, bodies.headers("anthropic"))
        llama.wait_asks(1)
        llama.only.loaded = True
        response = client.finish()
    assert response.status == 200
    assert t.reached() == ["llamacpp", "llamacpp"]
    assert attempts(t, response) == [("llamacpp", "loading", 503)]


def test_but_no_longer_than_the_tier_may_wait(town):
    llama, wide = LlamaCpp(Model(loaded=False, context=100_000)), StrictAnthropic("wide")
    t = town(llama, wide, tiers=[tier(llama, "m", max_wait_s=0.2), tier(wide, "claude-sonnet-5-5")])
    response = ask(t)
    assert response.status == 200
    assert t.reached() == ["llamacpp", "wide"]


# -- slots
def one_slot(tables):
    tables["upstream"][0]["slots"] = 1
    tables["routing"]["fallback"] = False


def start(h, client, stream=True):
    body = bodies.wire(bodies.body("anthropic", h.models["own"], EASY, stream=stream))
    client.start("POST", "/v1/messages", body, bodies.headers("anthropic"))


def slots(h):
    at = upstream_status(h, "small")["slots"]
    return at["used"], at["limit"], at["waiting"]


def wait_slots(h, wanted):
    """Waits until the status says so: it is what a person looks at."""
    deadline = time.monotonic() + 15
    while slots(h) != wanted:
        assert time.monotonic() < deadline, (slots(h), wanted)


def test_further_requests_wait_their_turn_in_order(house):
    gates = [Gate() for _ in range(3)]
    h = house(script=Script(*(Reply(str(i), pause={1: g}) for i, g in enumerate(gates))), change=one_slot)
    clients = [h.basin.client() for _ in gates]
    for waiting, client in enumerate(clients):
        start(h, client)
        wait_slots(h, (1, 1, waiting))
    assert len(h.asks) == 1
    for served, (client, gate) in enumerate(zip(clients, gates)):
        h.small.wait_asks(served + 1)
        gate.open()
        response = client.finish()
        assert response.status == 200 and f'"{served}"' in response.body.decode(), "out of order"
        client.close()
    wait_slots(h, (0, 1, 0))


@pytest.mark.parametrize("stream", [False, True])
def test_a_hang_up_frees_the_slot(house, stream):
    """While it is answered, and while it waits."""
    h = house(script=Script(Reply(pause={1: Gate()}) if stream else lambda e: e.hold()), change=one_slot)
    first, second, third = (h.basin.client() for _ in range(3))
    start(h, first, stream)
    wait_slots(h, (1, 1, 0))
    start(h, second, stream)
    start(h, third, stream)
    wait_slots(h, (1, 1, 2))
    second.close()
    wait_slots(h, (1, 1, 1))
    first.close()
    assert third.finish().status == 200
    third.close()
    assert len(h.asks) == 2
    wait_slots(h, (0, 1, 0))


@pytest.mark.parametrize("end", [refuse(400), refuse(529), cut_after(300), fail_midstream(), lambda e: e.cut()])
def test_every_end_frees_the_slot(house, end):
    h = house(script=Script(*[end] * 8, default=Reply("Free.")), change=one_slot)
    for _ in range(4):
        ask(h, stream=True)
    wait_slots(h, (0, 1, 0))


def test_who_waits_too_long_goes_elsewhere(house):
    def impatient(tables):
        tables["upstream"][0]["slots"] = 1
        tables["tier"][0]["max_wait_s"] = 0.2

    gate = Gate()
    h = house(script=Script(Reply(pause={1: gate})), change=impatient)
    with h.basin.client() as first:
        start(h, first)
        h.small.wait_asks(1)
        response = ask(h)
        assert response.status == 200
        assert h.reached() == ["small", "large"]
        assert attempts(h, response)[0][0] == "small"
        gate.open()
        assert first.finish().status == 200


def test_thirty_at_once_through_two_slots(house):
    """As many as it takes at once, never more; and everybody is served."""
    busy, most = [0], [0]

    def counted(exchange):
        busy[0] += 1
        most[0] = max(most[0], busy[0])
        try:
            Reply("Served.")(exchange)
        finally:
            busy[0] -= 1

    def two_slots(tables):
        tables["upstream"][0]["slots"] = 2
        tables["routing"]["fallback"] = False

    h = house(script=Script(default=counted), change=two_slots)
    clients = [h.basin.client() for _ in range(30)]
    for client in clients:
        start(h, client)
    for client in clients:
        response = client.finish()
        assert response.status == 200 and response.complete
        client.close()
    assert most[0] <= 2
    wait_slots(h, (0, 2, 0))
