"""Whose key goes where: a client's own to its own vendor, ours where we have one, a login when allowed."""

import pytest

from support import bodies
from support.basin import CLIENT_KEY, TOKEN, UPSTREAM_KEY, Basin, Home
from support.house import EASY

LOGIN = "sk-ant-oat01-canary-login-77aa"
SMALL = [("x-basin-tier", "small")]


def send(house, dialect="anthropic", headers=None):
    body = bodies.wire(bodies.body(dialect, house.models["own"], EASY))
    headers = bodies.headers(dialect) if headers is None else headers
    return house.basin.request("POST", bodies.PATHS[dialect], body, [*headers, *SMALL])


def changed(**keys):
    """A change of the small tier's upstream."""
    return lambda tables: tables["upstream"][0].update(keys)


def keys_of(request):
    return [(n.lower(), v) for n, v in request.headers if n.lower() in ("authorization", "x-api-key")]


@pytest.mark.parametrize("dialect", bodies.ALL)
def test_a_clients_key_reaches_its_own_vendor_as_it_came(house, dialect):
    h = house(vendor=bodies.VENDORS[dialect])
    assert send(h, dialect).status == 200
    sent = [(n.lower(), v) for n, v in bodies.headers(dialect) if CLIENT_KEY in v]
    assert keys_of(h.asks[0]) == sent


@pytest.mark.parametrize("dialect", bodies.ALL)
def test_our_key_goes_in_place_of_the_clients(house, dialect):
    """In the form that dialect's vendor takes; the client's own never arrives beside it."""
    h = house(vendor=bodies.VENDORS[dialect], change=changed(key_env="SCRIPTED_KEY"), SCRIPTED_KEY=UPSTREAM_KEY)
    assert send(h, dialect).status == 200
    expected = ("x-api-key", UPSTREAM_KEY) if dialect == "anthropic" else ("authorization", f"Bearer {UPSTREAM_KEY}")
    assert keys_of(h.asks[0]) == [expected]
    assert send(h, dialect, headers=[("content-type", "application/json")]).status == 200, "a client needs no key then"


def test_a_key_in_a_file_must_be_ours_alone(house, tmp_path):
    file = tmp_path / "key"
    file.write_text(UPSTREAM_KEY + "\n")
    file.chmod(0o600)
    h = house(change=changed(key_file=str(file)))
    assert send(h).status == 200
    assert keys_of(h.asks[0]) == [("x-api-key", UPSTREAM_KEY)]
    file.chmod(0o644)
    refused = h.home.run("reload")
    assert refused.returncode != 0 and "600" in refused.stdout + refused.stderr
    assert UPSTREAM_KEY not in refused.stdout + refused.stderr


def test_another_vendor_never_sees_a_clients_key(house):
    """Whether a configured server wants a key is for it to say; this one is simply not given somebody else's."""
    h = house(change=changed(vendor="openai"))
    assert send(h).status == 200
    assert keys_of(h.asks[0]) == []


def test_without_any_key_the_error_says_which_to_set(tmp_path):
    """Nothing is configured, so the vendor would be asked: it is not, because there is nothing to ask it with."""
    basin = Basin(Home(tmp_path))
    try:
        for dialect, name in [("anthropic", "ANTHROPIC_API_KEY"), ("openai_chat", "OPENAI_API_KEY")]:
            body = bodies.wire(bodies.body(dialect, "any-model", EASY))
            response = basin.request("POST", bodies.PATHS[dialect], body, [("content-type", "application/json")])
            assert response.status == 401, response.body
            assert name in response.json["error"]["message"]
            assert response.headers.get("x-should-retry") == "false", "clients would ask ten times"
    finally:
        basin.judge()


def test_a_login_stays_here_until_it_is_allowed(house):
    login = [
        ("authorization", f"Bearer {LOGIN}"),
        ("anthropic-version", "2023-06-01"),
        ("anthropic-beta", "oauth-2025-04-20"),
    ]
    h = house()
    response = send(h, headers=login)
    assert response.status == 401
    assert "allow_subscription" in response.json["error"]["message"]
    assert h.asks == []
    h = house(change=changed(allow_subscription=True))
    assert send(h, headers=login).status == 200
    assert keys_of(h.asks[0]) == [("authorization", f"Bearer {LOGIN}")]
    assert h.asks[0].headers.get("anthropic-beta") == "oauth-2025-04-20"
    # The next client brings a key of its own, and gets nothing of the login.
    assert send(h).status == 200
    assert keys_of(h.asks[1]) == [("x-api-key", CLIENT_KEY)]
    assert send(h, headers=[("anthropic-version", "2023-06-01")]).status == 200
    assert keys_of(h.asks[2]) == []
    h.basin.stop()
    assert LOGIN not in h.basin.log
    for path in h.home.path.rglob("*"):
        assert not path.is_file() or LOGIN.encode() not in path.read_bytes(), path
    h.basin = None


def test_the_token_and_a_clients_key_travel_apart(house):
    """The token opens Basin and ends here; the key beside it goes on."""
    h = house(BASIN_TOKEN=TOKEN)
    headers = [("authorization", f"Bearer {TOKEN}"), ("x-api-key", CLIENT_KEY), ("anthropic-version", "2023-06-01")]
    assert send(h, headers=headers).status == 200
    assert keys_of(h.asks[0]) == [("x-api-key", CLIENT_KEY)]
