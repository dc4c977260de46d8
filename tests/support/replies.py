"""What a scripted upstream can say: one answer in whichever dialect it was asked in, and every way of failing.

A behaviour is a function of an Exchange. `Reply` is the ordinary one; the functions below it make the others. Nothing
is random, so that two runs of one script give the same bytes.
"""

import gzip

from support import telling
from support.telling import VENDOR, call, compact, decline, redacted, say, think

# A test has the parts of an answer from here.
__all__ = ["call", "compact", "decline", "redacted", "say", "think"]

class Reply:
    """A successful answer made of parts. Options choose how it travels, never what it means.

    framing    chunked | length | close, for streams
    newline    how lines of the event stream end
    extras     True: a ping and a comment between events, as vendors send them
    zipped     gzip the body when the client accepts it
    pieces     cut the stream's bytes at these offsets, one write each; None: one write per event
    pause      {event number: Gate}: wait for the gate before that event

    `stop` is why it ended, in Anthropic's words (telling.STOPS); None: as its parts would have it.
    """

    def __init__(
        self,
        *parts,
        stop=None,
        framing="chunked",
        newline="\n",
        extras=True,
        zipped=False,
        pieces=None,
        pause=None,
    ):
        self.parts = [say(p) if isinstance(p, str) else p for p in parts] or [say("Done.")]
        self.stop = stop
        self.framing, self.newline, self.extras = framing, newline, extras
        self.zipped, self.pieces, self.pause = zipped, pieces, pause or {}

    def __call__(self, exchange):
        dialect = exchange.request.dialect
        headers = list(exchange.manner.headers(dialect))
        zipped = self.zipped and "gzip" in (exchange.request.headers.get("accept-encoding") or "")
        if zipped:
            headers.append(("Content-Encoding", "gzip"))
        if not exchange.wants_stream:
            body = compact(self.whole(dialect, exchange.request.json, exchange.manner)).encode()
            exchange.reply(200, gzip.compress(body, mtime=0) if zipped else body, headers)
            return
        events = self.events(dialect, exchange.request.json, exchange.manner)
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

    def told(self, request, manner=VENDOR):
        """The answer to a request (its JSON) in a server's manner."""
        return telling.Answer(self.parts, request, self.stop or telling.stop_of(self.parts), manner)

    def whole(self, dialect, request, manner=VENDOR):
        """The answer as one JSON object."""
        return telling.whole(dialect, self.told(request, manner))

    def events(self, dialect, request, manner=VENDOR):
        """The answer as a list of SSE events, each with its blank line."""
        out = []
        for number, (name, data) in enumerate(telling.events(dialect, self.told(request, manner), self.extras)):
            text = data if isinstance(data, str) else compact(data)
            lines = ([f"event: {name}"] if name else []) + [f"data: {text}", "", ""]
            out.append(self.newline.join(lines).encode())
            if self.extras and number == 0:
                out.append(f": keep-alive{self.newline}{self.newline}".encode())
        return out


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
        extra = list(exchange.manner.headers(exchange.request.dialect)) + list(headers)
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
        events = Reply("This will not be finished.").events(dialect, exchange.request.json, exchange.manner)[:after]
        kind, message = KINDS[status]
        if dialect == "anthropic":
            body = {"type": "error", "error": {"type": kind, "message": message}}
        elif dialect == "openai_chat":
            body = {"error": {"message": message, "type": kind, "param": None, "code": None}}
        else:
            body = {"type": "error", "sequence_number": 9, "code": kind, "message": message, "param": None}
        name = "" if dialect == "openai_chat" else "event: error\n"
        exchange.begin(200, [("Content-Type", "text/event-stream"), *exchange.manner.headers(dialect)])
        for event in [*events, f"{name}data: {compact(body)}\n\n".encode()]:
            exchange.write(event)
        exchange.finish()

    return behave


def cut_after(count, reply=None, framing="chunked", reset=False):
    """Sends the first `count` bytes of the answer's body and then drops the connection."""

    def behave(exchange):
        dialect, answer = exchange.request.dialect, reply or Reply("Cut short before its end.")
        if exchange.wants_stream:
            whole = b"".join(answer.events(dialect, exchange.request.json, exchange.manner))
            kind = "text/event-stream"
        else:
            whole = compact(answer.whole(dialect, exchange.request.json, exchange.manner)).encode()
            kind = "application/json"
        exchange.begin(200, [("Content-Type", kind), *exchange.manner.headers(dialect)], framing, len(whole))
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
        count = {"input_tokens": len(compact(request.json["messages"])) // 4}
        exchange.reply(200, compact(count).encode(), VENDOR.headers("anthropic"))
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
        exchange.reply(200, compact(page).encode(), VENDOR.headers("anthropic"))
    elif request.path == "/v1/models":
        models = [{"id": "gpt-scripted", "object": "model", "created": 1795300000, "owned_by": "scripted"}]
        exchange.reply(200, compact({"object": "list", "data": models}).encode(), VENDOR.headers("openai_chat"))
    elif request.path == "/v1/embeddings":
        vector = "AACAPwAAAEAAAEBA" if request.json.get("encoding_format") == "base64" else [1.0, 2.0, 3.0]
        data = [{"object": "embedding", "index": 0, "embedding": vector}]
        usage = {"prompt_tokens": 1, "total_tokens": 1}
        body = {"object": "list", "data": data, "model": request.model, "usage": usage}
        exchange.reply(200, compact(body).encode(), VENDOR.headers("openai_chat"))
    elif request.path in ("/", "/api/hello"):
        exchange.reply(200, b"" if request.method == "HEAD" else b"{}")
    else:
        body = {"type": "error", "error": {"type": "not_found_error", "message": f"scripted: {request.path}"}}
        exchange.reply(404, compact(body).encode())
