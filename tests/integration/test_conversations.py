"""The rules of a conversation: sticky, up at a turn's start, never within a tool exchange, never away from thinking."""

import json
import uuid

import pytest

from support import bodies
from support.house import EASY, HARD

LONGER = "Now also fix the spelling of 'recieve' in CHANGELOG."


class Talk:
    """One conversation of one client with a Basin."""

    def __init__(self, house, dialect="anthropic", session=None, headers=()):
        self.house, self.dialect, self.headers = house, dialect, list(headers)
        self.session = session or str(uuid.uuid4())
        self.messages = []
        self.response = None

    def send(self, *messages, model=None, headers=(), **more):
        """Adds to the conversation, sends it all, and says who was asked."""
        self.messages += [bodies.user(m) if isinstance(m, str) else m for m in messages]
        own = model or self.house.models["own"]
        body = bodies.wire(bodies.body(self.dialect, own, *self.messages, session=self.session, **more))
        all_headers = [*bodies.headers(self.dialect), *self.headers, *headers]
        self.response = self.house.basin.request("POST", bodies.PATHS[self.dialect], body, all_headers)
        assert self.response.status == 200, self.response.body
        return self.house.asks[-1].upstream

    def hears(self, *messages):
        self.messages += [bodies.assistant(m) if isinstance(m, str) else m for m in messages]

    @property
    def rule(self):
        return self.house.basin.decision(self.response)["rule"]


@pytest.fixture(params=bodies.ALL)
def talk(request, house):
    return Talk(house(vendor=bodies.VENDORS[request.param]), request.param)


@pytest.mark.parametrize("dialect", bodies.ALL)
def test_easy_goes_small_and_hard_goes_large(house, dialect):
    h = house(vendor=bodies.VENDORS[dialect], risk=None)
    assert Talk(h, dialect).send(EASY) == "small"
    assert Talk(h, dialect).send(HARD) == "large"


def test_a_warm_conversation_does_not_move_down(talk):
    assert talk.send(HARD) == "large"
    talk.hears("It is done.")
    assert talk.send(EASY) == "large"
    assert talk.rule == "cache_warm"


def test_a_conversation_moves_up_at_a_turns_start_and_stays(talk):
    assert talk.send(EASY) == "small"
    talk.hears("It is done.")
    assert talk.send(HARD) == "large"
    assert talk.rule == "up"
    talk.hears("That too.")
    assert talk.send(LONGER) == "large"


def test_no_switch_within_a_tool_exchange(talk):
    """Whatever the tool says, the model that called it gets the answer: a switch here breaks what it was doing."""
    assert talk.send(EASY) == "small"
    talk.hears(*bodies.called(talk.dialect))
    assert talk.send(*bodies.result(talk.dialect, f"README says: {HARD}. Prove it for every n.")) == "small"
    assert talk.rule == "tool_exchange"
    talk.hears("It is done.")
    assert talk.send(HARD) == "large"
    talk.hears(*bodies.called(talk.dialect))
    assert talk.send(*bodies.result(talk.dialect, "ok")) == "large"


@pytest.mark.parametrize("dialect", ["anthropic", "openai_responses"])
def test_a_conversation_with_thinking_keeps_its_model(house, dialect):
    """Thinking is bound to the model and to the exact words before it; another model's is refused by the vendor."""
    t = Talk(house(vendor=bodies.VENDORS[dialect]), dialect)
    assert t.send(EASY) == "small"
    t.hears(*bodies.called(dialect, thinking="Let me look."))
    t.messages += bodies.result(dialect, "ok")
    t.hears("It is done.")
    assert t.send(HARD) == "small"
    assert t.rule == "thinking"
    sent, arrived = t.messages, t.house.asks[-1].json
    assert arrived["messages" if dialect == "anthropic" else "input"] == sent, "thinking was touched"


def test_conversations_do_not_share_a_model(talk):
    assert talk.send(HARD) == "large"
    assert Talk(talk.house, talk.dialect).send(EASY) == "small"


def test_clients_do_not_share_a_conversation(house):
    """Two people whose clients call their session the same are two people."""
    h = house()
    assert Talk(h, session="same").send(HARD) == "large"
    other = Talk(h, session="same")
    other.messages = []
    body = bodies.wire(bodies.body("anthropic", h.models["own"], EASY, session="same"))
    headers = bodies.headers("anthropic", key="sk-somebody-else")
    h.basin.request("POST", "/v1/messages", body, headers)
    assert h.asks[-1].upstream == "small"


def test_a_conversation_is_known_without_a_session_id(house):
    """A client that names no session still keeps its model: its first words are its name."""
    h = house()
    for messages, tier in [((HARD,), "large"), ((HARD, "Done.", EASY), "large")]:
        body = bodies.wire(bodies.body("anthropic", h.models["own"], *messages))
        h.basin.request("POST", "/v1/messages", body, bodies.headers("anthropic"))
        assert h.asks[-1].upstream == tier


def test_branches_are_pinned_apart(house):
    """A sub-agent is a conversation of its own beside its parent."""
    h = house()
    session = str(uuid.uuid4())
    head = [("X-Claude-Code-Session-Id", session)]
    agent = [*head, ("x-claude-code-agent-id", "a1"), ("x-claude-code-request-class", "subagent")]
    assert Talk(h, session=session, headers=head).send(HARD) == "large"
    branch = Talk(h, session=session, headers=agent)
    assert branch.send(EASY) == "small"
    record = h.basin.decision(branch.response)
    assert (record["class"], record["branch"]) == ("sub_agent", "a1")


TITLE = {
    "tools": [],
    "output_config": {
        "format": {"type": "json_schema", "schema": {"type": "object", "properties": {"title": {"type": "string"}}}}
    },
}


def test_a_title_goes_small_and_leaves_the_conversation_alone(house):
    h = house()
    t = Talk(h)
    assert t.send(HARD) == "large"
    side = Talk(h, session=t.session)
    title = f"<session>{HARD}</session>\n\nWrite the title of this session."
    assert side.send(title, **TITLE) == "small"
    assert h.basin.decision(side.response)["class"] == "side"
    t.hears("Done.")
    assert t.send(EASY) == "large", "the title's tier became the conversation's"


@pytest.mark.parametrize(
    ("hint", "cls", "tier"),
    [
        (
            [("x-claude-code-request-class", "auxiliary"), ("x-claude-1p-request-class", "summary-extraction")],
            "side",
            "small",
        ),
        (
            [("x-claude-code-request-class", "auxiliary"), ("x-claude-1p-request-class", "followup-generation")],
            "followup",
            "large",
        ),
        ([("x-claude-code-request-class", "compaction"), ("x-claude-1p-request-class", "main")], "compaction", "large"),
        ([("x-claude-code-request-class", "main"), ("x-claude-1p-request-class", "main")], "main", "large"),
    ],
)
def test_a_clients_own_word_on_what_a_request_is(house, hint, cls, tier):
    """After a hard turn: the safe small work moves, what needs the main model's warm cache stays."""
    t = Talk(house())
    t.send(HARD)
    t.hears("Done.")
    assert t.send(EASY, headers=hint) == tier
    assert t.house.basin.decision(t.response)["class"] == cls


def test_the_harness_does_not_move_the_decision(house):
    """What programs wrote around the ask is counted and not read: an agent's preamble would drown it."""
    h = house()
    noise = f"<system-reminder>\n{HARD}. Prove, derive, design, redesign. {'x ' * 3000}\n</system-reminder>"
    content = [{"type": "text", "text": noise}, {"type": "text", "text": EASY}]
    tools = [{"name": f"Tool{i}", "description": HARD, "input_schema": {"type": "object"}} for i in range(12)]
    t = Talk(h)
    assert t.send({"role": "user", "content": content}, system=HARD * 20, tools=tools) == "small"
    record = h.basin.decision(t.response)
    assert record["ask"]["text"].strip() == EASY
    (span,) = record["ask"]["spans"]
    assert (span["message"], span["block"]) == (0, 1)


@pytest.mark.parametrize(
    "feature",
    [
        {
            "messages": [
                {
                    "role": "user",
                    "content": [
                        {"type": "image", "source": {"type": "base64", "media_type": "image/png", "data": "aGk="}},
                        {"type": "text", "text": EASY},
                    ],
                }
            ]
        },
        {
            "messages": [
                {
                    "role": "user",
                    "content": [
                        {"type": "document", "source": {"type": "file", "file_id": "f1"}},
                        {"type": "text", "text": EASY},
                    ],
                }
            ]
        },
        {
            "tools": [
                {"type": "web_search_20250305", "name": "web_search"},
                {"name": "f", "input_schema": {"type": "object"}},
            ]
        },
    ],
    ids=["image", "document", "server_tool"],
)
def test_what_only_its_own_model_can_take_stays_with_it(house, feature):
    h = house()
    body = bodies.body("anthropic", h.models["own"], EASY) | feature
    response = h.basin.request("POST", "/v1/messages", bodies.wire(body), bodies.headers("anthropic"))
    assert response.status == 200
    assert h.asks[-1].model == h.models["own"]
    assert h.basin.decision(response)["rule"] == "bound"


def test_a_prompt_that_does_not_fit_a_tier_goes_past_it(house):
    def short(tables):
        tables["tier"][0]["context"] = 4096

    h = house(change=short)
    t = Talk(h)
    pasted = "\n".join(f"{i:05} the quick brown fox jumps over the lazy dog" for i in range(2000))
    assert t.send(f"{EASY}\n\n{pasted}") == "large"
    assert t.rule == "not_eligible"
    assert "context" in h.basin.decision(t.response)["tip"]


def test_an_agents_turn_needs_a_tier_that_serves_agents(house):
    def chat_only(tables):
        tables["tier"][0]["serves"] = ["side", "chat"]

    h = house(change=chat_only)
    tools = [{"name": "Bash", "description": "runs", "input_schema": {"type": "object"}}]
    assert Talk(h).send(EASY, tools=tools) == "large"
    assert Talk(h).send(EASY) == "small"


def test_the_user_id_of_a_body_names_the_session(house):
    h = house()
    t = Talk(h, session="5e55-1d")
    t.send(EASY)
    assert "5e55-1d" in json.dumps(h.basin.decision(t.response)["session"])
