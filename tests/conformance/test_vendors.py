"""The strict vendors and the local servers, before Basin is put in front of them: each rule refuses what breaks it, and
nothing else. No Basin takes part."""

import copy
import json

import pytest

from support import bodies, http1
from support.replies import Reply, call, decline, redacted, say, think
from support.servers import ChatOnly, LlamaCpp, LmStudio, Model, Ollama, Vllm
from support.sse import events
from support.strict import StrictAnthropic
from support.strict_openai import StrictOpenAI
from support.upstream import Script

CLAUDE, GPT = "claude-opus-5-5", "gpt-6.1-sol"


@pytest.fixture
def serve():
    """serve(server) -> the server, closed when the test ends."""
    made = []

    def add(server):
        made.append(server)
        return server

    yield add
    for each in made:
        each.close()
        assert not each.failures


def ask(server, dialect, body, headers=None):
    headers = bodies.headers(dialect) if headers is None else headers
    return http1.once(server.port, "POST", bodies.PATHS[dialect], bodies.wire(body), headers)


def text(words):
    return {"type": "text", "text": words}


def use(ident="toolu_1"):
    return {"type": "tool_use", "id": ident, "name": "Bash", "input": {}}


def outcome(ident="toolu_1"):
    return {"type": "tool_result", "tool_use_id": ident, "content": "ok"}


def exchange(*results, first=()):
    """A conversation in which a tool is called and these blocks follow."""
    turns = [bodies.user("run it"), {"role": "assistant", "content": [*first, use()]}]
    return {"messages": [*turns, {"role": "user", "content": list(results)}]}


MARK = {"cache_control": {"type": "ephemeral"}}
ENABLED = {"thinking": {"type": "enabled", "budget_tokens": 1024}, "max_tokens": 4096}
TOOL = {"name": "Bash", "input_schema": {"type": "object"}}
ANTHROPIC_RULES = {
    "no max_tokens": ({"max_tokens": None}, "max_tokens: Field required"),
    "unknown field": ({"invented": 1}, "invented: Extra inputs are not permitted"),
    "field without its beta": ({"context_management": {}}, "context_management: Extra inputs are not permitted"),
    "another vendor's model": ({"model": GPT}, "model: gpt-6.1-sol"),
    "no messages": ({"messages": []}, "at least one message"),
    "first turn": ({"messages": [bodies.assistant("hm")]}, "first message must use"),
    "empty turn": ({"messages": [bodies.user("")]}, "must have non-empty content"),
    "empty text": ({"messages": [bodies.user([text("")])]}, "text content blocks must be non-empty"),
    "blank text": ({"messages": [bodies.user([text(" \n")])]}, "must contain non-whitespace text"),
    "empty system": ({"system": [text("")]}, "text content blocks must be non-empty"),
    "five marks": ({"system": [text("a") | MARK] * 5}, "A maximum of 4 blocks with cache_control may be"),
    "system turn": (
        {"model": "claude-haiku-4-5", "messages": [bodies.user("a"), {"role": "system", "content": "b"}]},
        'Unexpected role "system"',
    ),
    "no result": ({"messages": exchange(outcome())["messages"][:2]}, "without `tool_result` blocks immediately after"),
    "result late": (exchange(text("wait"), outcome()), "must come first"),
    "foreign result": (exchange(outcome(), outcome("toolu_9")), "unexpected `tool_use_id`"),
    "two results": (exchange(outcome(), outcome()), "single result"),
    "input as text": (
        {"messages": [bodies.user("a"), {"role": "assistant", "content": [use() | {"input": "{}"}]}]},
        "Input should be a valid dictionary",
    ),
    "foreign thinking": (exchange(outcome(), first=[think("hm", "c2ln")]), "Invalid `signature` in `thinking` block"),
    "foreign hidden thinking": (exchange(outcome(), first=[redacted("c2ln")]), "Invalid `data`"),
    "thinking unsigned": (exchange(outcome(), first=[{"type": "thinking", "thinking": "hm"}]), "Field required"),
    "exchange without thinking": (exchange(outcome()) | ENABLED, "Expected `thinking` or `redacted_thinking`"),
    "budget": (ENABLED | {"max_tokens": 1024}, "`max_tokens` must be greater than"),
    "warm thinking": (ENABLED | {"temperature": 0.5}, "`temperature` may only be set to 1"),
    "forced thinking": (ENABLED | {"tools": [TOOL], "tool_choice": {"type": "any"}}, "tool_choice forces tool use"),
    "choice of nothing": ({"tool_choice": {"type": "auto"}}, "while providing tools"),
    "tool name": ({"tools": [TOOL | {"name": "a.b"}]}, "String should match pattern"),
    "picture": (
        {"messages": [bodies.user([{"type": "image", "source": {"type": "base64", "media_type": "image/bmp"}}])]},
        "Input should be 'image/jpeg'",
    ),
}


@pytest.mark.parametrize("rule", ANTHROPIC_RULES)
def test_the_strict_anthropic_refuses(serve, rule):
    change, words = ANTHROPIC_RULES[rule]
    vendor = serve(StrictAnthropic(script=Script(default=Reply())))
    body = {k: v for k, v in (bodies.body("anthropic", CLAUDE, "hello") | change).items() if v is not None}
    response = ask(vendor, "anthropic", body)
    assert response.status in (400, 404) and response.json["type"] == "error"
    assert words in response.json["error"]["message"]
    assert words in vendor.refusals[0][1]


def test_the_strict_anthropic_wants_its_header_fields(serve):
    vendor = serve(StrictAnthropic(script=Script(default=Reply())))
    body = bodies.body("anthropic", CLAUDE, "hello")
    key, version = bodies.headers("anthropic")[:2]
    assert ask(vendor, "anthropic", body, [version]).status == 401
    assert ask(vendor, "anthropic", body, [key]).status == 400
    assert ask(vendor, "anthropic", body, [key, version]).status == 200
    managed = body | {"context_management": {"edits": []}}
    flag = ("anthropic-beta", "a-2026,context-management-2025-06-27")
    assert ask(vendor, "anthropic", managed, [key, version, flag]).status == 200


@pytest.mark.parametrize("bound", [False, True])
@pytest.mark.parametrize("stream", [False, True])
def test_the_strict_anthropic_knows_its_own_thinking(serve, bound, stream):
    """What it made it takes back, for the same model and with the same words; bound, with the same turns before."""
    vendor = serve(StrictAnthropic(script=Script(default=Reply(think("hm"), call("Bash", {}))), bind_prefix=bound))
    first = bodies.body("anthropic", CLAUDE, "hello", stream=stream, **ENABLED)
    answer = ask(vendor, "anthropic", first)
    if stream:
        deltas = [json.loads(data).get("delta", {}) for _, data in events(answer.body)]
        signature = next(d["signature"] for d in deltas if "signature" in d)
        content = [think("hm", signature), call("Bash", {})]
    else:
        content = answer.json["content"]
    second = copy.deepcopy(first)
    results = [{"type": "tool_result", "tool_use_id": content[1]["id"], "content": "ok"}]
    second["messages"] += [{"role": "assistant", "content": content}, {"role": "user", "content": results}]
    assert ask(vendor, "anthropic", second).status == 200

    marked = copy.deepcopy(second)
    marked["messages"][0]["content"] = [text("hello") | MARK]
    assert ask(vendor, "anthropic", marked).status == 200, "a cache mark is no change"
    for change in (
        lambda b: b.update(model="claude-sonnet-5-5"),
        lambda b: b["messages"][1]["content"][0].update(thinking="hm!"),
        lambda b: b["messages"][1]["content"][0].update(signature="AAAA"),
    ):
        changed = copy.deepcopy(second)
        change(changed)
        assert "Invalid `signature`" in ask(vendor, "anthropic", changed).json["error"]["message"]
    moved = copy.deepcopy(second)
    moved["messages"][0]["content"] = "hello there"
    assert ask(vendor, "anthropic", moved).status == (400 if bound else 200)


def function(**more):
    return {"tools": [{"type": "function", "function": {"name": "f", "parameters": {"type": "object"}} | more}]}


CALL = bodies.called("openai_chat")[0]
CHAT_RULES = {
    "unknown argument": ({"invented": 1}, "Unrecognized request argument supplied: invented"),
    "another vendor's model": ({"model": CLAUDE}, "does not exist"),
    "max_tokens": ({"max_tokens": 5}, "Use 'max_completion_tokens' instead."),
    "temperature": ({"temperature": 0.2}, "Only the default (1) value is supported."),
    "stop": ({"stop": ["x"]}, "Unsupported parameter: 'stop'"),
    "effort": ({"reasoning_effort": "huge"}, "Supported values are"),
    "options of no stream": ({"stream_options": {"include_usage": True}}, "only allowed when 'stream' is enabled"),
    "no messages": ({"messages": []}, "Invalid 'messages': empty array"),
    "no content": ({"messages": [bodies.user(None)]}, "expected a string, got null"),
    "unknown field": ({"messages": [bodies.assistant("a") | {"invented": "b"}]}, "Unknown parameter"),
    "unknown role": ({"messages": [{"role": "thinker", "content": "a"}]}, "Invalid value: 'thinker'"),
    "image as text": ({"messages": [bodies.user([{"type": "image_url", "image_url": "data:"}])]}, "an object"),
    "result of nothing": ({"messages": bodies.result("openai_chat", "ok")}, "must be a response to a preceeding"),
    "call without result": ({"messages": [CALL, bodies.user("and?")]}, "did not have response messages: call_1"),
    "no calls": ({"messages": [bodies.assistant("a") | {"tool_calls": []}]}, "tool_calls': empty array"),
    "no tools": ({"tools": []}, "Invalid 'tools': empty array"),
    "choice of nothing": ({"tool_choice": "auto"}, "only allowed when 'tools' are specified"),
    "tool name": (function(name="a.b"), "string does not match pattern"),
    "long tool name": (function(name="a" * 65), "maximum length 64"),
    "no object": (function(parameters={}), "schema must be a JSON Schema of"),
    "open strict schema": (function(strict=True), "'additionalProperties' is required"),
    "nameless format": (
        {"response_format": {"type": "json_schema", "json_schema": {"schema": {"type": "object"}}}},
        "Missing required parameter: 'response_format.json_schema.name'",
    ),
}


@pytest.mark.parametrize("rule", CHAT_RULES)
def test_the_strict_openai_refuses_of_chat(serve, rule):
    change, words = CHAT_RULES[rule]
    vendor = serve(StrictOpenAI(script=Script(default=Reply())))
    response = ask(vendor, "openai_chat", bodies.body("openai_chat", GPT, "hello") | change)
    assert response.status in (400, 404)
    assert words in response.json["error"]["message"]


SEALED = {"type": "reasoning", "id": "rs_1", "summary": [], "encrypted_content": "c2ln"}
ITEMS = bodies.called("openai_responses")
RESPONSE_RULES = {
    "unknown parameter": ({"invented": 1}, "Unknown parameter: 'invented'."),
    "kept response": ({"previous_response_id": "resp_1"}, "Previous response with id 'resp_1' not found."),
    "few tokens": ({"max_output_tokens": 1}, "Expected a value >= 16"),
    "foreign reasoning": ({"input": [SEALED, bodies.assistant("a")]}, "could not be verified"),
    "reasoning not carried": (
        {"input": [{"type": "reasoning", "id": "rs_1", "summary": []}, bodies.assistant("a")]},
        "Item with id 'rs_1' not found.",
    ),
    "output of nothing": ({"input": bodies.result("openai_responses", "ok")}, "No tool call found"),
    "call without output": ({"input": ITEMS}, "No tool output found for function call call_1."),
    "item id": ({"input": [ITEMS[0] | {"id": "toolu_1"}]}, "Expected an ID that begins with 'fc'"),
}


@pytest.mark.parametrize("rule", RESPONSE_RULES)
def test_the_strict_openai_refuses_of_responses(serve, rule):
    change, words = RESPONSE_RULES[rule]
    vendor = serve(StrictOpenAI(script=Script(default=Reply())))
    response = ask(vendor, "openai_responses", bodies.body("openai_responses", GPT, "hello") | change)
    assert response.status in (400, 404)
    assert words in response.json["error"]["message"]


def test_the_strict_openai_knows_its_own_reasoning(serve):
    made = Script(default=Reply(think("hm"), call("f", {})))
    vendor, other = serve(StrictOpenAI("here", made)), serve(StrictOpenAI("there", made))
    items = ask(vendor, "openai_responses", bodies.body("openai_responses", GPT, "hello")).json["output"]
    output = {"type": "function_call_output", "call_id": items[1]["call_id"], "output": "ok"}
    whole = bodies.body("openai_responses", GPT, "hello", *items, output)
    assert ask(vendor, "openai_responses", whole).status == 200
    assert ask(other, "openai_responses", whole).json["error"]["code"] == "invalid_encrypted_content"
    alone = bodies.body("openai_responses", GPT, "hello", items[0])
    assert "without its required following item" in ask(vendor, "openai_responses", alone).json["error"]["message"]


@pytest.mark.parametrize("dialect", bodies.ALL)
def test_a_refusal_and_an_answer_cut_by_its_length(serve, dialect):
    said = Script(Reply(decline("I will not.")), Reply(say("too lo"), stop="max_tokens"))
    server = serve(LlamaCpp(script=said))
    refused, cut = (ask(server, dialect, bodies.body(dialect, "m", "hello")).body.decode() for _ in range(2))
    assert "I will not." in refused
    assert {"anthropic": '"max_tokens"', "openai_chat": '"length"', "openai_responses": '"incomplete"'}[dialect] in cut


# -- local servers
LONG = "word " * 3000  # about 3,750 tokens as these servers count


@pytest.mark.parametrize("dialect", bodies.ALL)
@pytest.mark.parametrize("kind", [Ollama, LlamaCpp, LmStudio, Vllm])
def test_a_local_server_speaks_every_dialect(serve, kind, dialect):
    server = serve(kind(script=Script(default=Reply(think("hm"), say("hi"), call("f", {"a": 1})))))
    for stream in (False, True):
        response = ask(server, dialect, bodies.body(dialect, "qwen3:4b", "hello", stream=stream))
        assert response.status == 200 and response.complete
    assert server.requests[-1].answer == response.body


def test_only_llama_server_serves_any_name(serve):
    for kind, status in ((Ollama, 404), (Vllm, 404), (LmStudio, 400), (LlamaCpp, 200), (ChatOnly, 404)):
        server = serve(kind())
        assert ask(server, "openai_chat", bodies.body("openai_chat", "else", "hello")).status == status


@pytest.mark.parametrize("dialect", ["anthropic", "openai_chat"])
def test_a_prompt_that_is_too_long(serve, dialect):
    """Each kind in its own way; Ollama without a word."""
    body = bodies.body(dialect, "qwen3:4b", LONG)
    small = Model(context=2048)
    llama, vllm, studio, ollama = (serve(kind(small)) for kind in (LlamaCpp, Vllm, LmStudio, Ollama))
    assert ask(llama, dialect, body).json["error"]["type"] == "exceed_context_size_error"
    assert "maximum context length is 2048" in ask(vllm, dialect, body).json["error"]["message"]
    assert "which is not enough" in ask(studio, dialect, body).json["error"]["message"]
    usage = ask(ollama, dialect, body).json["usage"]
    assert usage.get("input_tokens", usage.get("prompt_tokens")) == 2048


def test_a_cold_model_loads_when_its_gate_opens(serve):
    server = serve(Ollama(Model(loaded=False)))
    assert http1.once(server.port, "GET", "/api/ps").json["models"] == []
    with http1.Client(server.port) as client:
        client.start("POST", "/v1/messages", bodies.wire(bodies.body("anthropic", "qwen3:4b", "hello")))
        server.wait_asks(1)
        server.loading.open()
        assert client.finish().status == 200
    assert http1.once(server.port, "GET", "/api/ps").json["models"][0]["context_length"] == 32_768


def test_llama_server_says_how_it_is(serve):
    server = serve(LlamaCpp(Model(loaded=False), slots=2))
    assert http1.once(server.port, "GET", "/health").status == 503
    assert ask(server, "anthropic", bodies.body("anthropic", "m", "hello")).status == 503
    server.only.loaded = True
    assert http1.once(server.port, "GET", "/health").json == {"status": "ok"}
    assert len(http1.once(server.port, "GET", "/slots?fail_on_no_slot=1").json) == 2
    assert http1.once(server.port, "GET", "/props").json["default_generation_settings"]["n_ctx"] == 32_768
    assert http1.once(server.port, "GET", "/v1/models").json["data"][0]["meta"]["n_embd"] == 2560
    count = bodies.wire(bodies.body("anthropic", "m", "hello"))
    assert http1.once(server.port, "POST", "/v1/messages/count_tokens", count).json["input_tokens"] > 0
    assert "timings" in ask(server, "openai_chat", bodies.body("openai_chat", "m", "hello")).json


def test_each_kind_can_be_told_from_the_others(serve):
    ollama, studio, vllm = serve(Ollama()), serve(LmStudio()), serve(Vllm())
    assert http1.once(ollama.port, "GET", "/").body == b"Ollama is running"
    show = http1.once(ollama.port, "POST", "/api/show", b'{"model":"qwen3:4b"}').json
    assert show["model_info"]["qwen3.embedding_length"] == 2560
    assert http1.once(ollama.port, "POST", "/api/show", b'{"model":"else"}').status == 404
    assert http1.once(ollama.port, "POST", "/v1/messages/count_tokens", b"{}").status == 404
    assert http1.once(studio.port, "GET", "/api/v1/models").json["models"][0]["key"] == "qwen3:4b"
    assert "Unexpected endpoint" in http1.once(studio.port, "GET", "/props").json["error"]
    assert http1.once(vllm.port, "GET", "/version").json
    assert http1.once(vllm.port, "GET", "/v1/models").json["data"][0]["max_model_len"] == 32_768


def test_a_chat_only_server_takes_what_it_has_heard_of(serve):
    server = serve(ChatOnly())
    plain = bodies.body("openai_chat", "qwen3:4b", "hello", max_tokens=9)
    assert ask(server, "openai_chat", plain).status == 200
    developer = {"messages": [bodies.user("a") | {"role": "developer"}]}
    for more in ({"stream_options": {}}, {"max_completion_tokens": 9}, developer):
        assert ask(server, "openai_chat", plain | more).status == 422
    assert ask(server, "anthropic", bodies.body("anthropic", "qwen3:4b", "hello")).status == 404
    newer = serve(ChatOnly(knows=["stream_options"]))
    assert ask(newer, "openai_chat", plain | {"stream_options": {}}).status == 200
