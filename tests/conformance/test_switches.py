"""A conversation that changes its model at every kind of turn, and back: no vendor finds anything to refuse.

The vendors are strict: thinking must be their own, made by that model, in an unchanged conversation, and stand where
their rules want it; calls and results must be in order. The client keeps its history as real clients do, with every
block as it came, whoever made it.
"""

import copy
import itertools
import uuid

import pytest

from support import bodies
from support.hearing import gathered, heard
from support.house import MODELS
from support.replies import Reply, call, redacted, say, think
from support.servers import LlamaCpp
from support.strict import StrictAnthropic
from support.strict_openai import StrictOpenAI
from support.town import Town, tier
from support.upstream import Script

# Two models of one vendor, the other vendor, and a local server that speaks every dialect and signs nothing.
TIERS = ("sonnet", "opus", "gpt", "local")
NUMBERS = itertools.count(1)


def f(k):
    return call("f", {"k": k}, next(NUMBERS))  # ids are unique, as real ones are


TURNS = {
    "plain": lambda: Reply("Plain words."),
    "thinking": lambda: Reply(think("Hm, let me see."), say("Thought through.")),
    "hidden": lambda: Reply(redacted(), say("Thought in private.")),
    "exchange": lambda: Reply(think("A tool."), f("v")),
    "parallel": lambda: Reply(think("Two."), say("Both."), f("v"), f("w")),
    "bare_exchange": lambda: Reply(f("v")),
}


@pytest.fixture(scope="module")
def whole_town(tmp_path_factory):
    claude, gpt, local = StrictAnthropic("claude", bind_prefix=True), StrictOpenAI("gpt"), LlamaCpp(name="local")
    local.only.context = 200_000
    tiers = [
        tier(local, "qwen3:4b"),
        tier(gpt, MODELS["openai"]["large"]),
        tier(claude, "claude-sonnet-5-5", "sonnet"),
        tier(claude, "claude-opus-5-5", "opus"),
    ]
    made = Town(tmp_path_factory.mktemp("town"), [claude, gpt, local], tiers)
    yield made
    made.close()


@pytest.fixture
def town(whole_town):
    """The town with nothing left in its scripts; at the end nobody has refused anything."""
    for server in whole_town.servers.values():
        server.script = Script(default=Reply("All is well."))
    refused = len(whole_town.refusals())
    yield whole_town
    assert whole_town.refusals()[refused:] == []


class Client:
    """A client of one dialect: it sends its whole history, and keeps what it gets as it came."""

    def __init__(self, town, dialect, stream, **more):
        self.town, self.dialect, self.stream, self.more = town, dialect, stream, more
        self.session = str(uuid.uuid4())
        self.history = []

    def ask(self, name, *turns):
        """Sends `turns` behind the history to a tier; what comes is appended."""
        self.history += turns
        body = bodies.body(
            self.dialect, f"basin-{name}", *self.history, session=self.session, stream=self.stream, **self.more
        )
        # Header and alias agree: the user has the last word, whatever the conversation holds.
        headers = [*bodies.headers(self.dialect), ("x-basin-tier", name)]
        response = self.town.basin.request("POST", bodies.PATHS[self.dialect], bodies.wire(body), headers)
        assert response.status == 200, (name, response.body)
        heard(self.dialect, response.body, self.stream)
        answer = gathered(self.dialect, response.body) if self.stream else response.json
        self.history += self._as_kept(copy.deepcopy(answer))

    def _as_kept(self, answer):
        if self.dialect == "anthropic":
            return [{"role": "assistant", "content": answer["content"]}]
        if self.dialect == "openai_chat":
            return [answer["choices"][0]["message"]]
        return answer["output"]

    def next_turn(self, words):
        """What the client sends next: the results of what was called, or a person's words."""
        if self.dialect == "anthropic":
            uses = [b for b in self.history[-1]["content"] if b["type"] == "tool_use"]
            results = [{"type": "tool_result", "tool_use_id": b["id"], "content": "ok"} for b in uses]
            return [{"role": "user", "content": results}] if results else [bodies.user(words)]
        if self.dialect == "openai_chat":
            calls = self.history[-1].get("tool_calls") or []
            results = [{"role": "tool", "tool_call_id": c["id"], "content": "ok"} for c in calls]
            return results or [bodies.user(words)]
        answered = {i["call_id"] for i in self.history if i.get("type") == "function_call_output"}
        made = [i for i in self.history if i.get("type") == "function_call" and i["call_id"] not in answered]
        results = [{"type": "function_call_output", "call_id": i["call_id"], "output": "ok"} for i in made]
        return results or [bodies.user(words)]

    def compact(self):
        """The history is replaced by its summary, as clients do when it has grown too long."""
        self.history = [bodies.user("This is what we said so far: something. Go on."), bodies.assistant("I will.")]


SCHEMA = {"type": "object", "properties": {"k": {"type": "string"}}}
ANTHROPIC = {"tools": [{"name": "f", "input_schema": SCHEMA}], "max_tokens": 8192, "system": "Be brief."}
CLIENTS = {
    "enabled": ("anthropic", ANTHROPIC | {"thinking": {"type": "enabled", "budget_tokens": 1024}}),
    "adaptive": ("anthropic", ANTHROPIC | {"thinking": {"type": "adaptive"}}),
    "silent": ("anthropic", ANTHROPIC),
    "chat": ("openai_chat", {"tools": [{"type": "function", "function": {"name": "f", "parameters": SCHEMA}}]}),
    "responses": (
        "openai_responses",
        {
            "tools": [{"type": "function", "name": "f", "parameters": SCHEMA}],
            "include": ["reasoning.encrypted_content"],
            "reasoning": {"effort": "low"},
        },
    ),
}


def server_of(town, name):
    return town["claude" if name in ("sonnet", "opus") else name]


@pytest.mark.parametrize("stream", [False, True], ids=["whole", "stream"])
@pytest.mark.parametrize("kind", TURNS)
@pytest.mark.parametrize("client", CLIENTS)
def test_there_and_back_at_every_kind_of_turn(town, client, kind, stream):
    """For each two tiers: a turn here, the next there, then here again, and there; the client's history only grows."""
    dialect, more = CLIENTS[client]
    for here, there in itertools.permutations(TIERS, 2):
        talk = Client(town, dialect, stream, **more)
        turn = [bodies.user("Go on, then.")]
        for name in (here, there, here, there, here):
            server_of(town, name).script.then(TURNS[kind]())
            talk.ask(name, *turn)
            turn = talk.next_turn("And now?")


@pytest.mark.parametrize("client", ["enabled", "adaptive", "responses"])
def test_a_conversation_that_was_compacted_goes_on_anywhere(town, client):
    dialect, more = CLIENTS[client]
    for here, there in itertools.permutations(TIERS, 2):
        talk = Client(town, dialect, False, **more)
        for name in (here, there):
            server_of(town, name).script.then(TURNS["exchange"](), TURNS["thinking"]())
            talk.ask(name, bodies.user("Run it."))
            talk.ask(name, *talk.next_turn("Go on."))
            talk.compact()


@pytest.mark.parametrize("stream", [False, True], ids=["whole", "stream"])
@pytest.mark.parametrize("there", ["opus", "gpt", "local"])
def test_what_a_model_thought_is_there_when_it_comes_back(town, there, stream):
    """Foreign thinking is cut out for the one request; the model's own is never touched."""
    dialect, more = CLIENTS["enabled"]
    talk = Client(town, dialect, stream, **more)
    for name in ("sonnet", there, "sonnet"):
        server_of(town, name).script.then(Reply(think(f"I am {name}."), say("So.")))
        talk.ask(name, bodies.user("Go on."))
    said = [block for turn in talk.history if turn["role"] == "assistant" for block in turn["content"]]
    thoughts = [block["signature"] for block in said if "signature" in block]
    last = town["claude"].asks[-1].body
    assert thoughts[0].encode() in last, "its own was taken from it"
    if there == "opus":
        assert thoughts[1].encode() not in last


def test_the_thinking_of_nobody_known_is_not_sent_to_a_vendor(town):
    """A history from elsewhere, or from before a restart of Basin, with blocks that nobody signed."""
    dialect, more = CLIENTS["adaptive"]
    talk = Client(town, dialect, False, **more)
    talk.history = [bodies.user("Hm?"), {"role": "assistant", "content": [think("I am somebody.", ""), say("Yes.")]}]
    talk.ask("sonnet", bodies.user("Go on."))
    assert b"I am somebody." not in town["claude"].asks[-1].body
