"""Vendors that enforce their own rules. A scripted server that takes everything proves nothing about what it was sent.

A strict vendor reads every generation request as the real service does, and answers what breaks a rule with the real
status and the real words; only a request without fault reaches the script. Its signatures are its own: it knows those
that it made, for which model and which words, and refuses every other. So a test of any client against it ends with
`assert vendor.refusals == []`.

`StrictAnthropic` is below, `StrictOpenAI` in strict_openai.py.
"""

import base64
import hashlib
import re

from support.replies import Reply, everything_else
from support.telling import Manner, compact
from support.upstream import Script, Upstream


class Refused(Exception):
    """A rule is broken. `param` and `code` are said in OpenAI's errors only."""

    def __init__(self, message, status=400, param=None, code=None):
        super().__init__(message)
        self.message, self.status, self.param, self.code = message, status, param, code


class Signing(Manner):
    """Signs thinking with signatures that are its own: made from the maker's name, the model and the words.

    `bind_prefix`: and from everything that stood before them in the conversation, as preserved thinking is bound.
    """

    def __init__(self, maker, prefix_of=None):
        """`prefix_of(request)`: what a signature is bound to beside model and words; None: nothing."""
        self.maker, self.prefix_of = maker, prefix_of
        self.made = {}  # signature -> (model, words, prefix)

    def sign(self, words, request):
        prefix = self.prefix_of(request) if self.prefix_of else ""
        about = (request["model"], words, prefix)
        digest = hashlib.sha256(compact([self.maker, *about]).encode()).digest()
        signature = base64.b64encode(digest).decode()
        self.made[signature] = about
        return signature


class StrictVendor(Upstream):
    """`refusals` holds (request, message) of everything that was refused. `context`: how many tokens it takes."""

    def __init__(self, name, script, manner, context=None):
        self.manner = manner
        self.context = context
        self.refusals = []
        super().__init__(name, script or Script(default=Reply("All is well.")), everything_else)

    @property
    def table(self):
        """As it stands in basin.toml."""
        return {"name": self.name, "base_url": self.url, "dialects": list(self.dialects), "vendor": self.vendor}

    def answer(self, exchange):
        request = exchange.request
        try:
            self.check(request)
        except Refused as refused:
            self.refusals.append((request, refused.message))
            body = self.error(request, refused)
            exchange.reply(refused.status, compact(body).encode(), self.manner.headers(request.dialect or "anthropic"))
            return
        super().answer(exchange)

    def tokens(self, request):
        """What the prompt is counted at: a token for every four bytes of the request."""
        return len(request.body) // 4

    def check(self, request):
        raise NotImplementedError

    def error(self, request, refused):
        raise NotImplementedError


# What a model takes as a `system` turn amid the messages: Opus 4.8 and everything after it.
TAKES_SYSTEM_TURNS = re.compile(r"claude-(opus-4-[89]|[a-z]+-5)")
FIELDS = {
    "model", "messages", "max_tokens", "system", "tools", "tool_choice", "stream", "temperature", "top_p", "top_k",
    "stop_sequences", "thinking", "output_config", "metadata", "service_tier", "cache_control", "container",
    "inference_geo",
}  # fmt: skip
# A field that is taken only with its beta flag: what that flag begins with.
BETA_FIELDS = {
    "context_management": "context-management-",
    "mcp_servers": "mcp-client-",
    "speed": "fast-mode-",
    "tags": "request-tags-",
    "safeguards": "dangerous-tool-use-",
    "output_format": "structured-outputs-",
}
BLOCKS = {
    "user": {"text", "image", "document", "tool_result", "search_result", "container_upload"},
    "assistant": {"text", "thinking", "redacted_thinking", "tool_use", "server_tool_use", "web_search_tool_result"},
    "system": {"text"},
}
BLOCK_FIELDS = {
    "text": {"text", "citations"},
    "thinking": {"thinking", "signature"},
    "redacted_thinking": {"data"},
    "tool_use": {"id", "name", "input", "caller"},
    "tool_result": {"tool_use_id", "content", "is_error"},
}
PICTURES = ("image/jpeg", "image/png", "image/gif", "image/webp")
THINKING_FIRST = (
    "When `thinking` is enabled, a final `assistant` message must start with a thinking block (preceeding the lastmost "
    "set of `tool_use` and `tool_result` blocks). We recommend you include thinking blocks from previous turns. To "
    "avoid this requirement, disable `thinking`."
)


class StrictAnthropic(StrictVendor):
    """api.anthropic.com as it behaves towards requests: /v1/messages and /v1/messages/count_tokens."""

    dialects, vendor = ("anthropic",), "anthropic"

    def __init__(self, name="anthropic", script=None, bind_prefix=False, context=None):
        """`bind_prefix`: thinking is bound to everything before it, as the newest models bind it."""
        super().__init__(name, script, Signing(name, self._whole_prefix if bind_prefix else None), context)

    def check(self, request):
        if request.method != "POST" or not request.path.startswith("/v1/messages"):
            return
        counts = request.path.endswith("/count_tokens")
        body = request.json
        self._head(request)
        self._fields(body, request.headers.get("anthropic-beta") or "", counts)
        self._turns(body)
        self._tools(body)
        self._exchanges(body)
        self._thinking(body)
        if self.context and not counts and self.tokens(request) > self.context:
            raise Refused(f"prompt is too long: {self.tokens(request)} tokens > {self.context} maximum")

    def error(self, request, refused):
        kind = {401: "authentication_error", 404: "not_found_error"}.get(refused.status, "invalid_request_error")
        said = {"type": kind, "message": refused.message}
        return {"type": "error", "error": said, "request_id": "req_011CScripted0000000001"}

    # -- the rules
    @staticmethod
    def _head(request):
        if not request.headers.get("x-api-key") and not request.headers.get("authorization"):
            raise Refused("x-api-key header is required", 401)
        if not request.headers.get("anthropic-version"):
            raise Refused("anthropic-version: header is required")

    def _fields(self, body, betas, counts):
        betas = [b.strip() for b in betas.split(",")]
        known = FIELDS | {f for f, flag in BETA_FIELDS.items() if any(b.startswith(flag) for b in betas)}
        if counts:
            known = known - {"max_tokens", "stream", "metadata", "stop_sequences", "temperature", "top_p", "top_k"}
        for field in body:
            if field not in known:
                raise Refused(f"{field}: Extra inputs are not permitted")
        for field in ("model", "messages") if counts else ("model", "messages", "max_tokens"):
            if field not in body:
                raise Refused(f"{field}: Field required")
        if not body["model"].startswith("claude-"):
            raise Refused(f"model: {body['model']}", 404)
        if not counts and body["max_tokens"] < 1:
            raise Refused("max_tokens: Input should be greater than or equal to 1")
        marks = compact(body).count('"cache_control":{')
        if marks > 4:
            raise Refused(f"A maximum of 4 blocks with cache_control may be provided. Found {marks}.")

    def _turns(self, body):
        if not body["messages"]:
            raise Refused("messages: at least one message is required")
        for at, turn in enumerate(body["messages"]):
            if turn["role"] not in BLOCKS:
                raise Refused(f"messages.{at}.role: Input should be 'user' or 'assistant'")
            if turn["role"] == "system" and not TAKES_SYSTEM_TURNS.match(body["model"]):
                raise Refused(
                    'messages: Unexpected role "system". The Messages API accepts a top-level `system` parameter, '
                    'not "system" as an input message role.'
                )
            if set(turn) - {"role", "content", "output_config"}:
                extra = sorted(set(turn) - {"role", "content", "output_config"})[0]
                raise Refused(f"messages.{at}.{extra}: Extra inputs are not permitted")
            if not turn["content"]:
                raise Refused(f"messages.{at}: all messages must have non-empty content")
            for index, block in enumerate(blocks_of(turn)):
                self._block(f"messages.{at}.content.{index}", turn["role"], block)
        if body["messages"][0]["role"] != "user":
            raise Refused('messages: first message must use the "user" role')
        for block in blocks_of({"content": body.get("system") or []}):
            self._text("system", block)

    def _block(self, where, role, block):
        kind = block.get("type")
        if kind not in BLOCKS[role]:
            raise Refused(f"{where}: Input tag '{kind}' found using 'type' does not match any of the expected tags")
        for field in block:
            if kind in BLOCK_FIELDS and field not in BLOCK_FIELDS[kind] | {"type", "cache_control"}:
                raise Refused(f"{where}.{kind}.{field}: Extra inputs are not permitted")
        if kind == "text":
            self._text("messages", block)
        elif kind == "image" and block["source"]["type"] == "base64":
            if block["source"].get("media_type") not in PICTURES:
                raise Refused(
                    f"{where}.image.source.base64.media_type: Input should be 'image/jpeg', 'image/png', 'image/gif' "
                    "or 'image/webp'"
                )
        elif kind == "tool_use":
            if not isinstance(block.get("input"), dict):
                raise Refused(f"{where}.tool_use.input: Input should be a valid dictionary")
            if not re.fullmatch(r"[a-zA-Z0-9_-]+", block["id"]):
                raise Refused(f"{where}.tool_use.id: String should match pattern '^[a-zA-Z0-9_-]+$'")
        elif kind == "tool_result":
            for index, inner in enumerate(blocks_of(block)):
                if inner["type"] == "text":
                    self._text(f"{where}.tool_result.content.{index}", inner)

    @staticmethod
    def _text(where, block):
        if not block["text"]:
            raise Refused(f"{where}: text content blocks must be non-empty")
        if not block["text"].strip():
            raise Refused(f"{where}: text content blocks must contain non-whitespace text")

    @staticmethod
    def _tools(body):
        tools = body.get("tools") or []
        for at, tool in enumerate(tools):
            if tool.get("type", "custom") == "custom":
                if not re.fullmatch(r"[a-zA-Z0-9_-]{1,128}", tool["name"]):
                    raise Refused(f"tools.{at}.custom.name: String should match pattern '^[a-zA-Z0-9_-]{{1,128}}$'")
                if "input_schema" not in tool:
                    raise Refused(f"tools.{at}.custom.input_schema: Field required")
                if tool["input_schema"].get("type") != "object":
                    raise Refused(f"tools.{at}.custom.input_schema.type: Input should be 'object'")
        names = [t["name"] for t in tools]
        if len(names) != len(set(names)):
            raise Refused("tools: Tool names must be unique.")
        if "tool_choice" in body and not tools:
            raise Refused("tool_choice may only be specified while providing tools")

    @staticmethod
    def _exchanges(body):
        turns = merged(body["messages"])
        for at, turn in enumerate(turns):
            _tool_results(at, turn, turns[at - 1] if at else None)
            _tool_uses(at, turn, turns[at + 1] if at + 1 < len(turns) else None)

    def _thinking(self, body):
        wish = body.get("thinking") or {}
        if wish.get("type") == "enabled":
            if wish.get("budget_tokens", 0) < 1024:
                raise Refused("thinking.enabled.budget_tokens: Input should be greater than or equal to 1024")
            if body.get("max_tokens", 1 << 30) <= wish["budget_tokens"]:
                raise Refused("`max_tokens` must be greater than `thinking.budget_tokens`.")
        if wish.get("type") not in ("enabled", "adaptive"):
            for at, edit in enumerate((body.get("context_management") or {}).get("edits") or []):
                if edit["type"].startswith("clear_thinking_"):
                    words = f"`{edit['type']}` strategy requires `thinking` to be enabled"
                    raise Refused(f"context_management.edits.{at}: {words}")
        else:
            if body.get("temperature", 1) != 1:
                raise Refused("`temperature` may only be set to 1 when thinking is enabled.")
            if (body.get("tool_choice") or {}).get("type") in ("any", "tool"):
                raise Refused("Thinking may not be enabled when tool_choice forces tool use.")
        for at, turn in enumerate(body["messages"]):
            for index, block in enumerate(blocks_of(turn)):
                if block["type"] in ("thinking", "redacted_thinking"):
                    self._own(f"messages.{at}.content.{index}", block, body, at)
        if wish.get("type") == "enabled":
            _begins_with_thinking(merged(body["messages"]))

    def _own(self, where, block, body, at):
        """A block of thinking is one that this vendor made, for this model, and nobody changed it since."""
        field, words = ("signature", block.get("thinking")) if block["type"] == "thinking" else ("data", "")
        if field not in block:
            raise Refused(f"{where}.{block['type']}.{field}: Field required")
        model, made, prefix = self.manner.made.get(block[field], (None, None, None))
        if (model, made) != (body["model"], words):
            raise Refused(f"{where}: Invalid `{field}` in `{block['type']}` block")
        if prefix and prefix != _prefix(body, at):
            raise Refused(f"{where}: Invalid `{field}` in `{block['type']}` block: bound to a different conversation")

    @staticmethod
    def _whole_prefix(body):
        return _prefix(body, len(body["messages"]))


def blocks_of(turn):
    """The blocks of a turn or of a tool's result: a plain text is one block."""
    content = turn.get("content") or []
    return [{"type": "text", "text": content}] if isinstance(content, str) else content


def merged(messages):
    """The turns as the service sees them: neighbours of one role are one turn."""
    turns = []
    for message in messages:
        if turns and turns[-1]["role"] == message["role"]:
            turns[-1]["content"] = turns[-1]["content"] + blocks_of(message)
        else:
            turns.append({"role": message["role"], "content": blocks_of(message)})
    return turns


def ids_of(turn, kind, field):
    return [b[field] for b in blocks_of(turn or {}) if b["type"] == kind]


def _tool_results(at, turn, before):
    called = ids_of(before, "tool_use", "id")
    others = False
    for index, block in enumerate(blocks_of(turn)):
        if block["type"] != "tool_result":
            others = True
        elif block["tool_use_id"] not in called:
            raise Refused(
                f"messages.{at}.content.{index}: unexpected `tool_use_id` found in `tool_result` blocks: "
                f"{block['tool_use_id']}. Each `tool_result` block must have a corresponding `tool_use` block in the "
                "previous message."
            )
        elif others:
            raise Refused(f"messages.{at}: `tool_result` blocks must come first in the content of a user message")


def _tool_uses(at, turn, after):
    called = ids_of(turn, "tool_use", "id")
    if len(called) != len(set(called)):
        raise Refused(f"messages.{at}: `tool_use` ids must be unique")
    answered = ids_of(after, "tool_result", "tool_use_id")
    if len(answered) != len(set(answered)):
        raise Refused(f"messages.{at + 1}: each tool_use must have a single result.")
    if missing := [i for i in called if i not in answered]:
        raise Refused(
            f"messages.{at}: `tool_use` ids were found without `tool_result` blocks immediately after: "
            f"{', '.join(missing)}. Each `tool_use` block must have a corresponding `tool_result` block in the next "
            "message."
        )


def _begins_with_thinking(turns):
    """Where thinking is enabled, an open tool exchange begins with it: the answer to the last words of a person. What
    the model says between one tool and the next may do without."""
    at = len(turns)
    for index in range(len(turns) - 1, -1, -1):
        if turns[index]["role"] == "user" and not ids_of(turns[index], "tool_result", "tool_use_id"):
            break
        if turns[index]["role"] == "assistant":
            at = index
    if at == len(turns):
        return
    first = turns[at]["content"][0]["type"]
    if first not in ("thinking", "redacted_thinking"):
        raise Refused(
            f"messages.{at}.content.0.type: Expected `thinking` or `redacted_thinking`, but found `{first}`. "
            + THINKING_FIRST
        )


def _prefix(body, at):
    """What thinking is bound to: everything before the message `at`, less cache marks, with plain texts as blocks."""

    def bare(value):
        if isinstance(value, dict):
            return {k: bare(v) for k, v in value.items() if k != "cache_control"}
        return [bare(v) for v in value] if isinstance(value, list) else value

    turns = [{"role": m["role"], "content": blocks_of(m)} for m in body["messages"][:at]]
    told = bare([blocks_of({"content": body.get("system")}), body.get("tools") or [], turns])
    return hashlib.sha256(compact(told).encode()).hexdigest()
