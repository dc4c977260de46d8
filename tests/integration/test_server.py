"""The server's own promises: who may speak to it, what it answers about itself, reload, ports, tokens."""

import json
import os
import signal
import subprocess

import pytest

from support import basin as program
from support import bodies, http1
from support.house import EASY
from support.replies import Reply
from support.upstream import Gate


def ask(house, text=EASY, headers=(), **how):
    body = bodies.wire(bodies.body("anthropic", house.models["own"], text))
    return house.basin.request("POST", "/v1/messages", body, [*bodies.headers("anthropic"), *headers], **how)


# -- who may speak to it
@pytest.mark.parametrize(
    "host", ["evil.example", "127.0.0.1.evil.example", "localhost.evil.example:80", "127.evil.example", "[::2]", ""]
)
def test_a_rebound_name_is_refused(house, host):
    """A page that points its own name at 127.0.0.1 still sends its own name."""
    h = house()
    response = h.basin.request("GET", "/basin/status", host=host or " ")
    assert response.status in (400, 403)
    assert ask(h, host=host or " ").status in (400, 403)
    assert h.asks == []


@pytest.mark.parametrize(
    "headers",
    [
        [("Origin", "https://evil.example"), ("Sec-Fetch-Site", "cross-site"), ("Sec-Fetch-Mode", "no-cors")],
        [("Origin", "http://127.0.0.1:1")],
        [("Origin", "null")],
        [("Sec-Fetch-Site", "cross-site")],
        [("Origin", "https://evil.example"), ("Content-Type", "text/plain;charset=UTF-8")],
    ],
)
def test_a_page_in_a_browser_cannot_post(house, headers):
    h = house()
    assert ask(h, headers=headers).status == 403
    assert h.basin.request("POST", "/basin/reload", headers=headers).status == 403
    assert h.asks == []


def test_a_pages_preflight_gets_no_permission(house):
    h = house()
    headers = [("Origin", "https://evil.example"), ("Access-Control-Request-Method", "POST")]
    response = h.basin.request("OPTIONS", "/v1/messages", headers=headers)
    assert response.headers.get("access-control-allow-origin") is None
    assert h.asks == []


@pytest.mark.parametrize("host", ["localhost", "127.0.0.1", "[::1]"])
def test_our_own_names_are_fine(house, host):
    h = house()
    assert h.basin.request("GET", "/basin/health", host=f"{host}:{h.basin.port}").status == 200
    assert ask(h, host=f"{host}:{h.basin.port}").status == 200
    assert ask(h, headers=[("Origin", f"http://127.0.0.1:{h.basin.port}")]).status == 200


def test_an_sdk_that_speaks_like_a_browser_is_no_browser(house):
    """Node's fetch sends these, without an Origin."""
    assert ask(house(), headers=[("sec-fetch-mode", "cors"), ("accept-language", "*")]).status == 200


def test_the_token_opens_and_stays_here(house):
    h = house(BASIN_TOKEN=program.TOKEN)
    for wrong in ([], [("authorization", "Bearer nope")], [("authorization", f"Bearer {program.TOKEN}x")]):
        body = bodies.wire(bodies.body("anthropic", h.models["own"], EASY))
        response = h.basin.request("POST", "/v1/messages", body, [("anthropic-version", "2023-06-01"), *wrong])
        assert response.status == 401, response.body
        assert response.json["error"]["type"] == "authentication_error"
        assert program.TOKEN not in response.body.decode()
    assert h.asks == []
    for right in [("authorization", f"Bearer {program.TOKEN}"), ("x-api-key", program.TOKEN)]:
        response = h.basin.request("POST", "/v1/messages", body, [("anthropic-version", "2023-06-01"), right])
        assert response.status == 200, response.body
        assert program.TOKEN not in json.dumps(h.asks[-1].headers), "the token travelled on to the upstream"
    assert h.basin.request("GET", "/basin/status").status == 401


def test_an_address_that_is_not_loopback_needs_a_token(house):
    def everywhere(tables):
        tables["server"] = {"host": "0.0.0.0"}

    h = house(start=False, change=everywhere)
    done = h.home.run("serve", "--port", "0")
    assert done.returncode == 5, done
    assert "token" in done.stderr
    h = house(change=everywhere, BASIN_TOKEN=program.TOKEN)
    assert ask(h).status == 401
    assert ask(h, headers=[("authorization", f"Bearer {program.TOKEN}")]).status == 200


# -- starting
def test_a_taken_port_is_a_clear_error(house):
    h = house()
    other = program.Home(h.home.path / "other")
    other.configure(h.tables)
    done = other.run("serve", "--port", h.basin.port)
    assert done.returncode == 5, done
    assert str(h.basin.port) in done.stderr
    h.basin.assert_well()


def test_a_second_instance_says_that_one_runs(house):
    h = house()
    done = h.home.run("serve", "--port", h.basin.port)
    assert done.returncode == 5, done
    assert str(h.basin.port) in done.stderr
    status = h.home.run("status", "--json")
    assert status.returncode == 0, status
    h.basin.assert_well()


def test_a_second_one_beside_it_does_not_take_its_place(house):
    h = house()
    second = program.Basin(h.home)
    try:
        assert second.port != h.basin.port
        second.wait_log(f"runs already at {h.basin.url}:")
        status = json.loads(h.home.run("status", "--json").stdout)
        assert status["pid"] == h.basin.process.pid
    finally:
        second.stop()
    assert h.home.run("status").returncode == 0, "the first is not found any more"


def test_status_and_the_state_file_tell_where_it_is(house):
    h = house()
    state = json.loads((h.home.state_dir / "serve.json").read_text())
    assert state["schema"] == "basin.serve/1"
    assert (state["port"], state["pid"]) == (h.basin.port, h.basin.process.pid)
    assert oct((h.home.state_dir / "serve.json").stat().st_mode & 0o777) == "0o600"
    ask(h)
    status = h.basin.get("/basin/status")
    assert status["schema"] == "basin.status/1"
    assert h.basin.get("/basin/health")["schema"] == "basin.health/1"
    assert h.basin.request("GET", "/").status == 200
    assert h.basin.request("GET", "/metrics").status == 200
    h.basin.stop()
    assert not (h.home.state_dir / "serve.json").exists(), "a stopped server still says that it runs"
    h.basin = None


def test_with_nothing_configured_it_starts_and_says_what_to_do(tmp_path):
    home = program.Home(tmp_path)
    basin = program.Basin(home, "--port", "0")
    try:
        body = bodies.wire(bodies.body("anthropic", "basin-small", EASY))
        response = basin.request("POST", "/v1/messages", body, [("anthropic-version", "2023-06-01")])
        assert 400 <= response.status < 600
        assert "basin init" in response.json["error"]["message"]
        dry = basin.request("POST", "/basin/route", bodies.wire(bodies.body("anthropic", "claude-opus-5-5", EASY)))
        assert dry.status == 200 and dry.json["action"] == "small"
        assert basin.get("/basin/health")
    finally:
        basin.judge()


# -- reload
def change_models(tables):
    tables["tier"][0]["model"], tables["tier"][1]["model"] = "claude-haiku-4-5", "claude-sonnet-5"


def test_reload_takes_a_good_file(house):
    h = house()
    ask(h)
    change_models(h.tables)
    h.home.configure(h.tables)
    done = h.home.run("reload")
    assert done.returncode == 0, done
    ask(h, headers=[("x-basin-tier", "small")])
    assert h.asks[-1].model == "claude-haiku-4-5"


def test_a_signal_reloads(house):
    h = house()
    change_models(h.tables)
    h.home.configure(h.tables)
    seen = len(h.basin.log.splitlines())
    h.basin.signal(signal.SIGHUP)
    h.basin.wait_log("reload: the new configuration serves", after=seen)
    ask(h, headers=[("x-basin-tier", "small")])
    assert h.asks[-1].model == "claude-haiku-4-5"


BAD = {
    "syntax": lambda text: text + "\n[[tier]\n",
    "unknown_key": lambda text: text.replace("[routing]\n", "[routing]\nmoed = 1\n"),
    "wrong_type": lambda text: text.replace('mode = "on"', "mode = 5"),
    "wrong_word": lambda text: text.replace('mode = "on"', 'mode = "maybe"'),
    "missing_upstream": lambda text: text.replace('upstream = "small"', 'upstream = "nobody"'),
    "bad_url": lambda text: text.replace("http://127", "gopher://127"),
    "two_of_a_name": lambda text: text.replace('name = "large"\nupstream', 'name = "small"\nupstream'),
    "secret_in_file": lambda text: text.replace(
        "[[upstream]]\n", '[[upstream]]\napi_key = "sk-canary-client-5f0c1e7a"\n', 1
    ),
    "not_utf8": lambda text: text + "# \udcff\n",
}


@pytest.mark.parametrize("case", BAD)
def test_reload_of_a_bad_file_changes_nothing_and_says_why(house, case):
    h = house()
    good = h.home.config.read_text()
    change_models(h.tables)  # would be seen, were any of it taken
    h.home.config.write_bytes(BAD[case](program.toml(h.tables)).encode("utf-8", "surrogateescape"))
    before = h.basin.get("/basin/status")

    done = h.home.run("reload")
    assert done.returncode not in (0, None), done
    assert "basin.toml" in done.stdout + done.stderr
    assert program.CLIENT_KEY not in done.stdout + done.stderr
    response = h.basin.request("POST", "/basin/reload")
    assert 400 <= response.status < 500, response.body
    assert "basin.toml" in response.body.decode()

    assert ask(h, headers=[("x-basin-tier", "small")]).status == 200
    assert h.asks[-1].model == h.models["small"]
    after = h.basin.get("/basin/status")
    assert before.get("tiers") == after.get("tiers")
    # The same file refuses to start, by the same words: there is one path, not two.
    fresh = h.home.run("validate")
    assert fresh.returncode in (1, 5), fresh
    h.home.config.write_text(good)
    assert h.home.run("reload").returncode == 0


def test_what_waits_for_the_next_start_says_so(house):
    h = house()
    h.tables["server"] = {"idle_timeout_ms": 123_456}
    h.home.configure(h.tables)
    assert h.home.run("reload").returncode == 0
    h.basin.wait_log("start again for the new ones")


def test_requests_in_flight_keep_the_configuration_they_began_with(house):
    gate = Gate()
    h = house()
    h.script.then(Reply(pause={1: gate}))
    body = bodies.wire(bodies.body("anthropic", h.models["own"], EASY, stream=True))
    with h.basin.client() as client:
        client.start("POST", "/v1/messages", body, bodies.headers("anthropic"))
        response = client.head()
        change_models(h.tables)
        h.tables["upstream"][0]["base_url"] = "http://127.0.0.1:9"
        h.home.configure(h.tables)
        assert h.home.run("reload").returncode == 0
        gate.open()
        assert b"".join(client.body_pieces(response)) == h.asks[0].answer
        assert response.complete


def test_a_stop_lets_a_stream_finish(house):
    gate = Gate()
    h = house()
    h.script.then(Reply(pause={1: gate}))
    body = bodies.wire(bodies.body("anthropic", h.models["own"], EASY, stream=True))
    with h.basin.client() as client:
        client.start("POST", "/v1/messages", body, bodies.headers("anthropic"))
        response = client.head()
        h.basin.signal(signal.SIGTERM)
        assert refused_soon(h.basin.port), "new connections are still taken"
        gate.open()
        assert b"".join(client.body_pieces(response)) == h.asks[0].answer
        assert response.complete
    assert h.basin.stop() == 0
    h.basin = None


def refused_soon(port):
    """A stopping server takes no new work: the connection fails, or ends without an answer."""
    for _ in range(2000):
        try:
            with http1.Client(port, timeout_s=2) as client:
                client.start("GET", "/basin/health")
                if not client.stream.fill():
                    return True
        except OSError:
            return True
    return False


def test_another_users_process_needs_the_token(house):
    """A loopback port is open to every user of the machine; Basin's keys are not."""
    if os.geteuid() != 0:
        pytest.skip("needs root to become another user")
    h = house()
    code = f"""if True:
        import http.client
        connection = http.client.HTTPConnection("127.0.0.1", {h.basin.port})
        connection.request("GET", "/basin/status")
        print(connection.getresponse().status)
    """
    done = subprocess.run(["/usr/bin/python3", "-c", code], capture_output=True, text=True, user=65534, timeout=20)
    assert done.stdout.strip() == "401", done
