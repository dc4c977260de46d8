"""What a scripted upstream can say: one answer, told in whichever dialect it was asked in; and every way of failing.

A behaviour is a function of an Exchange. `Reply` is the ordinary one; the functions below it make the others. Nothing
is random, so that two runs of one script give the same bytes.
"""

import gzip
import json

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


def vendor_headers(dialect):
    return ANTHROPIC_HEADERS if dialect == "anthropic" else OPENAI_HEADERS


def compact(value):
    return json.dumps(value, separators=(",", ":"), ensure_ascii=False)


# Parts of an answer. A thinking part exists in the Anthropic dialect only; elsewhere it is reasoning, or left out.
def say(words):
    return {"type": "text", "text": words}


def think(words, signature="c2NyaXB0ZWQtc2lnbmF0dXJl"):
    return {"type": "thinking", "thinking": words, "signature": signature}


def call(name, arguments, number=1):
    return {"type": "tool_use", "id": f"toolu_scripted{number:04}", "name": name, "input": arguments}


class Reply:
    """A successful answer made of parts. Options choose how it travels, never what it means.

    framing    chunked | length | close, for streams
    newline    how lines of the event stream end
    extras     True: a ping and a comment between events, as vendors send them
    zipped     gzip the body when the client accepts it
    pieces     cut the stream's bytes at these offsets, one write each; None: one write per event
    pause      {event number: Gate}: wait for the gate before that event
    """

    def __init__(self, *parts, framing="chunked", newline="\n", extras=True, zipped=False, pieces=None, pause=None):
        self.parts = [say(p) if isinstance(p, str) else p for p in parts] or [say("Done.")]
        self.framing, self.newline, self.extras = framing, newline, extras
        self.zipped, self.pieces, self.pause = zipped, pieces, pause or {}

    def __call__(self, exchange):
        dialect = exchange.request.dialect
        headers = list(vendor_headers(dialect))
        zipped = self.zipped and "gzip" in (exchange.request.headers.get("accept-encoding") or "")
        if zipped:
            headers.append(("Content-Encoding", "gzip"))
        if not exchange.wants_stream:
            body = compact(self.whole(dialect, exchange.request.model)).encode()
            exchange.reply(200, gzip.compress(body, mtime=0) if zipped else body, headers)
            return
        events = self.events(dialect, exchange.request.json)
        writes = self.writes(events)
        if zipped:
            writes = [gzip.compress(b"".join(writes), mtime=0)]
        headers.insert(0, ("Content-Type", "text/event-stream; charset=utf-8"))
        exchange.begin(200, headers, self.framing, sum(map(len, writes)))
        for number, data in enumerate(writes):
            if number in self.pause and not exchange.hold(self.pause[number]):
                return
            exchange.write(data)
        exchange.finish()

    def writes(self, events):
        if self.pieces is None:
            return events
        whole = b"".join(events)
        cuts = [0, *sorted(c for c in set(self.pieces) if 0 < c < len(whole)), len(whole)]
        return [whole[a:b] for a, b in zip(cuts, cuts[1:])]

    def whole(self, dialect, model):
        """The answer as one JSON object."""
        return {"anthropic": self._message, "openai_chat": self._completion, "openai_responses": self._response}[
            dialect
        ](model)

    def events(self, dialect, request):
        """The answer as a list of SSE events, each with its blank line."""
        pairs = list(
            {"anthropic": self._message_events, "openai_chat": self._chunks, "openai_responses": self._response_events}[
                dialect
            ](request)
        )
        out = []
        for number, (name, data) in enumerate(pairs):
            text = data if isinstance(data, str) else compact(data)
            lines = ([f"event: {name}"] if name else []) + [f"data: {text}", "", ""]
            out.append(self.newline.join(lines).encode())
            if self.extras and number == 0:
                out.append(f": keep-alive{self.newline}{self.newline}".encode())
        return out

    # -- Anthropic Messages
    @property
    def _stop(self):
        return "tool_use" if any(p["type"] == "tool_use" for p in self.parts) else "end_turn"

    def _message(self, model):
        usage = {
            "input_tokens": 12,
            "cache_creation_input_tokens": 900,
            "cache_read_input_tokens": 4100,
            "cache_creation": {"ephemeral_5m_input_tokens": 900, "ephemeral_1h_input_tokens": 0},
            "output_tokens": 17,
            "service_tier": "standard",
        }
        return {
            "id": "msg_01Scripted",
            "type": "message",
            "role": "assistant",
            "model": model,
            "content": self.parts,
            "stop_reason": self._stop,
            "stop_sequence": None,
            "usage": usage,
        }

    def _message_events(self, request):
        message = self._message(request["model"])
        start = dict(message, content=[], stop_reason=None, usage=dict(message["usage"], output_tokens=1))
        yield "message_start", {"type": "message_start", "message": start}
        for index, part in enumerate(self.parts):
            empty, deltas = self._block(part)
            yield "content_block_start", {"type": "content_block_start", "index": index, "content_block": empty}
            if self.extras and index == 0:
                yield "ping", {"type": "ping"}
            for delta in deltas:
                yield "content_block_delta", {"type": "content_block_delta", "index": index, "delta": delta}
            yield "content_block_stop", {"type": "content_block_stop", "index": index}
        delta = {"stop_reason": self._stop, "stop_sequence": None}
        yield "message_delta", {"type": "message_delta", "delta": delta, "usage": {"output_tokens": 17}}
        yield "message_stop", {"type": "message_stop"}

    @staticmethod
    def _block(part):
        if part["type"] == "text":
            return dict(part, text=""), [{"type": "text_delta", "text": w} for w in words_of(part["text"])]
        if part["type"] == "thinking":
            deltas = [{"type": "thinking_delta", "thinking": w} for w in words_of(part["thinking"])]
            deltas.append({"type": "signature_delta", "signature": part["signature"]})
            return dict(part, thinking="", signature=""), deltas
        pieces = ["", *halves(compact(part["input"]))]
        return dict(part, input={}), [{"type": "input_json_delta", "partial_json": p} for p in pieces]

    # -- OpenAI chat
    def _calls(self):
        calls = [p for p in self.parts if p["type"] == "tool_use"]
        return [(c["id"].replace("toolu_", "call_"), c["name"], compact(c["input"])) for c in calls]

    @property
    def _words(self):
        return "".join(p["text"] for p in self.parts if p["type"] == "text")

    USAGE = {
        "prompt_tokens": 5012,
        "completion_tokens": 17,
        "total_tokens": 5029,
        "prompt_tokens_details": {"cached_tokens": 4100, "audio_tokens": 0},
        "completion_tokens_details": {"reasoning_tokens": 0, "audio_tokens": 0},
    }

    def _completion(self, model):
        message = {"role": "assistant", "content": self._words or None, "refusal": None}
        if self._calls():
            message["tool_calls"] = [
                {"id": i, "type": "function", "function": {"name": n, "arguments": a}} for i, n, a in self._calls()
            ]
        choice = {"index": 0, "message": message, "logprobs": None}
        choice["finish_reason"] = "tool_calls" if self._calls() else "stop"
        return self._chunk_base(model, "chat.completion") | {"choices": [choice], "usage": self.USAGE}

    @staticmethod
    def _chunk_base(model, kind):
        return {"id": "chatcmpl-Scripted", "object": kind, "created": 1795300000, "model": model}

    def _chunks(self, request):
        base = self._chunk_base(request["model"], "chat.completion.chunk")

        def chunk(delta, reason=None):
            return None, base | {"choices": [{"index": 0, "delta": delta, "logprobs": None, "finish_reason": reason}]}

        yield chunk({"role": "assistant", "content": "" if self._words else None, "refusal": None})
        for word in words_of(self._words):
            yield chunk({"content": word})
        for index, (ident, name, arguments) in enumerate(self._calls()):
            start = {"index": index, "id": ident, "type": "function", "function": {"name": name, "arguments": ""}}
            yield chunk({"tool_calls": [start]})
            for piece in halves(arguments):
                yield chunk({"tool_calls": [{"index": index, "function": {"arguments": piece}}]})
        yield chunk({}, "tool_calls" if self._calls() else "stop")
        if (request.get("stream_options") or {}).get("include_usage"):
            yield None, base | {"choices": [], "usage": self.USAGE}
        yield None, "[DONE]"

    # -- OpenAI Responses
    def _items(self):
        items = []
        for number, part in enumerate(self.parts):
            if part["type"] == "thinking":
                item = {"type": "reasoning", "id": f"rs_scripted{number}", "summary": []}
                items.append(item | {"encrypted_content": part["signature"]})
            elif part["type"] == "text":
                text = {"type": "output_text", "text": part["text"], "annotations": [], "logprobs": []}
                item = {"type": "message", "id": f"msg_scripted{number}", "status": "completed", "role": "assistant"}
                items.append(item | {"content": [text]})
            else:
                item = {"type": "function_call", "id": f"fc_scripted{number}", "status": "completed"}
                item["call_id"] = part["id"].replace("toolu_", "call_")
                items.append(item | {"name": part["name"], "arguments": compact(part["input"])})
        return items

    def _response(self, model, status="completed"):
        usage = {
            "input_tokens": 5012,
            "input_tokens_details": {"cached_tokens": 4100},
            "output_tokens": 17,
            "output_tokens_details": {"reasoning_tokens": 0},
            "total_tokens": 5029,
        }
        done = status == "completed"
        return {
            "id": "resp_scripted",
            "object": "response",
            "created_at": 1795300000,
            "status": status,
            "error": None,
            "incomplete_details": None,
            "instructions": None,
            "max_output_tokens": None,
            "model": model,
            "output": self._items() if done else [],
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
            "usage": usage if done else None,
            "user": None,
            "metadata": {},
        }

    def _response_events(self, request):
        number = 0

        def event(kind, **fields):
            nonlocal number
            number += 1
            return kind, {"type": kind, "sequence_number": number - 1, **fields}

        started = self._response(request["model"], "in_progress")
        yield event("response.created", response=started)
        yield event("response.in_progress", response=started)
        for index, item in enumerate(self._items()):
            where = {"item_id": item["id"], "output_index": index}
            hollow = {"content": []} if item["type"] == "message" else {"arguments": ""} if "arguments" in item else {}
            yield event("response.output_item.added", output_index=index, item=item | hollow)
            if item["type"] == "message":
                part = item["content"][0]
                where["content_index"] = 0
                yield event("response.content_part.added", **where, part=part | {"text": ""})
                for word in words_of(part["text"]):
                    yield event("response.output_text.delta", **where, delta=word, logprobs=[])
                yield event("response.output_text.done", **where, text=part["text"], logprobs=[])
                yield event("response.content_part.done", **where, part=part)
            elif item["type"] == "function_call":
                for piece in halves(item["arguments"]):
                    yield event("response.function_call_arguments.delta", **where, delta=piece)
                yield event("response.function_call_arguments.done", **where, arguments=item["arguments"])
            yield event("response.output_item.done", output_index=index, item=item)
        yield event("response.completed", response=self._response(request["model"]))


def words_of(text):
    """'a b c' -> 'a ', 'b ', 'c': what a stream of tokens looks like."""
    words = text.split(" ")
    return [w + " " for w in words[:-1]] + words[-1:]


def halves(text):
    return text[: len(text) // 2], text[len(text) // 2 :]


# -- failures
KINDS = {
    400: ("invalid_request_error", "messages.0.content: this scripted vendor dislikes it"),
    401: ("authentication_error", "invalid x-api-key"),
    403: ("permission_error", "not yours"),
    404: ("not_found_error", "model: no such model"),
    413: ("request_too_large", "Request exceeds the maximum size"),
    429: ("rate_limit_error", "This request would exceed your account's rate limit."),
    500: ("api_error", "Internal server error"),
    529: ("overloaded_error", "Overloaded"),
}


def error_body(dialect, status):
    kind, message = KINDS[status]
    if dialect == "anthropic":
        body = {
            "type": "error",
            "error": {"type": kind, "message": message},
            "request_id": "req_011CScripted0000000001",
        }
    else:
        code = {401: "invalid_api_key", 404: "model_not_found", 429: "rate_limit_exceeded"}.get(status)
        body = {"error": {"message": message, "type": kind, "param": None, "code": code}}
    return compact(body).encode()


def refuse(status, retry_after=None, should_retry=None, headers=()):
    """An HTTP error as that dialect's vendor words it."""

    def behave(exchange):
        extra = list(vendor_headers(exchange.request.dialect)) + list(headers)
        if retry_after is not None:
            extra.append(("retry-after", str(retry_after)))
        if should_retry is not None:
            extra.append(("x-should-retry", "true" if should_retry else "false"))
        exchange.reply(status, error_body(exchange.request.dialect, status), extra)

    return behave


def fail_midstream(status=529, after=3):
    """A stream that starts well, then says in the dialect's own error event that it cannot go on, and ends cleanly."""

    def behave(exchange):
        dialect = exchange.request.dialect
        events = Reply("This will not be finished.").events(dialect, exchange.request.json)[:after]
        kind, message = KINDS[status]
        if dialect == "anthropic":
            body = {"type": "error", "error": {"type": kind, "message": message}}
        elif dialect == "openai_chat":
            body = {"error": {"message": message, "type": kind, "param": None, "code": None}}
        else:
            body = {"type": "error", "sequence_number": 9, "code": kind, "message": message, "param": None}
        name = "" if dialect == "openai_chat" else "event: error\n"
        exchange.begin(200, [("Content-Type", "text/event-stream"), *vendor_headers(dialect)])
        for event in [*events, f"{name}data: {compact(body)}\n\n".encode()]:
            exchange.write(event)
        exchange.finish()

    return behave


def cut_after(count, reply=None, framing="chunked", reset=False):
    """Sends the first `count` bytes of the answer's body and then drops the connection."""

    def behave(exchange):
        dialect, answer = exchange.request.dialect, reply or Reply("Cut short before its end.")
        if exchange.wants_stream:
            whole, kind = b"".join(answer.events(dialect, exchange.request.json)), "text/event-stream"
        else:
            whole, kind = compact(answer.whole(dialect, exchange.request.model)).encode(), "application/json"
        exchange.begin(200, [("Content-Type", kind), *vendor_headers(dialect)], framing, len(whole))
        exchange.write(whole[:count])
        exchange.cut(reset)

    return behave


def raw(data, then="keep"):
    """Exactly these bytes on the wire, head included; then keep the connection, or cut it."""

    def behave(exchange):
        exchange.sock.sendall(data)
        if then == "cut":
            exchange.cut()

    return behave


def never(exchange):
    """Takes the request and says nothing until the peer goes."""
    exchange.hold()


def everything_else(exchange):
    """The answers to counts, lists, embeddings and probes."""
    request = exchange.request
    anthropic = request.headers.get("anthropic-version") is not None
    if request.path == "/v1/messages/count_tokens":
        exchange.reply(
            200, compact({"input_tokens": len(compact(request.json["messages"])) // 4}).encode(), ANTHROPIC_HEADERS
        )
    elif request.path == "/v1/models" and anthropic:
        models = [
            {
                "type": "model",
                "id": "claude-scripted-1",
                "display_name": "Scripted",
                "created_at": "2026-11-01T00:00:00Z",
            }
        ]
        page = {"data": models, "has_more": False, "first_id": models[0]["id"], "last_id": models[0]["id"]}
        exchange.reply(200, compact(page).encode(), ANTHROPIC_HEADERS)
    elif request.path == "/v1/models":
        models = [{"id": "gpt-scripted", "object": "model", "created": 1795300000, "owned_by": "scripted"}]
        exchange.reply(200, compact({"object": "list", "data": models}).encode(), OPENAI_HEADERS)
    elif request.path == "/v1/embeddings":
        vector = "AACAPwAAAEAAAEBA" if request.json.get("encoding_format") == "base64" else [1.0, 2.0, 3.0]
        data = [{"object": "embedding", "index": 0, "embedding": vector}]
        usage = {"prompt_tokens": 1, "total_tokens": 1}
        body = {"object": "list", "data": data, "model": request.model, "usage": usage}
        exchange.reply(200, compact(body).encode(), OPENAI_HEADERS)
    elif request.path in ("/", "/api/hello"):
        exchange.reply(200, b"" if request.method == "HEAD" else b"{}")
    else:
        body = {"type": "error", "error": {"type": "not_found_error", "message": f"scripted: {request.path}"}}
        exchange.reply(404, compact(body).encode())
