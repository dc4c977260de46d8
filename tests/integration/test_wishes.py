"""What may be asked of Basin per request, and what each mode lets it do: headers, aliases, models, the ceiling."""

import itertools

import pytest

from support import bodies
from support.fidelity import assert_same_body
from support.house import EASY, HARD

sessions = itertools.count()


def send(house, dialect, text, model=None, headers=(), session=None, **more):
    """A conversation of its own, unless `session` says otherwise."""
    session = session or f"session-{next(sessions)}"
    body = bodies.wire(bodies.body(dialect, model or house.models["own"], text, session=session, **more))
    response = house.basin.request("POST", bodies.PATHS[dialect], body, [*bodies.headers(dialect), *headers])
    return body, response


@pytest.fixture(params=bodies.ALL)
def dialect(request):
    return request.param


def test_a_header_names_the_tier(house, dialect):
    h = house(vendor=bodies.VENDORS[dialect])
    for text, tier in [(EASY, "large"), (HARD, "small")]:
        _, response = send(h, dialect, text, headers=[("x-basin-tier", tier)])
        assert h.asks[-1].upstream == tier
        assert response.headers.get("x-basin-tier") == tier
        assert h.basin.decision(response)["rule"] == "forced"
    send(h, dialect, EASY, headers=[("x-basin-tier", "auto")])
    assert h.asks[-1].upstream == "small"


def test_a_tier_that_does_not_exist_is_the_callers_mistake(house, dialect):
    h = house(vendor=bodies.VENDORS[dialect])
    _, response = send(h, dialect, EASY, headers=[("x-basin-tier", "smal")])
    assert response.status == 400, response.body
    message = response.json["error"]["message"]
    assert "smal" in message and "small" in message
    _, response = send(h, dialect, EASY, model="basin-smal")
    assert response.status in (400, 404), response.body
    assert h.asks == []


def test_an_alias_names_the_tier(house, dialect):
    h = house(vendor=bodies.VENDORS[dialect])
    for text, alias, tier in [
        (EASY, "basin-large", "large"),
        (HARD, "basin-small", "small"),
        (EASY, "basin-auto", "small"),
        (HARD, "basin-auto", "large"),
    ]:
        body, response = send(h, dialect, text, model=alias)
        assert response.status == 200, response.body
        assert h.asks[-1].upstream == tier, alias
        assert_same_body(body, h.asks[-1].body, h.models[tier])


def test_the_header_beats_the_alias_and_the_alias_the_session(house):
    h = house()
    send(h, "anthropic", EASY, model="basin-large", headers=[("x-basin-tier", "small")], session="s")
    assert h.asks[-1].upstream == "small"
    send(h, "anthropic", EASY, model="basin-large", session="s")
    assert h.asks[-1].upstream == "large"


def test_a_configured_model_that_is_named_is_served(house, dialect):
    h = house(vendor=bodies.VENDORS[dialect])
    for text, tier in [(EASY, "large"), (HARD, "small")]:
        body, response = send(h, dialect, text, model=h.models[tier])
        assert h.asks[-1].upstream == tier
        assert h.asks[-1].body == body
        assert h.basin.decision(response)["rule"] == "named_model"


CHEAP = {
    "anthropic": "claude-haiku-4-5",
    "openai": "gpt-5.4-nano",
}  # cheaper than the large tier, dearer than the small


@pytest.mark.parametrize("vendor", CHEAP)
def test_the_clients_model_is_a_ceiling(house, vendor):
    dialect = "anthropic" if vendor == "anthropic" else "openai_chat"
    h = house(vendor=vendor)
    body, response = send(h, dialect, HARD, model=CHEAP[vendor])
    assert h.asks[-1].body == body, "a dearer model than the client named was served"
    record = h.basin.decision(response)
    assert record["served"]["model"] == CHEAP[vendor]
    assert response.headers.get("x-basin-tier") == "client"

    def lift(tables):
        tables["routing"]["client_model_is_ceiling"] = False

    h = house(vendor=vendor, change=lift)
    send(h, dialect, HARD, model=CHEAP[vendor])
    assert h.asks[-1].upstream == "large"


@pytest.mark.parametrize("mode", ["off", "shadow", "advise"])
def test_only_the_mode_on_changes_anything(house, dialect, mode):
    h = house(vendor=bodies.VENDORS[dialect], mode=mode)
    for text in (EASY, HARD):
        for stream in (False, True):
            body, response = send(h, dialect, text, stream=stream)
            assert response.status == 200
            assert h.asks[-1].body == body
            assert response.body == h.asks[-1].answer
            assert response.headers.get("x-basin-tier") == "client"
            assert response.headers.get("x-basin-model") == h.models["own"]
            assert (response.headers.get("x-basin-advice") is not None) == (mode == "advise")
            if mode != "off":
                record = h.basin.decision(response)
                assert record["mode"] == mode
                assert record["tier"] == ("small" if text == EASY else "large")
                assert record["served"]["tier"] == "client"
    if mode == "advise":
        _, response = send(h, dialect, EASY)
        assert "small" in response.headers.get("x-basin-advice")


def test_a_request_may_choose_its_own_mode(house):
    h = house()
    body, response = send(h, "anthropic", EASY, headers=[("x-basin-mode", "shadow")])
    assert h.asks[-1].body == body
    assert h.basin.decision(response)["mode"] == "shadow"
    shadow = house(mode="shadow")
    send(shadow, "anthropic", EASY, headers=[("x-basin-mode", "on")])
    assert shadow.asks[-1].model == shadow.models["small"]
    _, response = send(h, "anthropic", EASY, headers=[("x-basin-mode", "sometimes")])
    assert response.status == 400 and "shadow" in response.json["error"]["message"]


def test_local_only_binds_everything(house):
    """All tiers here stand on loopback, so it may be answered; a hosted tier may not, whoever asks for it."""
    h = house()
    _, response = send(h, "anthropic", EASY, headers=[("x-basin-local-only", "1")])
    assert response.status == 200, response.body

    def hosted(tables):
        tables["upstream"][1]["base_url"] = "https://vendor.invalid"

    h = house(change=hosted)
    for wish in ([], [("x-basin-tier", "large")]):
        _, response = send(h, "anthropic", HARD, headers=[("x-basin-local-only", "1"), *wish])
        if response.status == 200:
            assert h.asks[-1].upstream == "small" and not wish
        else:
            assert response.status in (400, 403, 503), response.body
            assert "local" in response.json["error"]["message"]


def test_a_dry_run_decides_and_sends_nothing(house, dialect):
    h = house(vendor=bodies.VENDORS[dialect])
    for text, tier in [(EASY, "small"), (HARD, "large")]:
        body = bodies.wire(bodies.body(dialect, h.models["own"], text))
        response = h.basin.request("POST", "/basin/route", body, bodies.headers(dialect))
        assert response.status == 200, response.body
        record = response.json
        assert record["schema"] == "basin.decision/1"
        assert record["tier"] == tier
        assert record["model"] == h.models[tier]
    assert h.asks == []


FIELDS = """schema id time mode class session branch turn action tier model p_small_ok p_ok difficulty delta_info
    delta_tokens depth stage topology ask parts rule tip prices walls edits wait_ms engine""".split()


def test_every_answer_names_a_record_that_explains_it(house, dialect):
    h = house(vendor=bodies.VENDORS[dialect])
    body, response = send(h, dialect, EASY, session="s-1")
    record = h.basin.decision(response)
    assert [f for f in FIELDS if f not in record] == []
    assert record["id"] == response.headers.get("x-basin-decision-id")
    assert record["action"] == response.headers.get("x-basin-action") == "small"
    assert record["tip"] and record["rule"] == "measured"
    assert record["ask"]["text"] == EASY
    assert abs(sum(record["topology"].values()) - 1) < 1e-3
    assert 0 <= record["delta_info"] <= 1 and record["depth"] >= 0
    assert set(record["p_ok"]) == set(record["prices"]) == {"small", "large"}
    assert all(p["low"] <= p["p"] <= p["high"] for p in record["p_ok"].values())
    assert all(p["expected_micro_usd"] > 0 for p in record["prices"].values())
    (edit,) = record["edits"]
    assert edit["what"] == "model"
    assert body[edit["start"] : edit["end"]] == f'"{h.models["own"]}"'.encode()
    listed = h.basin.get("/basin/decisions")
    assert record["id"] in str(listed)


def test_an_unpriced_model_is_never_called_free(house):
    def unknown(tables):
        tables["tier"][0]["model"] = "a-model-nobody-priced"

    h = house(change=unknown)
    _, response = send(h, "anthropic", EASY)
    assert h.basin.decision(response)["prices"]["small"]["expected_micro_usd"] is None


def test_an_unknown_decision_is_not_found(house):
    h = house()
    for name in ("nope", "d-0-0", "..%2f..%2fetc%2fpasswd", "x" * 5000):
        assert h.basin.request("GET", f"/basin/decisions/{name}").status == 404
