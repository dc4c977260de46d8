"""What a client hears: an answer of any dialect read back, whole or streamed, with the dialect's grammar checked.

The opposite of telling.py, and written against what the vendors' clients rely on, not against telling.py. `heard`
gives one value for one answer however it travelled, so that a whole answer can be held against the streamed one, and a
translated one against the original.
"""

import json
from dataclasses import dataclass

from support.sse import events

STOPS = {
    "end_turn": "end",
    "stop_sequence": "end",
    "stop": "end",
    "completed": "end",
    "tool_use": "tool",
    "tool_calls": "tool",
    "max_tokens": "length",
    "model_context_window_exceeded": "length",
    "length": "length",
    "max_output_tokens": "length",
    "refusal": "refusal",
    "content_filter": "refusal",
}


@dataclass
class Heard:
    """`parts`: ("text" | "thinking" | "refusal", words) and ("call", name, arguments), in order; `stop`: see STOPS."""

    parts: list
    stop: str
    prompt_tokens: int | None  # all of the prompt, cached or not; None: not told
    output_tokens: int | None

    def without(self, *kinds):
        """The parts less those kinds: what a dialect or a server has no place for."""
        return [p for p in self.parts if p[0] not in kinds]

    @property
    def words(self):
        return "".join(p[1] for p in self.parts if p[0] == "text")

    @property
    def calls(self):
        return [p[1:] for p in self.parts if p[0] == "call"]


def heard(dialect, body, stream):
    """`body`: the bytes of a response of status 200. AssertionError where its grammar is broken."""
    told = {"anthropic": _message, "openai_chat": _completion, "openai_responses": _response}[dialect]
    return told(gathered(dialect, body) if stream else json.loads(body))


def gathered(dialect, body):
    """The object that a stream adds up to, as the vendors' SDKs gather it."""
    return {"anthropic": _message_of, "openai_chat": _completion_of, "openai_responses": _response_of}[dialect](body)


def _all_of(usage, *names):
    return sum(usage.get(name) or 0 for name in names) if usage else None


# -- whole answers
def _message(message):
    assert message["type"] == "message" and message["role"] == "assistant" and message["id"]
    refused = message["stop_reason"] == "refusal"
    parts = []
    for block in message["content"]:
        if block["type"] == "text":
            parts.append(("refusal" if refused else "text", block["text"]))
        elif block["type"] == "thinking":
            parts.append(("thinking", block["thinking"]))
        elif block["type"] == "tool_use":
            assert block["id"] and isinstance(block["input"], dict)
            parts.append(("call", block["name"], block["input"]))
    usage = message["usage"]
    prompt = _all_of(usage, "input_tokens", "cache_creation_input_tokens", "cache_read_input_tokens")
    return Heard(parts, STOPS[message["stop_reason"]], prompt, usage["output_tokens"])


def _completion(completion):
    assert completion["object"] == "chat.completion" and completion["id"] and len(completion["choices"]) == 1
    choice = completion["choices"][0]
    said = choice["message"]
    assert said["role"] == "assistant"
    parts = [("thinking", said[f]) for f in ("reasoning_content", "reasoning") if said.get(f)]
    parts += [("text", said["content"])] if said.get("content") else []
    parts += [("refusal", said["refusal"])] if said.get("refusal") else []
    for call in said.get("tool_calls") or []:
        assert call["id"] and call["type"] == "function"
        parts.append(("call", call["function"]["name"], json.loads(call["function"]["arguments"])))
    assert said.get("tool_calls") != [], "an empty list of calls turns text into a call in some clients"
    stop = "refusal" if said.get("refusal") else STOPS[choice["finish_reason"]]
    usage = completion.get("usage") or {}
    return Heard(parts, stop, usage.get("prompt_tokens"), usage.get("completion_tokens"))


def _response(response):
    assert response["object"] == "response" and response["id"]
    parts = []
    for item in response["output"]:
        if item["type"] == "message":
            for part in item["content"]:
                refused = part["type"] == "refusal"
                parts.append(("refusal", part["refusal"]) if refused else ("text", part["text"]))
        elif item["type"] == "function_call":
            assert item["call_id"]
            parts.append(("call", item["name"], json.loads(item["arguments"])))
        elif item["type"] == "reasoning":
            words = [p["text"] for p in [*item.get("summary", []), *(item.get("content") or [])]]
            parts += [("thinking", "".join(words))] if words else []
    stop = STOPS[(response.get("incomplete_details") or {}).get("reason") or response["status"]]
    if stop == "end" and any(p[0] == "call" for p in parts):
        stop = "tool"
    if any(p[0] == "refusal" for p in parts):
        stop = "refusal"
    usage = response.get("usage") or {}
    return Heard(parts, stop, usage.get("input_tokens"), usage.get("output_tokens"))


# -- streams, by the rules that clients rely on
def _message_of(body):
    message, block, ended = None, None, False
    for name, data in events(body):
        event = json.loads(data)
        assert name == event["type"], "the line `event:` names the type"
        assert not ended, f"{name} behind message_stop"
        if name == "ping":
            continue
        if name == "message_start":
            assert message is None, "one message_start"
            message = event["message"]
            assert message["content"] == [] and message["stop_reason"] is None and message["usage"]
            continue
        assert message is not None, f"{name} before message_start"
        if name == "content_block_start":
            assert block is None and event["index"] == len(message["content"]), "blocks follow one another"
            assert message["stop_reason"] is None
            block = dict(event["content_block"], pieces="")
        elif name == "content_block_delta":
            assert block is not None and event["index"] == len(message["content"])
            _add(block, event["delta"])
        elif name == "content_block_stop":
            assert block is not None and event["index"] == len(message["content"])
            pieces = block.pop("pieces")
            if block["type"] == "tool_use":
                assert block["input"] == {}, "a call starts empty"
                block["input"] = json.loads(pieces or "{}")
            message["content"].append(block)
            block = None
        elif name == "message_delta":
            assert block is None and message["stop_reason"] is None
            message |= event["delta"]
            message["usage"] |= event["usage"]
        elif name == "message_stop":
            assert message["stop_reason"] is not None
            ended = True
        else:
            raise AssertionError(f"unknown event {name}")
    assert ended, "no message_stop"
    return message


FIELDS = {"text_delta": "text", "thinking_delta": "thinking", "signature_delta": "signature"}
DELTAS = {
    "text": ["text_delta"],
    "thinking": ["thinking_delta", "signature_delta"],
    "tool_use": ["input_json_delta"],
}


def _add(block, delta):
    assert delta["type"] in DELTAS[block["type"]], f"{delta['type']} in a block of {block['type']}"
    if delta["type"] == "input_json_delta":
        block["pieces"] += delta["partial_json"]
    else:
        field = FIELDS[delta["type"]]
        block[field] = block.get(field, "") + delta[field]


def _completion_of(body):
    told = events(body)
    assert told[-1] == (None, "[DONE]"), "the end is [DONE]"
    chunks = [json.loads(data) for _, data in told[:-1]]
    assert len({c["id"] for c in chunks}) == 1 and {c["object"] for c in chunks} == {"chat.completion.chunk"}
    said, calls, reason, usage = {"role": None}, [], None, None
    for chunk in chunks:
        usage = chunk.get("usage") or usage
        for choice in chunk["choices"]:
            assert choice["index"] == 0 and reason is None, "nothing behind finish_reason"
            for field, value in choice["delta"].items():
                if field == "tool_calls":
                    for call in value:
                        _call(calls, call)
                elif field == "role":
                    assert said["role"] in (None, value)
                    said["role"] = value
                elif value is not None:
                    said[field] = (said.get(field) or "") + value
            reason = choice["finish_reason"]
        if not chunk["choices"]:
            assert reason, "usage comes last"
    assert reason
    if calls:
        said["tool_calls"] = calls
    choice = {"index": 0, "message": said, "finish_reason": reason}
    return chunks[0] | {"object": "chat.completion", "choices": [choice], "usage": usage}


def _call(calls, piece):
    if piece["index"] == len(calls):
        assert piece["id"] and piece["type"] == "function" and piece["function"]["name"], "id and name come first"
        function = {"name": piece["function"]["name"], "arguments": ""}
        calls.append({"id": piece["id"], "type": "function", "function": function})
    else:
        assert not piece["function"].get("name"), "a name is said once: clients put pieces of it together"
    assert piece["index"] == len(calls) - 1, "calls follow one another"
    calls[-1]["function"]["arguments"] += piece["function"].get("arguments") or ""


def _response_of(body):
    told = [json.loads(data) for name, data in events(body)]
    assert [name for name, _ in events(body)] == [e["type"] for e in told]
    assert [e["sequence_number"] for e in told] == list(range(len(told))), "events are counted"
    assert told[0]["type"] == "response.created"
    assert told[-1]["type"] in ("response.completed", "response.incomplete")
    done, open_item, pieces = [], None, {}
    for event in told:
        kind = event["type"]
        if kind == "response.output_item.added":
            assert open_item is None and event["output_index"] == len(done), "items follow one another"
            open_item = event["item"]
        elif kind.endswith(".delta"):
            assert event["item_id"] == open_item["id"] and event["output_index"] == len(done)
            key = (kind.removesuffix(".delta"), event["output_index"])
            pieces[key] = pieces.get(key, "") + event["delta"]
        elif kind == "response.output_item.done":
            assert event["output_index"] == len(done) and event["item"]["id"] == open_item["id"]
            done.append(event["item"])
            open_item = None
    assert open_item is None
    whole = told[-1]["response"]
    assert whole["output"] == done, "the end repeats what was streamed"
    for (kind, index), words in pieces.items():
        item = done[index]
        if kind == "response.function_call_arguments":
            assert item["arguments"] == words
        elif kind == "response.output_text":
            assert "".join(p["text"] for p in item["content"] if p["type"] == "output_text") == words
    return whole
