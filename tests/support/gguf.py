"""Writes a tiny GGUF: a llama of some thousand parameters, drawn from a fixed seed, that a real llama-server loads.

    python3 tests/support/gguf.py FILE              a model that answers, if only nonsense
    python3 tests/support/gguf.py FILE --parts 3    the same in FILE-00001-of-00003.gguf and so on

What it says is noise, but it says it as every model does: tokens, a chat template, an end. Bytes are its vocabulary, so
that any text can be said to it.
"""

import argparse
import random
import struct
import sys
from pathlib import Path

U32, F32, STRING, ARRAY, I32, BOOL = 4, 6, 8, 9, 5, 7
TENSOR_F32 = 0
ALIGNMENT = 32
SEED = 4100

WIDTH, LAYERS, HEADS, KV_HEADS, HEAD_DIM, FEED_FORWARD = 32, 2, 4, 2, 8, 64
CONTEXT = 4096
TEMPLATE = (
    "{% if tools %}{{ tools | tojson }}{% endif %}"
    "{% for message in messages %}{{ message.role }}: {{ message.content }}\n"
    "{% if message.tool_calls %}{{ message.tool_calls | tojson }}\n{% endif %}{% endfor %}"
    "{% if add_generation_prompt %}assistant: {% endif %}"
)

# SentencePiece's kinds of tokens.
NORMAL, UNKNOWN, CONTROL, BYTE = 1, 2, 3, 6
WORDS = ["\u2581", "\u2581the", "\u2581of", "\u2581and", "\u2581a", "\u2581to", "the", "ing", "er", "on", "an", "in"]


def text(value):
    raw = value.encode()
    return struct.pack("<Q", len(raw)) + raw


def pair(key, kind, value):
    """One piece of metadata; an array's kind is (ARRAY, the kind of its elements)."""

    def scalar(of, item):
        if of == STRING:
            return text(item)
        return struct.pack({U32: "<I", I32: "<i", F32: "<f", BOOL: "<?"}[of], item)

    if isinstance(kind, tuple):
        inside = b"".join(scalar(kind[1], item) for item in value)
        return text(key) + struct.pack("<IIQ", ARRAY, kind[1], len(value)) + inside
    return text(key) + struct.pack("<I", kind) + scalar(kind, value)


def vocabulary():
    """(token, score, kind) of each: the special ones, all bytes, printable characters, a few words."""
    tokens = [("<unk>", 0.0, UNKNOWN), ("<s>", 0.0, CONTROL), ("</s>", 0.0, CONTROL)]
    tokens += [(f"<0x{byte:02X}>", 0.0, BYTE) for byte in range(256)]
    tokens += [(word, -1.0 - rank, NORMAL) for rank, word in enumerate(WORDS)]
    tokens += [(chr(c), -100.0 - c, NORMAL) for c in range(33, 127)]
    return tokens


def metadata(name):
    tokens = vocabulary()
    return [
        pair("general.architecture", STRING, "llama"),
        pair("general.type", STRING, "model"),
        pair("general.name", STRING, name),
        pair("general.file_type", U32, 0),
        pair("llama.context_length", U32, CONTEXT),
        pair("llama.embedding_length", U32, WIDTH),
        pair("llama.block_count", U32, LAYERS),
        pair("llama.feed_forward_length", U32, FEED_FORWARD),
        pair("llama.attention.head_count", U32, HEADS),
        pair("llama.attention.head_count_kv", U32, KV_HEADS),
        pair("llama.attention.layer_norm_rms_epsilon", F32, 1e-5),
        pair("llama.rope.dimension_count", U32, HEAD_DIM),
        pair("llama.vocab_size", U32, len(tokens)),
        pair("tokenizer.ggml.model", STRING, "llama"),
        pair("tokenizer.ggml.tokens", (ARRAY, STRING), [t for t, _, _ in tokens]),
        pair("tokenizer.ggml.scores", (ARRAY, F32), [s for _, s, _ in tokens]),
        pair("tokenizer.ggml.token_type", (ARRAY, I32), [k for _, _, k in tokens]),
        pair("tokenizer.ggml.unknown_token_id", U32, 0),
        pair("tokenizer.ggml.bos_token_id", U32, 1),
        pair("tokenizer.ggml.eos_token_id", U32, 2),
        pair("tokenizer.ggml.add_bos_token", BOOL, True),
        pair("tokenizer.chat_template", STRING, TEMPLATE),
    ]


def tensors():
    """(name, shape with the fastest dimension first) of each."""
    kv = KV_HEADS * HEAD_DIM
    yield "token_embd.weight", (WIDTH, len(vocabulary()))
    for layer in range(LAYERS):
        for name, shape in (
            ("attn_norm", (WIDTH,)),
            ("attn_q", (WIDTH, HEADS * HEAD_DIM)),
            ("attn_k", (WIDTH, kv)),
            ("attn_v", (WIDTH, kv)),
            ("attn_output", (HEADS * HEAD_DIM, WIDTH)),
            ("ffn_norm", (WIDTH,)),
            ("ffn_gate", (WIDTH, FEED_FORWARD)),
            ("ffn_up", (WIDTH, FEED_FORWARD)),
            ("ffn_down", (FEED_FORWARD, WIDTH)),
        ):
            yield f"blk.{layer}.{name}.weight", shape
    yield "output_norm.weight", (WIDTH,)


def size_of(shape):
    count = 1
    for side in shape:
        count *= side
    return count


def parameters():
    """How many it has."""
    return sum(size_of(shape) for _, shape in tensors())


def weights(shape, source):
    if len(shape) == 1:  # of a norm
        return struct.pack(f"<{shape[0]}f", *[1.0] * shape[0])
    spread = shape[0] ** -0.5
    return struct.pack(f"<{size_of(shape)}f", *(source.gauss(0, spread) for _ in range(size_of(shape))))


def padded(raw):
    return raw + b"\0" * (-len(raw) % ALIGNMENT)


def gguf(pairs, named):
    """A file: its metadata, and (name, shape, bytes of weights) of each tensor."""
    head = b"GGUF" + struct.pack("<IQQ", 3, len(named), len(pairs)) + b"".join(pairs)
    data = b""
    for name, shape, raw in named:
        head += text(name) + struct.pack("<I", len(shape)) + struct.pack(f"<{len(shape)}Q", *shape)
        head += struct.pack("<IQ", TENSOR_F32, len(data))
        data += padded(raw)
    return padded(head) + data


def files(name="Tiny Noise", parts=1):
    """The bytes of each file that the model is made of."""
    source = random.Random(SEED)
    named = [(tensor, shape, weights(shape, source)) for tensor, shape in tensors()]
    if parts == 1:
        return [gguf(metadata(name), named)]
    out = []
    for part in range(parts):
        split = [
            pair("split.no", U32, part),
            pair("split.count", U32, parts),
            pair("split.tensors.count", I32, len(named)),
        ]
        each = -(-len(named) // parts)
        out.append(gguf((metadata(name) if part == 0 else []) + split, named[part * each : (part + 1) * each]))
    return out


def write(path, name="Tiny Noise", parts=1):
    """Writes it and gives the path of the (first) file."""
    path = Path(path)
    paths = [path]
    if parts > 1:
        paths = [path.with_name(f"{path.stem}-{i + 1:05}-of-{parts:05}.gguf") for i in range(parts)]
    for each, raw in zip(paths, files(name, parts)):
        each.write_bytes(raw)
    return paths[0]


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("file")
    parser.add_argument("--name", default="Tiny Noise")
    parser.add_argument("--parts", type=int, default=1)
    chosen = parser.parse_args()
    print(write(chosen.file, chosen.name, chosen.parts))


if __name__ == "__main__":
    sys.exit(main())
