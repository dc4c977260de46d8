"""An event stream taken apart, by the standard's rules: for tests that ask what a client would see."""

import json


def events(data):
    """[(event name or None, data text), ...]; an unfinished last event is dropped, as clients do."""
    text = data.decode("utf-8", "replace").replace("\r\n", "\n").replace("\r", "\n")
    out = []
    for block in text.split("\n\n")[:-1]:
        name, lines = None, []
        for line in block.split("\n"):
            field, _, value = line.partition(":")
            value = value[1:] if value.startswith(" ") else value
            if field == "event":
                name = value
            elif field == "data":
                lines.append(value)
        if lines:
            out.append((name, "\n".join(lines)))
    return out


def error_of(dialect, data):
    """The error a client of that dialect finds in the stream: (type, message), or None."""
    for name, text in events(data):
        try:
            value = json.loads(text)
        except ValueError:
            continue
        if dialect == "anthropic" and name == "error" and value.get("type") == "error":
            return value["error"]["type"], value["error"]["message"]
        if dialect == "openai_chat" and isinstance(value, dict) and value.get("error"):
            return value["error"].get("type"), value["error"]["message"]
        if dialect == "openai_responses" and value.get("type") == "error":
            return value.get("code"), value["message"]
        if dialect == "openai_responses" and value.get("type") == "response.failed":
            return value["response"]["error"]["code"], value["response"]["error"]["message"]
    return None
