"""Model servers as people run them: each kind with endpoints, words for what goes wrong, and silences of its own.

A kind is a subclass of `LocalServer` with a table of routes; what it answers to a generation request is a script, as
everywhere (replies.py), so a test says what happens and the kind says how that looks. Nothing here loads a model or
waits for time to pass: a cold model is loaded when the test opens its gate.

    Ollama      cuts a prompt that is too long, silently: only its usage tells; loads on demand
    LlamaCpp    one model with slots; 503 while it loads; says by how much a prompt is too long
    LmStudio    answers 200 to what it does not know
    Vllm        a model's length in its list; errors in words of its own
    ChatOnly    what calls itself OpenAI-compatible: chat and a list of models, and no field that it has not heard of
"""

import threading
from dataclasses import dataclass

from support.replies import Reply
from support.telling import Manner, Tokens, compact
from support.upstream import Gate, Script, Upstream


@dataclass
class Model:
    """A model on a local server. `context` is in force, `trained` what it could have; geometry of a usual 4B model."""

    name: str = "qwen3:4b"
    context: int = 32_768
    trained: int = 262_144
    loaded: bool = True
    can: tuple = ("completion", "tools", "thinking")
    architecture: str = "qwen3"
    width: int = 2560
    layers: int = 36
    heads: int = 32
    kv_heads: int = 8
    parameters: int = 4_022_468_096
    bytes: int = 2_497_293_931
    vocabulary: int = 151_936
    quantisation: str = "Q4_K_M"


class LocalManner(Manner):
    """No vendor's header fields, no signatures, no prices; the prompt is counted."""

    plain_usage = True

    def __init__(self, server, reasoning_field):
        self.server, self.reasoning_field = server, reasoning_field

    def headers(self, dialect):
        return self.server.fields

    def sign(self, words, request):
        return ""

    def tokens(self, request):
        return Tokens(fresh=self.server.counted(request), written=0, read=0)

    def dress(self, value, request):
        return self.server.dress(value, request)


def error_of_openai(message, kind, code=None, **more):
    return {"error": {"message": message, "type": kind, "param": None, "code": code, **more}}


def error_of_anthropic(message, kind):
    return {"type": "error", "error": {"type": kind, "message": message}}


class LocalServer(Upstream):
    """A server with models. `refusals` holds (request, message) of the generation requests that it did not take."""

    dialects = ("anthropic", "openai_chat", "openai_responses")
    fields = ()  # header fields of every answer
    reasoning_field = "reasoning_content"
    counts_tokens = False  # has /v1/messages/count_tokens
    kind = "local"

    def __init__(self, *models, script=None, name=None, slots=1, port=0):
        self.models = list(models) or [Model()]
        self.slots = slots
        self.loading = Gate()  # a cold model is loaded when a test opens this
        self.refusals = []
        self.busy = 0  # generation requests being answered
        self._lock = threading.Lock()
        self.manner = LocalManner(self, self.reasoning_field)
        super().__init__(name or self.kind, script or Script(default=Reply("All is well.")), port=port)

    # -- what a test or a configuration asks
    @property
    def table(self):
        """As it stands in basin.toml."""
        return {"name": self.name, "base_url": self.url, "dialects": list(self.dialects)}

    def model(self, name):
        return next((m for m in self.models if m.name == name), None)

    # -- answering
    def answer(self, exchange):
        request = exchange.request
        if request.is_ask and request.dialect in self.dialects:
            self._ask(exchange) if request.json else self.nothing_asked(exchange)
            return
        if request.path == "/v1/messages/count_tokens" and self.counts_tokens:
            self.say(exchange, {"input_tokens": self.estimate(request.json)})
            return
        route = self.routes().get((request.method, request.path))
        if route:
            route(exchange)
        else:
            self.unknown(exchange)

    def nothing_asked(self, exchange):
        """The fault that is found with an empty object, which is how discovery learns that an endpoint is there."""
        if exchange.request.dialect == "anthropic":
            self.say(exchange, error_of_anthropic("model is required", "invalid_request_error"), 400)
        else:
            self.say(exchange, error_of_openai("'messages' is required", "invalid_request_error"), 400)

    def _ask(self, exchange):
        with self._lock:
            self.busy += 1
        try:
            if self.ready(exchange):
                self.script.take()(exchange)
        finally:
            with self._lock:
                self.busy -= 1

    def ready(self, exchange):
        """Whether the request can be answered; if not, it has been told why."""
        model = self.model(exchange.request.model)
        if model is None:
            self.no_such_model(exchange)
            return False
        if not model.loaded:
            if not exchange.hold(self.loading):
                return False
            model.loaded = True
        return True

    def refuse(self, exchange, status, message, kind, **more):
        """An error in the shape of the dialect that was asked in."""
        self.refusals.append((exchange.request, message))
        if exchange.request.dialect == "anthropic":
            self.say(exchange, error_of_anthropic(message, kind), status)
        else:
            self.say(exchange, error_of_openai(message, kind, **more), status)

    def no_such_model(self, exchange):
        self.refuse(exchange, 404, f"model '{exchange.request.model}' not found", "not_found_error")

    def say(self, exchange, value, status=200):
        exchange.reply(status, compact(value).encode(), self.fields)

    def routes(self):
        return {("GET", "/v1/models"): self.list_models}

    def unknown(self, exchange):
        exchange.reply(404, b"404 page not found", self.fields, "text/plain")

    def list_models(self, exchange):
        self.say(exchange, {"object": "list", "data": [self.listed(m) for m in self.models]})

    def listed(self, model):
        return {"id": model.name, "object": "model", "created": 1795300000, "owned_by": self.kind}

    # -- counting
    def estimate(self, request):
        """A token for every four bytes of what the model reads."""
        read = [request.get(k) for k in ("system", "instructions", "messages", "input", "tools")]
        return len(compact(read)) // 4

    def counted(self, request):
        """What the usage says of the prompt."""
        return self.estimate(request)

    def dress(self, value, request):
        return value


class Ollama(LocalServer):
    """Loads a model when it is asked for, and reads no more of a prompt than fits, without a word."""

    kind = "ollama"
    reasoning_field = "reasoning"

    def routes(self):
        return super().routes() | {
            ("GET", "/"): lambda e: e.reply(200, b"Ollama is running", content_type="text/plain; charset=utf-8"),
            ("HEAD", "/"): lambda e: e.begin(200, framing="length", length=17),
            ("GET", "/api/version"): lambda e: self.say(e, {"version": "0.14.2"}),
            ("GET", "/api/tags"): lambda e: self.say(e, {"models": [self._tag(m) for m in self.models]}),
            ("GET", "/api/ps"): lambda e: self.say(e, {"models": [self._running(m) for m in self.models if m.loaded]}),
            ("POST", "/api/show"): self._show,
            ("POST", "/api/generate"): self._load,
        }

    def nothing_asked(self, exchange):
        if exchange.request.dialect == "openai_responses":
            self.say(exchange, error_of_openai("model '' not found", "not_found_error"), 404)
        else:
            super().nothing_asked(exchange)

    def listed(self, model):
        return super().listed(model) | {"owned_by": "library"}

    def counted(self, request):
        return min(self.estimate(request), self.model(request["model"]).context)

    def _details(self, model):
        return {
            "parent_model": "",
            "format": "gguf",
            "family": model.architecture,
            "families": [model.architecture],
            "parameter_size": f"{model.parameters / 1e9:.1f}B",
            "quantization_level": model.quantisation,
        }

    def _tag(self, model):
        tag = {"name": model.name, "model": model.name, "modified_at": "2026-11-01T10:00:00Z", "size": model.bytes}
        return tag | {"digest": "359d7dd4bcdab3d86b87d73ac27966f4dbb9f5efdfcc75d34a8764a09474fae7"} | {
            "details": self._details(model)
        }

    def _running(self, model):
        tag = self._tag(model) | {"expires_at": "2026-11-25T12:00:00Z", "size_vram": model.bytes}
        return tag | {"context_length": model.context}

    def _show(self, exchange):
        wanted = exchange.request.json.get("model") or exchange.request.json.get("name")
        model = self.model(wanted)
        if model is None:
            self.say(exchange, {"error": f"model '{wanted}' not found"}, 404)
            return
        arch = model.architecture
        info = {
            "general.architecture": arch,
            "general.parameter_count": model.parameters,
            "general.file_type": 15,
            f"{arch}.context_length": model.trained,
            f"{arch}.embedding_length": model.width,
            f"{arch}.block_count": model.layers,
            f"{arch}.attention.head_count": model.heads,
            f"{arch}.attention.head_count_kv": model.kv_heads,
            "tokenizer.ggml.tokens": None,
        }
        shown = {"license": "", "modelfile": "", "parameters": "", "template": "{{ .Prompt }}"}
        shown |= {"details": self._details(model), "model_info": info, "capabilities": list(model.can)}
        self.say(exchange, shown | {"modified_at": "2026-11-01T10:00:00Z"})

    def _load(self, exchange):
        """An empty prompt loads a model; `keep_alive` 0 takes it out."""
        wish = exchange.request.json
        model = self.model(wish["model"])
        if model is None:
            self.say(exchange, {"error": f"model '{wish['model']}' not found"}, 404)
            return
        model.loaded = wish.get("keep_alive") != 0
        done = {"model": model.name, "created_at": "2026-11-25T10:00:00Z", "response": "", "done": True}
        self.say(exchange, done | {"done_reason": "load" if model.loaded else "unload"})


class LlamaCpp(LocalServer):
    """llama-server: one model under whatever name it is asked for, some slots, a door that is shut while it loads."""

    kind = "llamacpp"
    fields = (("Server", "llama.cpp"),)
    counts_tokens = True

    def routes(self):
        return super().routes() | {
            ("GET", "/health"): self._health,
            ("GET", "/props"): self._props,
            ("GET", "/slots"): self._slots,
            ("GET", "/models"): self.list_models,
        }

    @property
    def only(self):
        return self.models[0]

    def _unavailable(self, exchange, message):
        self.say(exchange, error_of_openai(message, "unavailable_error", 503), 503)

    def ready(self, exchange):
        if not self.only.loaded:
            self.refusals.append((exchange.request, "Loading model"))
            self._unavailable(exchange, "Loading model")
            return False
        prompt = self.estimate(exchange.request.json)
        if prompt <= self.only.context:
            return True
        words = f"request ({prompt} tokens) exceeds the available context size ({self.only.context} tokens), try "
        self.refusals.append((exchange.request, words + "increasing it"))
        sizes = {"n_prompt_tokens": prompt, "n_ctx": self.only.context}
        self.say(exchange, error_of_openai(words + "increasing it", "exceed_context_size_error", 400, **sizes), 400)
        return False

    def _health(self, exchange):
        if self.only.loaded:
            self.say(exchange, {"status": "ok"})
        else:
            self._unavailable(exchange, "Loading model")

    def _props(self, exchange):
        if not self.only.loaded:
            self._unavailable(exchange, "Loading model")
            return
        settings = {"id": 0, "n_ctx": self.only.context, "speculative": False, "is_processing": False}
        props = {"default_generation_settings": settings, "total_slots": self.slots, "model_alias": self.only.name}
        props |= {"model_path": f"/models/{self.only.name}.gguf", "chat_template": "{{ messages }}"}
        props |= {"modalities": {"vision": "vision" in self.only.can, "audio": False}, "build_info": "b7300-0a1b2c3"}
        self.say(exchange, props | {"is_sleeping": False})

    def _slots(self, exchange):
        if "fail_on_no_slot=1" in exchange.request.target and self.busy >= self.slots:
            self._unavailable(exchange, "no slot available")
            return
        slots = [{"id": i, "n_ctx": self.only.context, "is_processing": i < self.busy} for i in range(self.slots)]
        self.say(exchange, slots)

    def listed(self, model):
        meta = {"vocab_type": 2, "n_vocab": model.vocabulary, "n_ctx_train": model.trained, "n_embd": model.width}
        meta |= {"n_params": model.parameters, "size": model.bytes}
        return super().listed(model) | {"meta": meta}

    def dress(self, value, request):
        if not value.get("object", "").startswith("chat."):
            return value
        prompt = self.estimate(request)
        timings = {"cache_n": 0, "prompt_n": prompt, "prompt_ms": 31.2, "prompt_per_second": 320.0}
        return value | {"timings": timings | {"predicted_n": 17, "predicted_ms": 425.0, "predicted_per_second": 40.0}}


class LmStudio(LocalServer):
    """Several models with a context of their own each. What it does not know it answers with 200 and an error."""

    kind = "lmstudio"

    def routes(self):
        return super().routes() | {
            ("GET", "/api/v1/models"): lambda e: self.say(e, {"models": [self._described(m) for m in self.models]}),
        }

    def unknown(self, exchange):
        request = exchange.request
        self.say(exchange, {"error": f"Unexpected endpoint or method. ({request.method} {request.path})"})

    def nothing_asked(self, exchange):
        self.say(exchange, {"error": "'messages' field is required"}, 400)

    def listed(self, model):
        return super().listed(model) | {"owned_by": "organization_owner"}

    def no_such_model(self, exchange):
        words = f'Invalid model identifier "{exchange.request.model}". Please specify a valid downloaded model.'
        self.refuse(exchange, 400, words, "invalid_request_error", code="model_not_found")

    def ready(self, exchange):
        if not super().ready(exchange):
            return False
        prompt, context = self.estimate(exchange.request.json), self.model(exchange.request.model).context
        if prompt <= context:
            return True
        words = (
            f"Trying to keep the first {prompt} tokens when context the overflows. However, the model is loaded with "
            f"context length of only {context} tokens, which is not enough. Try to load the model with a larger "
            "context length, or provide a shorter input"
        )
        self.refuse(exchange, 400, words, "invalid_request_error")
        return False

    def _described(self, model):
        instance = {"id": model.name, "config": {"context_length": model.context, "flash_attention": True}}
        return {
            "type": "llm",
            "publisher": "qwen",
            "key": model.name,
            "display_name": model.name,
            "architecture": model.architecture,
            "quantization": {"name": model.quantisation, "bits_per_weight": 4},
            "size_bytes": model.bytes,
            "params_string": f"{model.parameters / 1e9:.0f}B",
            "loaded_instances": [instance] if model.loaded else [],
            "max_context_length": model.trained,
            "format": "gguf",
            "capabilities": {"vision": "vision" in model.can, "trained_for_tool_use": "tools" in model.can},
        }


class Vllm(LocalServer):
    """One model, many slots, and prompts refused that leave no room for the answer."""

    kind = "vllm"
    fields = (("Server", "uvicorn"),)
    reasoning_field = "reasoning"
    counts_tokens = True

    def routes(self):
        return super().routes() | {
            ("GET", "/version"): lambda e: self.say(e, {"version": "0.13.0"}),
            ("GET", "/health"): lambda e: e.reply(200, b"", self.fields),
            ("GET", "/load"): lambda e: self.say(e, {"server_load": self.busy}),
        }

    def unknown(self, exchange):
        self.say(exchange, {"detail": "Not Found"}, 404)

    def listed(self, model):
        more = {"root": f"Qwen/{model.name}", "parent": None, "max_model_len": model.context, "permission": []}
        return super().listed(model) | more

    def no_such_model(self, exchange):
        words = f"The model `{exchange.request.model}` does not exist."
        self.refuse(exchange, 404, words, "NotFoundError", code=404)

    def ready(self, exchange):
        if not super().ready(exchange):
            return False
        wish, context = exchange.request.json, self.model(exchange.request.model).context
        answer = wish.get("max_completion_tokens") or wish.get("max_tokens") or 0
        prompt = self.estimate(wish)
        if prompt + answer <= context:
            return True
        words = (
            f"This model's maximum context length is {context} tokens. However, you requested {prompt + answer} tokens "
            f"({prompt} in the messages, {answer} in the completion). Please reduce the length of the messages or "
            "completion."
        )
        self.refuse(exchange, 400, words, "BadRequestError", code=400)
        return False


class ChatOnly(LocalServer):
    """Chat completions and a list of models, as they were years ago; a field that it has not heard of is a mistake."""

    kind = "chatonly"
    dialects = ("openai_chat",)
    FIELDS = {
        "model", "messages", "max_tokens", "temperature", "top_p", "stop", "stream", "n", "presence_penalty",
        "frequency_penalty", "seed", "user", "tools", "tool_choice", "response_format",
    }  # fmt: skip
    ROLES = ("system", "user", "assistant", "tool")

    def __init__(self, *models, knows=(), **how):
        """`knows`: fields that it takes beside the oldest ones."""
        self.fields_known = self.FIELDS | set(knows)
        super().__init__(*models, **how)

    def ready(self, exchange):
        if not super().ready(exchange):
            return False
        for where, words in self._unheard_of(exchange.request.json):
            self.refusals.append((exchange.request, f"{where}: {words}"))
            detail = {"type": "extra_forbidden", "loc": ["body", *where], "msg": words}
            self.say(exchange, {"detail": [detail]}, 422)
            return False
        return True

    def _unheard_of(self, wish):
        for field in wish:
            if field not in self.fields_known:
                yield [field], "Extra inputs are not permitted"
        for at, message in enumerate(wish["messages"]):
            if message["role"] not in self.ROLES:
                yield ["messages", at, "role"], "Input should be 'system', 'user', 'assistant' or 'tool'"
