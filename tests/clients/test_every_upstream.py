"""Every client with every kind of server: its own vendor's, the other vendor's, and local ones of each kind.

One Basin stands before all of them, with a tier for each server; a test names the tier. The vendors are strict, so a
request that was translated or edited badly is refused in the vendor's own words, and the test ends with that.
"""

import json
import time

import pytest

from support import bodies, clients
from support.house import HARD, MODELS
from support.replies import Reply, call, say, think
from support.servers import ChatOnly, LlamaCpp, Ollama
from support.strict import StrictAnthropic
from support.strict_openai import StrictOpenAI
from support.town import Town, tier
from support.upstream import Script

pytestmark = pytest.mark.clients

OWN = {"anthropic": MODELS["anthropic"]["own"], "openai": MODELS["openai"]["own"]}
TIERS = ("claude", "gpt", "chatonly", "ollama", "llamacpp")


@pytest.fixture(scope="module")
def town(tmp_path_factory):
    clients.require_clients()
    usual = ["stream_options", "reasoning_effort", "parallel_tool_calls"]
    servers = [StrictAnthropic("claude"), StrictOpenAI("gpt"), ChatOnly(knows=usual), Ollama(), LlamaCpp()]
    models = [MODELS["anthropic"]["large"], MODELS["openai"]["large"], *["qwen3:4b"] * 3]
    for server in servers[2:]:
        server.models[0].context = 200_000
    made = Town(tmp_path_factory.mktemp("town"), servers, [tier(s, m) for s, m in zip(servers, models)])
    yield made
    made.close()


@pytest.fixture
def at(town):
    """at(tier, behaviour, ...): the server of that tier, which will answer so; at the end nothing was refused, and
    nobody else was asked."""
    began, told = time.monotonic(), len(town.refusals())
    asked = []

    def prepare(name, *behaviours):
        asked.append(name)
        town[name].script = Script(*behaviours, default=Reply("All is well."))
        return town[name]

    yield prepare
    assert town.refusals()[told:] == []
    reached = {r.upstream for s in town.servers.values() for r in s.asks if r.at > began}
    assert reached <= set(asked)
    for name in asked:
        assert town[name].script.left == 0, "the client did not ask as often as it should have"


def since(server, began):
    return [r for r in server.asks if r.at > began]


BASH = call("Bash", {"command": "echo hi-from-tool", "description": "say hi"})
SECOND = call("Bash", {"command": "echo and-again", "description": "say it"}, 2)
THIRD = call("Bash", {"command": "echo a-third", "description": "say more"}, 3)


@pytest.mark.parametrize("name", TIERS)
def test_claude_code_completes_its_tool_loop(town, at, tmp_path, name):
    """Thinking and a tool, two tools at once, and a text that ends it: one conversation of three turns."""
    began = time.monotonic()
    server = at(
        name,
        Reply(think("A tool, then."), say("Calling."), BASH),
        Reply(SECOND, THIRD),
        Reply(think("All done."), "They said hi."),
    )
    run = clients.claude(
        tmp_path / "c",
        HARD,
        *("--allowedTools", "Bash(echo:*)", "--output-format", "json"),
        through=["claude"],
        base_url=town.basin.url,
        ANTHROPIC_CUSTOM_HEADERS=f"x-basin-tier: {name}",
    )
    assert run.code == 0, run
    result = json.loads(run.stdout)
    assert (result["result"], result["num_turns"], result["is_error"]) == ("They said hi.", 4, False), result
    asks = since(server, began)
    assert len(asks) == 3
    for words, body in ((b"hi-from-tool", asks[1].body), (b"and-again", asks[2].body), (b"a-third", asks[2].body)):
        assert body.count(words) >= 2, "the call and what it gave are both in the next request"


@pytest.mark.parametrize("name", ["claude", "chatonly", "gpt"])
def test_codex_completes_its_tool_loop(town, at, tmp_path, name):
    began = time.monotonic()
    tool = Reply(think("Hm."), call("exec_command", {"cmd": "echo hi-codex"}))
    server = at(name, tool, Reply("It said hi."))
    # Codex sends no header of ours: the model's alias names the tier.
    run = clients.codex(tmp_path / "c", town.basin.url, f"basin-{name}", HARD, "--json")
    assert run.code == 0, run
    assert "It said hi." in run.stdout
    asks = since(server, began)
    assert len(asks) == 2 and asks[1].body.count(b"hi-codex") >= 2


@pytest.mark.parametrize(
    ("dialect", "name"),
    [("openai_chat", "claude"), ("anthropic", "chatonly"), ("openai_responses", "claude")],
)
def test_opencode_completes_its_tool_loop(town, at, tmp_path, dialect, name):
    tool = Reply("Calling.", call("bash", {"command": "echo hi-from-tool", "description": "say hi"}))
    turns, title = Script(tool, Reply("It said hi.")), Reply("A title")
    at(name).script.default = lambda e: (turns.take() if e.request.json.get("tools") else title)(e)
    run = clients.opencode(tmp_path / "c", town.basin.url, dialect, f"basin-{name}", HARD)
    assert run.code == 0, run
    events = [json.loads(line) for line in run.stdout.splitlines()]
    assert [e["part"]["text"] for e in events if e["type"] == "text"] == ["Calling.", "It said hi."], run
    assert turns.left == 0


# -- the SDKs. One run makes all its calls, and each call has its own answers.
CITIES = [call("get_weather", {"city": "Paris"}, 1), call("get_weather", {"city": "Rome"}, 2)]
SUNNY, PLACE = Reply("Sunny in both."), Reply('{"city":"Paris"}')
LOOP = [Reply("Two of them.", *CITIES), SUNNY]
ANTHROPIC = {
    "create": [Reply("Tight.")],
    "stream": [Reply("Tight, word by word.")],
    "system": [Reply("Brief.")],
    "tools": LOOP,
    "tools_stream": LOOP,
    "tools_thinking": [Reply(think("A tool."), *CITIES), SUNNY],
    "forced": [Reply(CITIES[0])],
    "structured": [PLACE],
    "count": [],
}
CHAT = {
    "chat": [Reply("Tight.")],
    "chat_stream": [Reply("Tight, word by word.")],
    "chat_tools": LOOP,
    "chat_tools_stream": LOOP,
    "chat_forced": [Reply(CITIES[0])],
    "chat_structured": [PLACE],
}
RESPONSES = {
    "response": [Reply("Tight.")],
    "response_stream": [Reply("Tight, word by word.")],
    "response_tools": LOOP,
    "response_tools_stream": LOOP,
    "response_structured": [PLACE],
}
PICTURES = {
    "anthropic": {"image": [Reply("A dot.")], "document": [Reply("One.")]},
    "openai_chat": {"chat_image": [Reply("A dot.")]},
    "openai_responses": {"response_image": [Reply("A dot.")]},
}
CALLS = {"anthropic": ANTHROPIC, "openai_chat": CHAT, "openai_responses": RESPONSES}


def sees(name):
    """Whether the tier's model is known to take pictures."""
    return name in ("claude", "gpt")


def last_words(value):
    """(text, calls) of what the SDK returned, whichever it is of three objects."""
    if "choices" in value:
        said = value["choices"][0]["message"]
        calls = [(c["function"]["name"], c["function"]["arguments"]) for c in said.get("tool_calls") or []]
        return said["content"] or "", calls
    if "output" in value:
        texts = [p["text"] for i in value["output"] if i["type"] == "message" for p in i["content"]]
        return "".join(texts), [(i["name"], i["arguments"]) for i in value["output"] if i["type"] == "function_call"]
    texts = [b["text"] for b in value["content"] if b["type"] == "text"]
    return "".join(texts), [(b["name"], json.dumps(b["input"])) for b in value["content"] if b["type"] == "tool_use"]


@pytest.mark.parametrize("name", TIERS)
@pytest.mark.parametrize("dialect", bodies.ALL)
def test_the_sdks_get_their_answers(town, at, tmp_path, dialect, name):
    calls = CALLS[dialect] | (PICTURES[dialect] if sees(name) else {})
    at(name, *(behaviour for answers in calls.values() for behaviour in answers))
    sdk = bodies.VENDORS[dialect]
    run = clients.sdk(sdk, tmp_path / "c", town.basin.url, f"basin-{name}", *calls)
    assert run.code == 0, run
    lines = [json.loads(line) for line in run.stdout.splitlines()]
    assert [line["call"] for line in lines] == list(calls)
    for line in lines:
        assert "value" in line, line
        if line["call"] == "count":
            assert line["value"]["input_tokens"] > 0
            continue
        text, made = last_words(line["value"])
        expected = calls[line["call"]][-1].parts
        assert text == "".join(p["text"] for p in expected if p["type"] == "text"), line
        assert [(n, json.loads(a)) for n, a in made] == [(p["name"], p["input"]) for p in expected if "name" in p], line
        assert line["value"].get("pieces", line["value"].get("deltas", 2)) > 1, "it was streamed in one piece"
        if len(calls[line["call"]]) > 1:
            assert line["value"]["turns"] == 2
