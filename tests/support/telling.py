"""One answer, told in any dialect: as one JSON object, or as the events of a stream.

An answer is a list of parts (below) and the reason why it ended. What differs between servers that speak the same
dialect is a `Manner`: whether thinking is shown and in which field, how it is signed, what is counted.
"""

import json
from dataclasses import dataclass

SIGNATURE = "c2NyaXB0ZWQtc2lnbmF0dXJl"
ANTHROPIC_HEADERS = [
    ("request-id", "req_011CScripted0000000001"),
    ("anthropic-ratelimit-requests-limit", "4000"),
    ("anthropic-ratelimit-requests-remaining", "3999"),
    ("anthropic-ratelimit-requests-reset", "2026-11-24T12:00:00Z"),
    ("anthropic-ratelimit-unified-status", "allowed"),
    ("anthropic-ratelimit-unified-5h-utilization", "0.42"),
    ("anthropic-organization-id", "00000000-0000-4000-8000-000000000001"),
    ("x-vendor-invention", "travels too"),
]
OPENAI_HEADERS = [
    ("x-request-id", "req_00000000000000000000000000000001"),
    ("openai-processing-ms", "12"),
    ("x-ratelimit-limit-requests", "500"),
    ("x-ratelimit-remaining-requests", "499"),
    ("x-ratelimit-reset-requests", "120ms"),
    ("x-vendor-invention", "travels too"),
]


def compact(value):
    return json.dumps(value, separators=(",", ":"), ensure_ascii=False)


def words_of(text):
    """'a b c' -> 'a ', 'b ', 'c': what a stream of tokens looks like."""
    words = text.split(" ")
    return [w + " " for w in words[:-1]] + words[-1:]


def halves(text):
    return text[: len(text) // 2], text[len(text) // 2 :]


# -- parts of an answer. In chat a thinking part is told only where the server has a field for it.
def say(words):
    return {"type": "text", "text": words}


def think(words, signature=None):
    """`signature`: None leaves it to the server that answers, as a real one does."""
    return {"type": "thinking", "thinking": words, "signature": signature}


def redacted(data=None):
    """Thinking that only its maker can read. `data`: None leaves it to the server that answers."""
    return {"type": "redacted_thinking", "data": data}


def call(name, arguments, number=1):
    return {"type": "tool_use", "id": f"toolu_scripted{number:04}", "name": name, "input": arguments}


def decline(words):
    """Why the model will not answer: a field of its own in OpenAI's dialects, the answer's text in Anthropic's."""
    return {"type": "refusal", "refusal": words}


# Why an answer ended, in Anthropic's words, and what chat calls it. Responses says it with the answer's status.
STOPS = {
    "end_turn": "stop",
    "tool_use": "tool_calls",
    "max_tokens": "length",
    "stop_sequence": "stop",
    "refusal": "stop",
    "model_context_window_exceeded": "length",
}


def stop_of(parts):
    """Why an answer of these parts ends when nothing cuts it short."""
    kinds = {p["type"] for p in parts}
    return "refusal" if "refusal" in kinds else "tool_use" if "tool_use" in kinds else "end_turn"


@dataclass
class Tokens:
    """What an answer is said to have cost. The prompt is `fresh` + `written` + `read`."""

    fresh: int = 12
    written: int = 900
    read: int = 4100
    output: int = 17
    thinking: int = 0

    @property
    def prompt(self):
        return self.fresh + self.written + self.read


class Manner:
    """How a server speaks. This one is the hosted vendors'; a subclass is another server's."""

    reasoning_field = None  # the field of chat that holds thinking; None: chat keeps it to itself
    plain_usage = False  # usage without the parts and details that only vendors have

    def headers(self, dialect):
        """The header fields of every answer in that dialect."""
        return ANTHROPIC_HEADERS if dialect == "anthropic" else OPENAI_HEADERS

    def tokens(self, request):
        """`request`: the request's JSON."""
        return Tokens()

    def sign(self, words, request):
        """The signature of thinking, or the encrypted reasoning, that this server makes for that request."""
        return SIGNATURE

    def dress(self, value, request):
        """What this server adds to the object that ends an answer: a whole one, or a stream's last."""
        return value


VENDOR = Manner()


@dataclass
class Answer:
    """Parts and their end, as `manner` tells them to `request`."""

    parts: list
    request: dict
    stop: str
    manner: Manner = VENDOR

    def __post_init__(self):
        self.model = self.request["model"]
        self.tokens = self.manner.tokens(self.request)
        self.parts = [self._signed(p) for p in self.parts]

    def _signed(self, part):
        if part["type"] == "thinking" and part["signature"] is None:
            return part | {"signature": self.manner.sign(part["thinking"], self.request)}
        if part["type"] == "redacted_thinking" and part["data"] is None:
            return part | {"data": self.manner.sign("", self.request)}
        return part

    def of(self, kind):
        return [p for p in self.parts if p["type"] == kind]

    @property
    def words(self):
        return "".join(p["text"] for p in self.of("text"))

    @property
    def calls(self):
        """[(id, name, arguments as text), ...] as OpenAI's dialects have them."""
        return [(p["id"].replace("toolu_", "call_"), p["name"], compact(p["input"])) for p in self.of("tool_use")]


# -- Anthropic Messages
def message(answer):
    return answer.manner.dress(
        {
            "id": "msg_01Scripted",
            "type": "message",
            "role": "assistant",
            "model": answer.model,
            "content": [_anthropic_block(p) for p in answer.parts],
            "stop_reason": answer.stop,
            "stop_sequence": _stop_sequence(answer),
            "usage": _message_usage(answer),
        },
        answer.request,
    )


def _anthropic_block(part):
    return say(part["refusal"]) if part["type"] == "refusal" else part


def _stop_sequence(answer):
    return answer.request["stop_sequences"][0] if answer.stop == "stop_sequence" else None


def _message_usage(answer):
    tokens = answer.tokens
    if answer.manner.plain_usage:
        return {"input_tokens": tokens.prompt, "output_tokens": tokens.output}
    return {
        "input_tokens": tokens.fresh,
        "cache_creation_input_tokens": tokens.written,
        "cache_read_input_tokens": tokens.read,
        "cache_creation": {"ephemeral_5m_input_tokens": tokens.written, "ephemeral_1h_input_tokens": 0},
        "output_tokens": tokens.output,
        "service_tier": "standard",
    }


def message_events(answer, extras):
    whole = message(answer)
    start = dict(whole, content=[], stop_reason=None, stop_sequence=None, usage=dict(whole["usage"], output_tokens=1))
    yield "message_start", {"type": "message_start", "message": start}
    for index, block in enumerate(whole["content"]):
        empty, deltas = _block_in_pieces(block)
        yield "content_block_start", {"type": "content_block_start", "index": index, "content_block": empty}
        if extras and index == 0:
            yield "ping", {"type": "ping"}
        for delta in deltas:
            yield "content_block_delta", {"type": "content_block_delta", "index": index, "delta": delta}
        yield "content_block_stop", {"type": "content_block_stop", "index": index}
    delta = {"stop_reason": answer.stop, "stop_sequence": _stop_sequence(answer)}
    usage = {"output_tokens": answer.tokens.output}
    yield "message_delta", {"type": "message_delta", "delta": delta, "usage": usage}
    yield "message_stop", {"type": "message_stop"}


def _block_in_pieces(block):
    if block["type"] == "text":
        return dict(block, text=""), [{"type": "text_delta", "text": w} for w in words_of(block["text"])]
    if block["type"] == "thinking":
        deltas = [{"type": "thinking_delta", "thinking": w} for w in words_of(block["thinking"])]
        if block["signature"]:
            deltas.append({"type": "signature_delta", "signature": block["signature"]})
        return dict(block, thinking="", signature=""), deltas
    if block["type"] == "redacted_thinking":
        return block, []
    pieces = ["", *halves(compact(block["input"]))]
    return dict(block, input={}), [{"type": "input_json_delta", "partial_json": p} for p in pieces]


# -- OpenAI chat
def completion(answer):
    refusal = "".join(p["refusal"] for p in answer.of("refusal")) or None
    said = {"role": "assistant", "content": answer.words or None, "refusal": refusal}
    if answer.manner.reasoning_field and answer.of("thinking"):
        said[answer.manner.reasoning_field] = "".join(p["thinking"] for p in answer.of("thinking"))
    if answer.calls:
        said["tool_calls"] = [
            {"id": i, "type": "function", "function": {"name": n, "arguments": a}} for i, n, a in answer.calls
        ]
    choice = {"index": 0, "message": said, "logprobs": None, "finish_reason": STOPS[answer.stop]}
    whole = _chunk_base(answer, "chat.completion") | {"choices": [choice], "usage": _chat_usage(answer)}
    return answer.manner.dress(whole, answer.request)


def _chunk_base(answer, kind):
    return {"id": "chatcmpl-Scripted", "object": kind, "created": 1795300000, "model": answer.model}


def _chat_usage(answer):
    tokens = answer.tokens
    usage = {
        "prompt_tokens": tokens.prompt,
        "completion_tokens": tokens.output,
        "total_tokens": tokens.prompt + tokens.output,
    }
    if answer.manner.plain_usage:
        return usage
    return usage | {
        "prompt_tokens_details": {"cached_tokens": tokens.read, "audio_tokens": 0},
        "completion_tokens_details": {"reasoning_tokens": tokens.thinking, "audio_tokens": 0},
    }


def chunks(answer):
    base = _chunk_base(answer, "chat.completion.chunk")

    def chunk(delta, reason=None):
        return base | {"choices": [{"index": 0, "delta": delta, "logprobs": None, "finish_reason": reason}]}

    yield None, chunk({"role": "assistant", "content": "" if answer.words else None, "refusal": None})
    if answer.manner.reasoning_field:
        for part in answer.of("thinking"):
            for word in words_of(part["thinking"]):
                yield None, chunk({answer.manner.reasoning_field: word})
    for word in words_of(answer.words):
        yield None, chunk({"content": word})
    for part in answer.of("refusal"):
        for word in words_of(part["refusal"]):
            yield None, chunk({"refusal": word})
    for index, (ident, name, arguments) in enumerate(answer.calls):
        start = {"index": index, "id": ident, "type": "function", "function": {"name": name, "arguments": ""}}
        yield None, chunk({"tool_calls": [start]})
        for piece in halves(arguments):
            yield None, chunk({"tool_calls": [{"index": index, "function": {"arguments": piece}}]})
    yield None, answer.manner.dress(chunk({}, STOPS[answer.stop]), answer.request)
    if (answer.request.get("stream_options") or {}).get("include_usage"):
        yield None, base | {"choices": [], "usage": _chat_usage(answer)}
    yield None, "[DONE]"


# -- OpenAI Responses
def _items(answer):
    items = []
    for number, part in enumerate(answer.parts):
        if part["type"] == "thinking":
            item = {"type": "reasoning", "id": f"rs_scripted{number}", "summary": []}
            items.append(item | {"encrypted_content": part["signature"]})
        elif part["type"] == "tool_use":
            item = {"type": "function_call", "id": f"fc_scripted{number}", "status": "completed"}
            item["call_id"] = part["id"].replace("toolu_", "call_")
            items.append(item | {"name": part["name"], "arguments": compact(part["input"])})
        elif part["type"] in ("text", "refusal"):
            told = {"type": "refusal", "refusal": part.get("refusal")}
            if part["type"] == "text":
                told = {"type": "output_text", "text": part["text"], "annotations": [], "logprobs": []}
            item = {"type": "message", "id": f"msg_scripted{number}", "status": "completed", "role": "assistant"}
            items.append(item | {"content": [told]})
    return items


def _status(answer):
    """(status, incomplete_details) of the ended response."""
    if STOPS[answer.stop] == "length":
        return "incomplete", {"reason": "max_output_tokens"}
    return "completed", None


def response(answer, ended=True):
    status, details = _status(answer) if ended else ("in_progress", None)
    tokens = answer.tokens
    usage = {
        "input_tokens": tokens.prompt,
        "input_tokens_details": {"cached_tokens": tokens.read},
        "output_tokens": tokens.output,
        "output_tokens_details": {"reasoning_tokens": tokens.thinking},
        "total_tokens": tokens.prompt + tokens.output,
    }
    whole = {
        "id": "resp_scripted",
        "object": "response",
        "created_at": 1795300000,
        "status": status,
        "error": None,
        "incomplete_details": details,
        "instructions": None,
        "max_output_tokens": None,
        "model": answer.model,
        "output": _items(answer) if ended else [],
        "parallel_tool_calls": True,
        "previous_response_id": None,
        "reasoning": {"effort": None, "summary": None},
        "store": False,
        "temperature": 1.0,
        "text": {"format": {"type": "text"}},
        "tool_choice": "auto",
        "tools": [],
        "top_p": 1.0,
        "truncation": "disabled",
        "usage": usage if ended else None,
        "user": None,
        "metadata": {},
    }
    return answer.manner.dress(whole, answer.request) if ended else whole


def response_events(answer):
    number = 0

    def event(kind, **fields):
        nonlocal number
        number += 1
        return kind, {"type": kind, "sequence_number": number - 1, **fields}

    yield event("response.created", response=response(answer, ended=False))
    yield event("response.in_progress", response=response(answer, ended=False))
    for index, item in enumerate(_items(answer)):
        where = {"item_id": item["id"], "output_index": index}
        hollow = {"content": []} if item["type"] == "message" else {"arguments": ""} if "arguments" in item else {}
        yield event("response.output_item.added", output_index=index, item=item | hollow)
        if item["type"] == "message":
            yield from _part_events(event, where | {"content_index": 0}, item["content"][0])
        elif item["type"] == "function_call":
            for piece in halves(item["arguments"]):
                yield event("response.function_call_arguments.delta", **where, delta=piece)
            yield event("response.function_call_arguments.done", **where, arguments=item["arguments"])
        yield event("response.output_item.done", output_index=index, item=item)
    yield event(f"response.{_status(answer)[0]}", response=response(answer))


def _part_events(event, where, part):
    field, name, more = "text", "output_text", {"logprobs": []}
    if part["type"] == "refusal":
        field, name, more = "refusal", "refusal", {}
    yield event("response.content_part.added", **where, part=part | {field: ""})
    for word in words_of(part[field]):
        yield event(f"response.{name}.delta", **where, delta=word, **more)
    yield event(f"response.{name}.done", **where, **{field: part[field]}, **more)
    yield event("response.content_part.done", **where, part=part)


# -- any
def whole(dialect, answer):
    return {"anthropic": message, "openai_chat": completion, "openai_responses": response}[dialect](answer)


def events(dialect, answer, extras=True):
    """[(event name or None, data: a dict, or text), ...]. `extras`: a ping where Anthropic sends one."""
    if dialect == "anthropic":
        return list(message_events(answer, extras))
    return list(chunks(answer) if dialect == "openai_chat" else response_events(answer))
