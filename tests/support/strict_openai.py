"""The strict vendor of chat completions and of Responses. See strict.py for what a strict vendor is."""

import re

from support.strict import Refused, Signing, StrictVendor

REASONS = re.compile(r"(gpt-[5-9]|o\d)")  # models that reason: they refuse what would steer their sampling
CHAT_FIELDS = {
    "model", "messages", "audio", "frequency_penalty", "function_call", "functions", "logit_bias", "logprobs",
    "max_completion_tokens", "max_tokens", "metadata", "modalities", "moderation", "n", "parallel_tool_calls",
    "prediction", "presence_penalty", "prompt_cache_key", "prompt_cache_options", "prompt_cache_retention",
    "reasoning_effort", "response_format", "safety_identifier", "seed", "service_tier", "stop", "store", "stream",
    "stream_options", "temperature", "tool_choice", "tools", "top_logprobs", "top_p", "user", "verbosity",
    "web_search_options",
}  # fmt: skip
RESPONSE_FIELDS = {
    "model", "input", "background", "client_metadata", "context_management", "conversation", "include", "instructions",
    "max_output_tokens", "max_tool_calls", "metadata", "moderation", "parallel_tool_calls", "previous_response_id",
    "prompt", "prompt_cache_key", "prompt_cache_options", "prompt_cache_retention", "reasoning", "safety_identifier",
    "service_tier", "store", "stream", "stream_options", "temperature", "text", "tool_choice", "tools", "top_logprobs",
    "top_p", "truncation", "user",
}  # fmt: skip
MESSAGE_FIELDS = {
    "system": {"content", "name"},
    "developer": {"content", "name"},
    "user": {"content", "name"},
    "assistant": {"content", "name", "refusal", "tool_calls", "function_call", "audio", "annotations"}
    # `parsed` is what the vendor's own SDK adds to a message that its user sends back; the others are what clients of
    # other servers send back, which nothing says is refused.
    | {"parsed", "reasoning_content", "reasoning"},
    "tool": {"content", "tool_call_id", "name"},
}
PARTS = {"text", "image_url", "input_audio", "file", "refusal"}
EFFORTS = ("none", "minimal", "low", "medium", "high", "xhigh", "max")
NAME = re.compile(r"[a-zA-Z0-9_-]+")
PREFIXES = {"message": "msg", "function_call": "fc", "reasoning": "rs"}


def too_long(where, limit, value):
    return Refused(
        f"Invalid '{where}': string too long. Expected a string with maximum length {limit}, but got a string with "
        f"length {len(value)} instead.",
        param=where,
        code="string_above_max_length",
    )


def empty_array(where):
    return Refused(
        f"Invalid '{where}': empty array. Expected an array with minimum length 1, but got an empty array instead.",
        param=where,
        code="empty_array",
    )


def no_match(where):
    return Refused(
        f"Invalid '{where}': string does not match pattern. Expected a string that matches the pattern "
        "'^[a-zA-Z0-9_-]+$'.",
        param=where,
        code="invalid_value",
    )


def wrong_type(where, expected, got):
    words = f"Invalid type for '{where}': expected {expected}, but got {got} instead."
    return Refused(words, param=where, code="invalid_type")


def unsupported(field, instead=""):
    words = f"Unsupported parameter: '{field}' is not supported with this model.{instead}"
    return Refused(words, param=field, code="unsupported_parameter")


class StrictOpenAI(StrictVendor):
    """api.openai.com as it behaves towards requests: /v1/chat/completions and /v1/responses.

    Encrypted reasoning is bound to the vendor's name, as the real one is to an organisation.
    """

    dialects, vendor = ("openai_chat", "openai_responses"), "openai"

    def __init__(self, name="openai", script=None, context=None):
        super().__init__(name, script, Signing(name), context)

    def check(self, request):
        if not request.is_ask:
            return
        if request.dialect == "anthropic":
            raise Refused(f"Invalid URL (POST {request.path})", 404)
        if not request.headers.get("authorization"):
            raise Refused("You didn't provide an API key.", 401)
        body = request.json
        if "model" not in body:
            raise Refused("you must provide a model parameter", param="model")
        if not re.match(r"gpt-|o\d", body["model"]):
            missing = f"The model `{body['model']}` does not exist or you do not have access to it."
            raise Refused(missing, 404, code="model_not_found")
        if request.dialect == "openai_chat":
            check_chat(body)
        else:
            check_response(body, self.manner.made)
        if self.context and self.tokens(request) > self.context:
            raise Refused(
                f"This model's maximum context length is {self.context} tokens. However, your messages resulted in "
                f"{self.tokens(request)} tokens. Please reduce the length of the messages.",
                param="messages" if request.dialect == "openai_chat" else "input",
                code="context_length_exceeded",
            )

    def error(self, request, refused):
        said = {"message": refused.message, "type": "invalid_request_error"}
        return {"error": said | {"param": refused.param, "code": refused.code}}


# -- chat
def check_chat(body):
    if unknown := [f for f in body if f not in CHAT_FIELDS]:
        plural = "s" if len(unknown) > 1 else ""
        raise Refused(f"Unrecognized request argument{plural} supplied: {', '.join(unknown)}")
    _sampling(body)
    if not body.get("messages"):
        raise empty_array("messages")
    for at, message in enumerate(body["messages"]):
        _message(f"messages[{at}]", at, message)
    _calls_and_results(body["messages"])
    _functions(body, [tool.get("function", {}) for tool in body.get("tools") or []], "tools[{}].function")
    wanted = body.get("response_format") or {}
    if wanted.get("type") == "json_schema":
        _json_schema(wanted.get("json_schema") or {}, "response_format.json_schema", "response_format")


def _sampling(body):
    if REASONS.match(body["model"]):
        if body.get("max_tokens") is not None:
            raise unsupported("max_tokens", " Use 'max_completion_tokens' instead.")
        if body.get("stop") is not None:
            raise unsupported("stop")
        for field in ("temperature", "top_p"):
            if body.get(field, 1) not in (None, 1):
                raise Refused(
                    f"Unsupported value: '{field}' does not support {body[field]} with this model. Only the default "
                    "(1) value is supported.",
                    param=field,
                    code="unsupported_value",
                )
    if "stream_options" in body and not body.get("stream"):
        words = "The 'stream_options' parameter is only allowed when 'stream' is enabled."
        raise Refused(words, param="stream_options")
    if body.get("reasoning_effort") is not None and body["reasoning_effort"] not in EFFORTS:
        words = f"Invalid value: '{body['reasoning_effort']}'. Supported values are: {', '.join(EFFORTS)}."
        raise Refused(words, param="reasoning_effort", code="invalid_value")
    if body.get("stop") is not None and not isinstance(body["stop"], str) and not 1 <= len(body["stop"]) <= 4:
        words = "Invalid 'stop': array too long. Expected an array with maximum length 4."
        raise Refused(words, param="stop", code="array_above_max_length")


def _message(where, at, message):
    role = message.get("role")
    if role not in MESSAGE_FIELDS:
        roles = "'system', 'assistant', 'user', 'function', 'tool', and 'developer'"
        words = f"Invalid value: '{role}'. Supported values are: {roles}."
        raise Refused(words, param=f"{where}.role", code="invalid_value")
    for field in message:
        if field != "role" and field not in MESSAGE_FIELDS[role]:
            raise Refused(f"Unknown parameter: '{where}.{field}'.", param=f"{where}.{field}", code="unknown_parameter")
    content, calls = message.get("content"), message.get("tool_calls")
    if content is None and not (role == "assistant" and (calls or message.get("refusal"))):
        words = "Invalid value for 'content': expected a string, got null."
        raise Refused(words, param=f"messages.[{at}].content")
    for index, part in enumerate(content if isinstance(content, list) else []):
        if part.get("type") not in PARTS or (role in ("tool", "system") and part["type"] != "text"):
            words = f"Invalid value: '{part.get('type')}'."
            raise Refused(words, param=f"{where}.content[{index}].type", code="invalid_value")
        if part["type"] == "image_url" and not isinstance(part["image_url"], dict):
            raise wrong_type(f"{where}.content[{index}].image_url", "an object", "a string")
    if calls == []:
        raise empty_array(f"{where}.tool_calls")
    for index, call in enumerate(calls or []):
        if len(call["id"]) > 40:
            raise too_long(f"{where}.tool_calls[{index}].id", 40, call["id"])
        if not isinstance(call["function"]["arguments"], str):
            raise wrong_type(f"{where}.tool_calls[{index}].function.arguments", "a string", "an object")


def _calls_and_results(messages):
    """Tool messages stand directly behind the calls that they answer, and every call is answered."""
    open_calls = []
    for at, message in enumerate([*messages, {"role": "end"}]):
        if message["role"] == "tool":
            if message.get("tool_call_id") not in open_calls:
                raise Refused(
                    "Invalid parameter: messages with role 'tool' must be a response to a preceeding message with "
                    "'tool_calls'.",
                    param=f"messages.[{at}].role",
                )
            open_calls.remove(message["tool_call_id"])
            continue
        if open_calls:
            raise Refused(
                "An assistant message with 'tool_calls' must be followed by tool messages responding to each "
                f"'tool_call_id'. The following tool_call_ids did not have response messages: {', '.join(open_calls)}",
                param="messages",
            )
        open_calls = [call["id"] for call in message.get("tool_calls") or []]


def _functions(body, functions, where):
    if body.get("tools") == []:
        raise empty_array("tools")
    for field in ("tool_choice", "parallel_tool_calls"):
        if body.get(field) is not None and not body.get("tools"):
            words = f"Invalid value for '{field}': '{field}' is only allowed when 'tools' are specified."
            raise Refused(words, param=field)
    for at, function in enumerate(functions):
        name = function.get("name") or ""
        if not NAME.fullmatch(name):
            raise no_match(f"{where.format(at)}.name")
        if len(name) > 64:
            raise too_long(f"{where.format(at)}.name", 64, name)
        schema = function.get("parameters")
        if schema is not None and schema.get("type") != "object":
            words = "schema must be a JSON Schema of 'type: \"object\"', got 'type: \"{}\"'.".format(schema.get("type"))
            words = f"Invalid schema for function '{name}': {words}"
            raise Refused(words, param=f"{where.format(at)}.parameters", code="invalid_function_parameters")
        if function.get("strict"):
            _strict_schema(schema or {}, f"function '{name}'", f"{where.format(at)}.parameters")


def _json_schema(wanted, where, param):
    for field in ("name", "schema"):
        if not wanted.get(field):
            words = f"Missing required parameter: '{where}.{field}'."
            raise Refused(words, param=f"{where}.{field}", code="missing_required_parameter")
    if not NAME.fullmatch(wanted["name"]) or len(wanted["name"]) > 64:
        raise no_match(f"{where}.name")
    if wanted.get("strict"):
        _strict_schema(wanted["schema"], f"response_format '{wanted['name']}'", param)


def _strict_schema(schema, what, param):
    """A strict schema closes every object and requires all that it has."""
    if schema.get("type") == "object":
        wrong = None
        missing = sorted(set(schema.get("properties") or {}) - set(schema.get("required") or []))
        if schema.get("additionalProperties") is not False:
            wrong = "'additionalProperties' is required to be supplied and to be false."
        elif missing:
            wrong = (
                "'required' is required to be supplied and to be an array including every key in properties. "
                f"Missing '{missing[0]}'."
            )
        if wrong:
            words = f"Invalid schema for {what}: In context=(), {wrong}"
            raise Refused(words, param=param, code="invalid_json_schema")
    for inner in [*(schema.get("properties") or {}).values(), schema.get("items")]:
        if isinstance(inner, dict):
            _strict_schema(inner, what, param)


# -- Responses
def check_response(body, made):
    """`made`: the encrypted reasoning that this vendor made."""
    for field in body:
        if field not in RESPONSE_FIELDS:
            raise Refused(f"Unknown parameter: '{field}'.", param=field, code="unknown_parameter")
    if body.get("previous_response_id"):
        words = f"Previous response with id '{body['previous_response_id']}' not found."
        raise Refused(words, param="previous_response_id", code="previous_response_not_found")
    if (body.get("max_output_tokens") or 16) < 16:
        raise Refused(
            "Invalid 'max_output_tokens': integer below minimum value. Expected a value >= 16, but got "
            f"{body['max_output_tokens']} instead.",
            param="max_output_tokens",
            code="integer_below_min_value",
        )
    functions = [tool for tool in body.get("tools") or [] if tool["type"] == "function"]
    _functions(body, functions, "tools[{}]")
    wanted = (body.get("text") or {}).get("format") or {}
    if wanted.get("type") == "json_schema":
        _json_schema(wanted, "text.format", "text.format.schema")
    items = body["input"] if isinstance(body["input"], list) else []
    for at, item in enumerate(items):
        _item(f"input[{at}]", item, made)
    _reasoning_is_followed(items)
    _outputs(items)


def _item(where, item, made):
    prefix = PREFIXES.get(item.get("type", "message"))
    if prefix and item.get("id") is not None and not item["id"].startswith(prefix):
        words = f"Invalid '{where}.id': '{item['id']}'. Expected an ID that begins with '{prefix}'."
        raise Refused(words, param=f"{where}.id", code="invalid_value")
    if item.get("type") == "function_call" and len(item["call_id"]) > 64:
        raise too_long(f"{where}.call_id", 64, item["call_id"])
    if item.get("type") != "reasoning":
        return
    sealed = item.get("encrypted_content")
    if sealed is None:
        raise Refused(
            f"Item with id '{item['id']}' not found. Items are not persisted when `store` is set to false. Try again "
            "with `store` set to true, or remove this item from your input.",
            404,
            param="input",
        )
    if sealed not in made:
        raise Refused(
            f"The encrypted content {sealed[:8]}... could not be verified. Reason: Encrypted content could not be "
            "decrypted or parsed.",
            code="invalid_encrypted_content",
        )


def _reasoning_is_followed(items):
    for item, following in zip(items, [*items[1:], {}]):
        made_by_model = following.get("type") in ("function_call", "reasoning") or following.get("role") == "assistant"
        if item.get("type") == "reasoning" and not made_by_model:
            raise Refused(
                f"Item '{item['id']}' of type 'reasoning' was provided without its required following item.",
                param="input",
            )


def _outputs(items):
    called = [i["call_id"] for i in items if i.get("type") == "function_call"]
    answered = [i["call_id"] for i in items if i.get("type") == "function_call_output"]
    for ident in answered:
        if ident not in called:
            raise Refused(f"No tool call found for function call output with call_id {ident}.", param="input")
    for ident in called:
        if ident not in answered:
            raise Refused(f"No tool output found for function call {ident}.", param="input")
