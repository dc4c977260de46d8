"""What Basin finds out about the servers on this machine: what they are, what they speak, what their models take."""

import json
import re

import pytest

from support import basin as program
from support import bodies, servers
from support.house import EASY
from support.servers import Model
from support.upstream import KeptPort


class OlderLmStudio(servers.LmStudio):
    """As it was before it learned Anthropic's Messages."""

    dialects = ("openai_chat",)


class OlderOllama(servers.Ollama):
    dialects = ("openai_chat",)


@pytest.fixture
def home(tmp_path):
    return program.Home(tmp_path)


@pytest.fixture
def running():
    """A factory of servers that are closed at the end."""
    made = []

    def make(kind, *models, **how):
        made.append(kind(*models, **how))
        return made[-1]

    yield make
    for server in made:
        server.close()


def table(server, **more):
    """As people write it who let Basin find out the rest."""
    return {"name": server.name, "base_url": server.url, **more}


def models(home):
    done = home.run("models", "--json")
    assert done.returncode == 0, done
    return {row["upstream"]: row for row in json.loads(done.stdout)["models"]}


def test_each_kind_of_server_tells_what_its_model_is(home, running):
    model = Model(context=20_000, loaded=True)
    kinds = (servers.Ollama, servers.LlamaCpp, servers.LmStudio, servers.Vllm)
    up = {kind.kind: running(kind, model, slots=3) for kind in kinds}
    home.configure({"upstream": [table(server) for server in up.values()]})
    rows = models(home)
    assert set(rows) == set(up)
    for kind, row in rows.items():
        assert (row["model"], row["context"], row["context_from"]) == (model.name, 20_000, "server"), kind
    for kind in ("ollama", "llamacpp"):
        shape = rows[kind]["shape"]
        assert (shape["d_model"], shape["parameters"]) == (model.width, model.parameters), kind
        assert rows[kind]["ability"]["from"] == "geometry", kind
    assert rows["ollama"]["shape"]["layers"] == model.layers
    assert "36 layers x 2560" in rows["ollama"]["ability"]["why"]
    assert rows["ollama"]["tools"] and not rows["ollama"]["vision"]
    assert (rows["llamacpp"]["slots"], rows["llamacpp"]["free_slots"]) == (3, 3)
    assert all(request.body == b"{}" for server in up.values() for request in server.asks), "a prompt was sent"


def test_dialects_are_found_by_knocking(home, running):
    """An older server comes out as what it speaks, though one answers 404 and the other 200 where it has nothing."""
    kinds = (servers.Ollama, servers.LlamaCpp, servers.LmStudio, servers.Vllm, servers.ChatOnly)
    up = [running(kind) for kind in kinds]
    up += [running(OlderOllama, name="oldollama"), running(OlderLmStudio, name="oldstudio")]
    home.configure({"upstream": [table(server) for server in up]})
    basin = program.Basin(home)
    found = {u["name"]: u for u in basin.get("/basin/status")["upstreams"]}
    for server in up:
        assert found[server.name]["dialects"] == list(server.dialects), server.name
        assert found[server.name]["kind"] == (server.kind if server.kind != "chatonly" else "other")
    basin.judge()


def test_a_configured_servers_key_goes_to_it_alone(home, running):
    keyed, bare = running(servers.Ollama), running(servers.LlamaCpp)
    home.configure({"upstream": [table(keyed, key_env="MINE"), table(bare)]})
    assert home.run("models", MINE=program.UPSTREAM_KEY).returncode == 0
    assert all(r.headers.get("x-api-key") == program.UPSTREAM_KEY for r in keyed.requests)
    for request in bare.requests:
        assert not request.headers.get("x-api-key") and not request.headers.get("authorization")


def test_the_context_in_force_decides_where_a_request_goes(home, running):
    """Ollama cuts what is too long without a word, so it must not get it; a model that is loaded with more may."""
    small, large = running(servers.Ollama, Model(context=4096)), running(servers.Vllm, Model("big", context=200_000))
    tiers = [
        {"name": "small", "upstream": "ollama", "model": "qwen3:4b", "serves": ["side", "chat", "agent"]},
        {"name": "large", "upstream": "vllm", "model": "big"},
    ]
    home.configure({"routing": {"target_risk": 1.0}, "upstream": [table(small), table(large)], "tier": tiers})
    basin = program.Basin(home)
    prompt = EASY + "\n\n" + "the quick brown fox jumps over it. " * 1500
    body = bodies.wire(bodies.body("openai_chat", "client-model", prompt))

    def tier():
        response = basin.request("POST", "/v1/chat/completions", body, bodies.headers("openai_chat"))
        return response.headers.get("x-basin-tier")

    assert tier() == "large"
    small.models[0].context = 65_536
    assert basin.request("POST", "/basin/reload").status == 200
    assert tier() == "small"
    basin.judge()


def test_advice_where_a_context_is_too_short_for_agents(home, running):
    server = running(servers.Ollama, Model(loaded=False), Model("b", context=8192))
    home.configure({"upstream": [table(server)]})
    done = home.run("models")
    assert "qwen3:4b (ollama): the context in force is not known" in done.stderr
    assert "b (ollama): the context in force is 8192 tokens" in done.stderr
    assert "OLLAMA_CONTEXT_LENGTH" in done.stderr
    assert re.search(r"^qwen3:4b .* cold ", done.stdout, re.MULTILINE), done.stdout


def test_a_server_that_starts_after_basin_is_found(home, running):
    port = KeptPort()
    home.configure({"upstream": [{"name": "ollama", "base_url": f"http://127.0.0.1:{port.number}"}]})
    basin = program.Basin(home)
    assert basin.get("/basin/status")["upstreams"][0]["models"] == []
    running(servers.Ollama, port=port.give())
    basin.wait_log("reload: the new configuration serves from now on")
    found = basin.get("/basin/status")["upstreams"][0]
    assert found["models"] == ["qwen3:4b"]
    assert found["dialects"] == list(servers.Ollama.dialects)
    basin.judge()


def test_a_server_that_loads_is_looked_at_again_when_it_is_ready(home, running):
    """llama.cpp lists its model while it loads it, and says 503 to everything that matters."""
    server = running(servers.LlamaCpp, Model(loaded=False))
    home.configure({"upstream": [table(server)]})
    basin = program.Basin(home)
    assert basin.get("/basin/status")["upstreams"][0]["dialects"] == ["openai_chat"]
    server.only.loaded = True
    basin.wait_log("reload: the new configuration serves from now on")
    found = basin.get("/basin/status")["upstreams"][0]
    assert (found["kind"], found["dialects"]) == ("llamacpp", list(server.dialects))
    basin.judge()


def test_what_answers_and_speaks_nothing_is_a_mistake_that_names_the_key(home, running):
    class Mute(servers.Vllm):
        dialects = ()

    home.configure({"upstream": [table(running(Mute))]})
    done = home.run("validate")
    assert done.returncode == 1
    assert '[[upstream]] "vllm": dialects' in done.stderr + done.stdout
