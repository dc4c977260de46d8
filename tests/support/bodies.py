"""Request bodies as clients write them: one conversation, told in any dialect."""

import json

from support.basin import CLIENT_KEY

PATHS = {
    "anthropic": "/v1/messages",
    "openai_chat": "/v1/chat/completions",
    "openai_responses": "/v1/responses",
}
VENDORS = {"anthropic": "anthropic", "openai_chat": "openai", "openai_responses": "openai"}
ALL = tuple(PATHS)


def headers(dialect, key=CLIENT_KEY):
    """What that vendor's SDK sends at least."""
    if dialect == "anthropic":
        return [("x-api-key", key), ("anthropic-version", "2023-06-01"), ("content-type", "application/json")]
    return [("Authorization", f"Bearer {key}"), ("content-type", "application/json")]


def user(text):
    return {"role": "user", "content": text}


def assistant(text):
    return {"role": "assistant", "content": text}


def body(dialect, model, *messages, session=None, stream=False, **more):
    """messages: strings alternate user and assistant, dicts stand as they are."""
    turns = [m if isinstance(m, dict) else (user, assistant)[i % 2](m) for i, m in enumerate(messages)]
    if dialect == "anthropic":
        out = {"model": model, "max_tokens": 1024, "messages": turns}
        if session:
            out["metadata"] = {"user_id": json.dumps({"device_id": "d", "account_uuid": "", "session_id": session})}
    elif dialect == "openai_chat":
        out = {"model": model, "messages": turns}
    else:
        out = {"model": model, "input": turns, "store": False}
    if session and dialect != "anthropic":
        out["prompt_cache_key"] = session
    if stream:
        out["stream"] = True
    return out | more


def wire(value):
    """As most SDKs serialise: compact, UTF-8 unescaped."""
    return json.dumps(value, separators=(",", ":"), ensure_ascii=False).encode()


# A tool exchange in each dialect: what the model called, and what the client answers with.
def called(dialect, name="Bash", arguments=None, thinking=None):
    """The assistant's turn that called a tool, as the client sends it back: a list of messages or items."""
    arguments = arguments or {"command": "ls"}
    if dialect == "anthropic":
        thought = [{"type": "thinking", "thinking": thinking, "signature": "c2ln"}] if thinking else []
        use = {"type": "tool_use", "id": "toolu_1", "name": name, "input": arguments}
        return [{"role": "assistant", "content": [*thought, use]}]
    if dialect == "openai_chat":
        function = {"name": name, "arguments": json.dumps(arguments)}
        call = {"id": "call_1", "type": "function", "function": function}
        return [{"role": "assistant", "content": None, "tool_calls": [call]}]
    thought = [{"type": "reasoning", "id": "rs_1", "summary": [], "encrypted_content": "c2ln"}] if thinking else []
    return [*thought, {"type": "function_call", "call_id": "call_1", "name": name, "arguments": json.dumps(arguments)}]


def result(dialect, text):
    """The tool's answer: a list of messages or items."""
    if dialect == "anthropic":
        return [{"role": "user", "content": [{"type": "tool_result", "tool_use_id": "toolu_1", "content": text}]}]
    if dialect == "openai_chat":
        return [{"role": "tool", "tool_call_id": "call_1", "content": text}]
    return [{"type": "function_call_output", "call_id": "call_1", "output": text}]
