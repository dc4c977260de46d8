"""Where the chosen server does not speak the client's dialect: the same request and the same answer, in other words.

The servers are strict, so what they take is what their real services take; what the client gets is read back with the
grammar of its dialect checked (support/hearing.py), and held against what the server said.
"""

import json

import pytest

from support import bodies
from support.hearing import heard
from support.house import EASY, MODELS
from support.replies import KINDS, Reply, call, cut_after, decline, fail_midstream, refuse, say, think
from support.servers import ChatOnly, Ollama
from support.sse import error_of, events
from support.strict import StrictAnthropic
from support.strict_openai import StrictOpenAI
from support.town import Town, tier
from support.upstream import Gate, Script

GPT = MODELS["openai"]["large"]
# (client's dialect, tier): the tier's server speaks something else.
PAIRS = [
    ("anthropic", "gpt"),
    ("anthropic", "chatonly"),
    ("openai_chat", "claude"),
    ("openai_responses", "claude"),
    ("openai_responses", "chatonly"),
]
TO_VENDORS = [pair for pair in PAIRS if pair[1] != "chatonly"]  # strict to the last rule
ANSWERS = {
    "text": Reply('Aé🙂 b\n"ok" c'),
    "tool": Reply("First this.", call("f", {"k": "v\n", "n": [1, 2.5, None]})),
    "tool_alone": Reply(call("f", {})),
    "parallel": Reply(call("f", {"a": "é"}, 1), call("g", {"b": "x y z"}, 2)),
    "thinking": Reply(think("Hé… hm"), say("So: yes.")),
    "thinking_tool": Reply(think("A tool."), say("One moment."), call("f", {"a": 1})),
    "refusal": Reply(decline("I will not.")),
    "length": Reply("It ends amid", stop="max_tokens"),
    "crlf": Reply("Carriage returns.", newline="\r\n"),
    "zipped": Reply("Squeezed.", zipped=True),
    "quiet": Reply("No extras.", extras=False),
}


# What a server of today takes beside the fields of years ago.
USUAL = ["stream_options", "reasoning_effort", "parallel_tool_calls"]


@pytest.fixture(scope="module")
def whole_town(tmp_path_factory):
    servers = [StrictAnthropic("claude"), StrictOpenAI("gpt"), ChatOnly(knows=USUAL), Ollama()]
    models = [MODELS["anthropic"]["large"], GPT, "qwen3:4b", "qwen3:4b"]

    def chat_only(tables):  # else the clients of Responses would be served natively
        next(u for u in tables["upstream"] if u["name"] == "gpt")["dialects"] = ["openai_chat"]
        for upstream in tables["upstream"]:
            upstream["first_byte_timeout_ms"] = 5000

    tiers = [tier(s, m) for s, m in zip(servers, models)]
    made = Town(tmp_path_factory.mktemp("town"), servers, tiers, change=chat_only)
    yield made
    made.close()


@pytest.fixture
def town(whole_town):
    """The town with nothing left in its scripts."""
    for server in whole_town.servers.values():
        server.script = Script(default=Reply("All is well."))
    return whole_town


def tools(dialect, *names):
    """Declarations of tools without parameters."""
    schema = {"type": "object", "properties": {}}
    if dialect == "anthropic":
        return [{"name": n, "input_schema": schema} for n in names]
    if dialect == "openai_chat":
        return [{"type": "function", "function": {"name": n, "parameters": schema}} for n in names]
    return [{"type": "function", "name": n, "parameters": schema} for n in names]


def ask(town, dialect, name, stream, *messages, headers=(), **more):
    if dialect == "openai_chat" and stream:
        more = {"stream_options": {"include_usage": True}} | more
    body = bodies.body(dialect, f"basin-{name}", *(messages or (EASY,)), stream=stream, **more)
    fields = [*bodies.headers(dialect), *headers]
    return town.basin.request("POST", bodies.PATHS[dialect], bodies.wire(body), fields)


def expected(dialect, name, answer):
    """What the client should hear of that answer: thinking only where both ends have a place for it."""
    native = {"claude": "anthropic", "gpt": "openai_chat", "chatonly": "openai_chat"}[name]
    request = {"model": "m", "stream_options": {"include_usage": True}}
    return heard(native, json.dumps(answer.whole(native, request)).encode(), stream=False)


@pytest.mark.parametrize("stream", [False, True], ids=["whole", "stream"])
@pytest.mark.parametrize("case", ANSWERS)
@pytest.mark.parametrize(("dialect", "name"), PAIRS)
def test_an_answer_says_the_same_in_other_words(town, dialect, name, case, stream):
    town[name].script.then(ANSWERS[case])
    accepts = [("Accept-Encoding", "gzip")] if case == "zipped" else []
    response = ask(town, dialect, name, stream, tools=tools(dialect, "f", "g"), headers=accepts)
    assert response.status == 200 and response.complete, response.body
    got, was = heard(dialect, response.body, stream), expected(dialect, name, ANSWERS[case])
    if case == "refusal":  # whose words are text at Anthropic, and have a field of their own elsewhere
        assert [p[1] for p in got.parts] == [p[1] for p in was.parts]
    else:
        assert got.without("thinking") == was.without("thinking")
    assert got.stop == was.stop
    assert got.output_tokens == was.output_tokens == 17
    assert got.prompt_tokens and (name == "chatonly" or got.prompt_tokens == was.prompt_tokens)
    assert town.basin.decision(response)["tier"] == name


@pytest.mark.parametrize(("dialect", "name"), PAIRS)
def test_a_stream_in_any_pieces_is_one_stream(town, dialect, name):
    """Cut at every byte: first all cuts at once, then so that every byte begins a piece of some length."""
    answer = [think("Hé…"), say('Aé🙂\n"ok"'), call("f", {"k": "v\n"})]
    native = "anthropic" if name == "claude" else "openai_chat"
    size = len(b"".join(Reply(*answer).events(native, {"model": GPT, "stream_options": {"include_usage": True}})))
    stride = 53
    cuts = [range(1, size), *(range(first, size, stride) for first in range(1, stride + 1))]
    seen = set()
    for pieces in cuts:
        town[name].script.then(Reply(*answer, pieces=pieces))
        response = ask(town, dialect, name, True, tools=tools(dialect, "f"))
        seen.add(repr(heard(dialect, response.body, stream=True)))
    assert len(seen) == 1, seen


@pytest.mark.parametrize(("dialect", "name"), PAIRS)
def test_what_was_said_is_passed_on_before_more_is_said(town, dialect, name):
    gate = Gate()
    town[name].script.then(Reply("a b c", extras=False, pause={4: gate}))
    body = bodies.body(dialect, f"basin-{name}", EASY, stream=True)
    with town.basin.client() as client:
        client.start("POST", bodies.PATHS[dialect], bodies.wire(body), bodies.headers(dialect))
        got = b""
        for piece in client.body_pieces(client.head()):
            got += piece
            if b"a " in got and gate:
                gate.open()
                gate = None
    assert gate is None
    assert heard(dialect, got, stream=True).words == "a b c"


# -- what goes wrong
def error_in(dialect, response):
    """(type, message) of an error response in that dialect's shape."""
    value = response.json
    if dialect == "anthropic":
        assert value["type"] == "error"
    else:
        assert set(value["error"]) >= {"message", "type", "param", "code"}
    return value["error"]["type"], value["error"]["message"]


@pytest.mark.parametrize("status", sorted(KINDS))
@pytest.mark.parametrize(("dialect", "name"), PAIRS)
def test_an_error_is_told_in_the_clients_dialect(town, dialect, name, status):
    """With the vendor's own words, for they say what to do, and the status that clients act by."""
    town[name].script.default = refuse(status, should_retry=False)
    for stream in (False, True):
        response = ask(town, dialect, name, stream)
        kind, message = error_in(dialect, response)
        assert kind and KINDS[status][1] in message
        assert response.status == status or (status, response.status) == (529, 503)


@pytest.mark.parametrize(("dialect", "name"), PAIRS)
def test_how_long_to_wait_is_told_on(town, dialect, name):
    town[name].script.then(refuse(429, retry_after=3600))
    response = ask(town, dialect, name, False)
    assert response.status == 429
    assert int(response.headers.get("retry-after")) >= 3600


@pytest.mark.parametrize(("dialect", "name"), PAIRS)
def test_an_error_amid_a_stream_is_an_error_event(town, dialect, name):
    town[name].script.then(fail_midstream())
    response = ask(town, dialect, name, True)
    assert response.complete
    kind, message = error_of(dialect, response.body)
    assert KINDS[529][1] in message
    assert not clean_end(dialect, response.body)


@pytest.mark.parametrize("where", [0.3, 0.6, 0.95])
@pytest.mark.parametrize(("dialect", "name"), PAIRS)
def test_a_stream_that_is_cut_never_ends_cleanly(town, dialect, name, where):
    answer = Reply(say("One two three."), call("f", {"k": "value"}))
    native = "anthropic" if name == "claude" else "openai_chat"
    size = len(b"".join(answer.events(native, {"model": GPT})))
    town[name].script.then(cut_after(int(size * where), answer))
    response = ask(town, dialect, name, True)
    assert error_of(dialect, response.body), response.body[-300:]
    assert not clean_end(dialect, response.body)


def clean_end(dialect, body):
    ends = {"message_stop", "response.completed", "response.incomplete"}
    return any(name in ends or data == "[DONE]" for name, data in events(body))


@pytest.mark.parametrize(("dialect", "name"), PAIRS)
def test_half_an_answer_is_none(town, dialect, name):
    town[name].script.then(cut_after(60, framing="length"))
    response = ask(town, dialect, name, False)
    assert response.status in (502, 503)
    assert "upstream" in error_in(dialect, response)[1].lower()


def test_a_client_that_hangs_up_is_felt_through_a_translation(town):
    server = town["gpt"]
    server.script.then(Reply("a b c", extras=False, pause={1: Gate()}))
    with town.basin.client() as client:
        body = bodies.body("anthropic", "basin-gpt", EASY, stream=True)
        client.start("POST", "/v1/messages", bodies.wire(body), bodies.headers("anthropic"))
        next(client.body_pieces(client.head()))
    server.wait_hang_up(server.asks[-1])


# -- what is asked
SCHEMA = {
    "type": "object",
    "properties": {"city": {"type": "string"}},
    "required": ["city"],
    "additionalProperties": False,
}
PIXEL = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
LONG_NAME = "mcp__" + "a_server_with_a_long_name__" * 2 + "get"


def anthropic_conversation():
    """Everything in it that a client of Anthropic's may say to a server that it does not know."""
    ephemeral = {"cache_control": {"type": "ephemeral"}}
    picture = {"type": "image", "source": {"type": "base64", "media_type": "image/png", "data": PIXEL}}
    uses = [{"type": "tool_use", "id": f"toolu_{i}", "name": "f", "input": {"a": i}} for i in (1, 2)]
    results = [
        {"type": "tool_result", "tool_use_id": "toolu_1", "content": [{"type": "text", "text": "one"}] + [picture]},
        {"type": "tool_result", "tool_use_id": "toolu_2", "content": "two", "is_error": True},
    ]
    messages = [
        bodies.user([{"type": "text", "text": "look"} | ephemeral, picture]),
        {"role": "system", "content": "Somewhere in between."},
        {"role": "assistant", "content": [think("hm", "Zm9yZWlnbg=="), say("Looking."), *uses]},
        {"role": "user", "content": [*results, {"type": "text", "text": "and?"} | ephemeral]},
    ]
    more = {"system": [{"type": "text", "text": "Be brief."} | ephemeral], "tools": tools("anthropic", "f", "g")}
    more |= {"stop_sequences": ["END"], "metadata": {"user_id": "u"}, "temperature": 0.5, "top_k": 5}
    return messages, more | {"tool_choice": {"type": "auto", "disable_parallel_tool_use": True}}


def chat_conversation():
    picture = {"type": "image_url", "image_url": {"url": f"data:image/png;base64,{PIXEL}", "detail": "low"}}
    calls = [
        {"id": f"call_{i}", "type": "function", "function": {"name": "f", "arguments": f'{{"a": {i}}}'}} for i in (1, 2)
    ]
    messages = [
        {"role": "system", "content": "Be brief."},
        {"role": "developer", "content": "Be kind."},
        bodies.user([{"type": "text", "text": "look"}, picture]),
        {"role": "assistant", "content": None, "tool_calls": calls},
        {"role": "tool", "tool_call_id": "call_1", "content": "one"},
        {"role": "tool", "tool_call_id": "call_2", "content": ""},
        bodies.user("and?"),
        {"role": "user", "content": "well?", "name": "me"},
    ]
    more = {"tools": tools("openai_chat", "f", "g"), "stop": "END", "seed": 7, "user": "u"}
    more |= {"parallel_tool_calls": False, "max_completion_tokens": 900}
    return messages, more | {"temperature": 1.5, "reasoning_effort": "low"}


def response_conversation():
    picture = {"type": "input_image", "image_url": f"data:image/png;base64,{PIXEL}", "detail": "auto"}
    items = [
        {"role": "developer", "content": "Be kind."},
        {"type": "message", "role": "user", "content": [{"type": "input_text", "text": "look"}, picture]},
        {"type": "reasoning", "id": "rs_1", "summary": [], "encrypted_content": "Zm9yZWlnbg=="},
        {"type": "function_call", "call_id": "call_1", "name": "f", "arguments": '{"a": 1}', "id": "fc_1"},
        {"type": "function_call", "call_id": "call_2", "name": "f", "arguments": "{}", "id": "fc_2"},
        {"type": "function_call_output", "call_id": "call_1", "output": "one"},
        {"type": "function_call_output", "call_id": "call_2", "output": [{"type": "input_text", "text": "two"}]},
        bodies.user("and?"),
    ]
    more = {"tools": [*tools("openai_responses", "f"), {"type": "web_search"}], "instructions": "Be brief."}
    more |= {"include": ["reasoning.encrypted_content"], "reasoning": {"effort": "low", "summary": "auto"}}
    return items, more | {"max_output_tokens": 900, "prompt_cache_key": "k", "parallel_tool_calls": True}


CONVERSATIONS = {
    "anthropic": anthropic_conversation,
    "openai_chat": chat_conversation,
    "openai_responses": response_conversation,
}


@pytest.mark.parametrize(("dialect", "name"), TO_VENDORS)
@pytest.mark.parametrize("stream", [False, True], ids=["whole", "stream"])
def test_a_strict_vendor_takes_a_whole_conversation(town, dialect, name, stream):
    """Systems amid turns, pictures, several calls and their results: no rule of the vendor's is broken."""
    refused = len(town.refusals())
    messages, more = CONVERSATIONS[dialect]()
    response = ask(town, dialect, name, stream, *messages, **more)
    assert response.status == 200, response.body
    assert town.refusals()[refused:] == []
    body = town[name].asks[-1].body
    for words in (b"Be brief.", b"look", b"one", b"two" if dialect != "openai_chat" else b"well?", b"and?"):
        assert words in body
    assert PIXEL.encode() in body
    assert b"Zm9yZWlnbg==" not in body, "thinking of another model went out"


@pytest.mark.parametrize(("dialect", "name"), [("anthropic", "chatonly"), ("openai_responses", "chatonly")])
def test_a_server_that_knows_little_gets_only_what_it_knows(town, dialect, name):
    refused = len(town.refusals())
    messages, more = CONVERSATIONS[dialect]()
    plain = [m for m in messages if PIXEL not in json.dumps(m)] if dialect == "openai_responses" else [EASY]
    more = {k: v for k, v in more.items() if k not in ("reasoning", "tool_choice", "parallel_tool_calls")}
    for stream in (False, True):
        response = ask(town, dialect, name, stream, *plain, **more)
        assert response.status == 200, response.body
    assert town.refusals()[refused:] == []


@pytest.mark.parametrize(("dialect", "name"), PAIRS)
def test_the_same_request_is_the_same_bytes_and_a_longer_one_begins_with_them(town, dialect, name):
    """What a server has cached of a conversation stays of use: nothing at its beginning moves."""
    asks = town[name].asks
    more = {"tools": tools(dialect, "f", "g")}
    for messages in (("one",), ("one",), ("one", "two", "three")):
        ask(town, dialect, name, False, *messages, **more)
    first, again, longer = (r.json["messages"] for r in town[name].asks[len(asks) :])
    assert first == again and longer[: len(first)] == first and len(longer) == len(first) + 2
    bodies_ = [r.body for r in town[name].asks[len(asks) :]]
    assert bodies_[0] == bodies_[1]


@pytest.mark.parametrize(("dialect", "name"), TO_VENDORS)
def test_a_structured_answer_is_asked_for_as_the_vendor_asks_for_it(town, dialect, name):
    kind, named = {"type": "json_schema"}, {"name": "place", "schema": SCHEMA, "strict": True}
    wish = {
        "anthropic": {"output_config": {"format": kind | {"schema": SCHEMA}}},
        "openai_chat": {"response_format": kind | {"json_schema": named}},
        "openai_responses": {"text": {"format": kind | named}},
    }[dialect]
    town[name].script.then(Reply('{"city":"Paris"}'))
    response = ask(town, dialect, name, False, **wish)
    assert response.status == 200, response.body
    assert json.loads(heard(dialect, response.body, stream=False).words) == {"city": "Paris"}
    assert json.dumps(SCHEMA, separators=(",", ":")).encode() in town[name].asks[-1].body, "the schema as it came"


REFUSED = [
    ("anthropic", "gpt", {"tools": [{"type": "web_search_20250305", "name": "web_search"}]}, "tools"),
    ("anthropic", "gpt", {"container": "c"}, "container"),
    ("openai_chat", "claude", {"logprobs": True}, "logprobs"),
    ("openai_chat", "claude", {"n": 2}, "n"),
    ("openai_responses", "claude", {"previous_response_id": "resp_1"}, "previous_response_id"),
    ("openai_responses", "claude", {"background": True}, "background"),
]


@pytest.mark.parametrize(("dialect", "name", "more", "field"), REFUSED)
def test_what_cannot_be_carried_is_refused_by_name(town, dialect, name, more, field):
    asked = len(town[name].asks)
    response = ask(town, dialect, name, False, **more)
    assert response.status == 400, response.body
    assert field in error_in(dialect, response)[1]
    assert len(town[name].asks) == asked


@pytest.mark.parametrize(
    ("dialect", "name", "more"),
    [("anthropic", "gpt", {"top_k": 5}), ("openai_chat", "claude", {"seed": 5}), ("openai_chat", "claude", {"new": 1})],
)
def test_what_is_left_out_is_declared(town, dialect, name, more):
    response = ask(town, dialect, name, False, **more)
    assert response.status == 200, response.body
    assert set(more) <= set(town.basin.decision(response)["dropped"])


# -- counting
@pytest.mark.parametrize("name", ["claude", "gpt", "chatonly", "ollama"])
def test_tokens_are_always_counted(town, name):
    """By the server where it counts; else an estimate that says that it is one."""
    body = bodies.body("anthropic", f"basin-{name}", "word " * 400)
    del body["max_tokens"]
    response = town.basin.request("POST", "/v1/messages/count_tokens", bodies.wire(body), bodies.headers("anthropic"))
    assert response.status == 200, response.body
    estimated = response.headers.get("x-basin-estimated") is not None
    assert estimated == (name != "claude")
    assert 100 < response.json["input_tokens"] < 2000
    assert town.refusals() == [] or town.refusals()[-1][0] != name
