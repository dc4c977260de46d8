"""The encoder's file, from float arrays; and the same numbers in numpy that the program computes from it.

    write(path, vocab, state)    vocab: the words in order of their ids; state: float arrays by the names below
    run(path, token_ids)         the 17 outputs, to the bit (src/geometry/encoder_steps.h is what it follows)

Names in `state`, d = width, f = hidden, T = most tokens:

    word          [words, d]     token embeddings          position      [T, d]   position embeddings (token types, if
                                                                                  any, added already)
    embed_gain, embed_bias       [d]                       layer norm over word + position
    for each layer i = 0, 1, ...
    {i}.qkv       [3 d, d]       rows: queries of all heads, keys, values (heads of 32)      {i}.qkv_bias   [3 d]
    {i}.out       [d, d]         {i}.out_bias  [d]         {i}.attended_gain, {i}.attended_bias   [d]
    {i}.up        [f, d]         {i}.up_bias   [f]
    {i}.down      [d, f]         {i}.down_bias [d]         {i}.stepped_gain, {i}.stepped_bias     [d]
    head          [17, d]        head_bias     [17]        large, dI, depth, 14 topologies

A matrix is [outputs, inputs], as torch's Linear keeps it. src/geometry/encoder_file.cc documents the format.
"""

import struct

import numpy as np

MAGIC = b"basin.e\n"
FILE_VERSION = 1
ALIGN = 128
OUTPUTS = 17
HEAD_WIDTH = 32
F = np.float32


def quantise(rows):
    """int8 levels and the scale of each row: level = nearest integer of value / scale, ties to even."""
    rows = np.asarray(rows, dtype=F)
    scale = np.maximum(np.abs(rows).max(axis=1), F(1e-12)) / F(127)
    levels = np.clip(np.rint(rows / scale[:, None]), -127, 127).astype(np.int8)
    return levels, scale.astype(F)


def checksum(data):
    streams = np.zeros(16, np.uint64)
    prime = np.uint64(0x9E3779B97F4A7C15)
    shift = np.uint64(29)
    with np.errstate(over="ignore"):
        for words in np.frombuffer(data, "<u8").reshape(-1, 16):
            streams = (streams ^ words) * prime
            streams ^= streams >> shift
    total = 0xCBF29CE484222325
    for stream in streams:
        total = (total ^ int(stream)) * 0x9E3779B97F4A7C15 & 0xFFFFFFFFFFFFFFFF
        total ^= total >> 29
    return total


def _padded(data):
    return data + bytes(-len(data) % ALIGN)


def _floats(array, shape):
    array = np.ascontiguousarray(array, "<f4")
    if array.shape != shape:
        raise ValueError(f"an array has shape {array.shape}, {shape} is wanted")
    return _padded(array.tobytes())


def _matrix(weights, bias):
    outputs, inputs = weights.shape
    levels, scale = quantise(weights)
    blocks = levels.reshape(outputs // 16, 16, inputs // 4, 4).transpose(0, 2, 1, 3)
    return _floats(scale, (outputs,)) + _floats(bias, (outputs,)) + _padded(np.ascontiguousarray(blocks).tobytes())


def encoded(vocab, state):
    """The file's bytes."""
    words, width = np.shape(state["word"])
    tokens = len(state["position"])
    hidden = len(state["0.up"])
    layers = sum(1 for name in state if name.endswith(".up"))
    if len(vocab) != words:
        raise ValueError(f"{len(vocab)} words and {words} embeddings")
    spellings = [word.encode() for word in vocab]
    ends = np.cumsum([len(word) for word in spellings]).astype("<u4")
    levels, scale = quantise(state["word"])
    parts = [
        _padded(MAGIC + struct.pack("<8I", FILE_VERSION, words, int(ends[-1]), tokens, width, layers, hidden, OUTPUTS)),
        _padded(ends.tobytes()),
        _padded(b"".join(spellings)),
        _floats(scale, (words,)),
        _padded(levels.tobytes()),
        _floats(state["position"], (tokens, width)),
        _floats(state["embed_gain"], (width,)),
        _floats(state["embed_bias"], (width,)),
    ]
    for i in range(layers):
        def matrix(name):
            return _matrix(np.asarray(state[f"{i}.{name}"]), state[f"{i}.{name}_bias"])

        def norm(name):
            return _floats(state[f"{i}.{name}_gain"], (width,)) + _floats(state[f"{i}.{name}_bias"], (width,))

        parts += [matrix("qkv"), matrix("out"), norm("attended"), matrix("up"), matrix("down"), norm("stepped")]
    parts += [_floats(state["head"], (OUTPUTS, width)), _floats(state["head_bias"], (OUTPUTS,))]
    data = b"".join(parts)
    return data + bytes(ALIGN - 8) + struct.pack("<Q", checksum(data))


def write(path, vocab, state):
    """Writes the file; the arrays are quantised here."""
    with open(path, "wb") as file:
        file.write(encoded(vocab, state))


class _Tables:
    def __init__(self, data):
        self.data, self.at = data, ALIGN

    def take(self, dtype, *shape):
        count = int(np.prod(shape))
        table = np.frombuffer(self.data, dtype, count, self.at).reshape(shape)
        self.at += -(-count * np.dtype(dtype).itemsize // ALIGN) * ALIGN
        return table

    def matrix(self, outputs, inputs):
        scale, bias = self.take("<f4", outputs), self.take("<f4", outputs)
        blocks = self.take("i1", outputs // 16, inputs // 4, 16, 4)
        return blocks.transpose(0, 2, 1, 3).reshape(outputs, inputs).astype(np.int32), scale, bias

    def norm(self, width):
        return self.take("<f4", width), self.take("<f4", width)


def _fold(lanes):
    """Eight lanes (the last axis) to one sum, in the order of the program."""
    a = lanes
    return ((a[..., 0] + a[..., 4]) + (a[..., 2] + a[..., 6])) + ((a[..., 1] + a[..., 5]) + (a[..., 3] + a[..., 7]))


def _row_sum(x):
    """Sums along the last axis: lanes i, i + 8, ... one after the other, then folded."""
    lanes = np.zeros(x.shape[:-1] + (8,), F)
    for i in range(0, x.shape[-1], 8):
        lanes = lanes + x[..., i:i + 8]
    return _fold(lanes)


def _norm(x, norm):
    width = F(x.shape[-1])
    mean = _row_sum(x) / width
    centred = x - mean[:, None]
    inverse = F(1) / np.sqrt(_row_sum(centred * centred) / width + F(1e-5))
    return centred * inverse[:, None] * norm[0] + norm[1]


def _multiply(matrix, x):
    weights, scale, bias = matrix
    most = np.abs(x).max(axis=1)
    some = most > F(1e-30)
    per_level = np.where(some, F(127) / np.where(some, most, F(1)), F(0))
    row_scale = np.where(some, most / F(127), F(0))
    levels = np.rint(x * per_level[:, None]).astype(np.int32)
    sums = (levels @ weights.T).astype(F)
    return sums * (scale[None, :] * row_scale[:, None]) + bias


def _exp(x):
    x = np.maximum(x, F(-87))
    magic = F(12582912)
    whole = (x * F(1.44269504) + magic) - magic
    f = (x - whole * F(0.693359375)) - whole * F(-2.12194440e-4)
    series = f * F(1.38888889e-3) + F(8.33333333e-3)
    for term in (4.16666667e-2, 1.66666667e-1, 0.5, 1.0, 1.0):
        series = series * f + F(term)
    return (series.view(np.int32) + (whole.astype(np.int32) << 23)).view(F)


def _attend(qkv, width):
    count = len(qkv)
    padded = -(-count // 32) * 32
    out = np.empty((count, width), F)
    for head in range(0, width, HEAD_WIDTH):
        query = qkv[:, head:head + HEAD_WIDTH] * F(0.176776695)
        key = qkv[:, width + head:width + head + HEAD_WIDTH]
        value = qkv[:, 2 * width + head:2 * width + head + HEAD_WIDTH]
        scores = np.zeros((count, count), F)
        for d in range(HEAD_WIDTH):
            scores = scores + query[:, d:d + 1] * key[None, :, d]
        shares = np.zeros((count, padded), F)
        shares[:, :count] = _exp(scores - scores.max(axis=1, keepdims=True))
        sums = np.zeros((count, HEAD_WIDTH), F)
        for s in range(count):
            sums = sums + shares[:, s:s + 1] * value[s]
        out[:, head:head + HEAD_WIDTH] = sums * (F(1) / _row_sum(shares))[:, None]
    return out


def run_bytes(data, token_ids):
    """As run(), from a file in memory."""
    words, word_bytes, tokens, width, layers, hidden, outputs = struct.unpack_from("<7I", data, len(MAGIC) + 4)
    assert data[:8] == MAGIC and outputs == OUTPUTS and 0 < len(token_ids) <= tokens
    tables = _Tables(data)
    tables.take("<u4", words)
    tables.take("u1", word_bytes)
    word_scale, word_levels = tables.take("<f4", words), tables.take("i1", words, width)
    ids = np.asarray(token_ids)
    x = word_levels[ids].astype(F) * word_scale[ids][:, None] + tables.take("<f4", tokens, width)[:len(ids)]
    x = _norm(x, tables.norm(width))
    for _ in range(layers):
        x, before = _attend(_multiply(tables.matrix(3 * width, width), x), width), x
        x = _norm(before + _multiply(tables.matrix(width, width), x), tables.norm(width))
        x, before = np.maximum(_multiply(tables.matrix(hidden, width), x), F(0)), x
        x = _norm(before + _multiply(tables.matrix(width, hidden), x), tables.norm(width))
    mean = np.zeros(width, F)
    for row in x:
        mean = mean + row
    mean = mean / F(len(ids))
    return _row_sum(mean * tables.take("<f4", OUTPUTS, width)) + tables.take("<f4", OUTPUTS)


def run(path, token_ids):
    """The head's outputs (float32) for these tokens, [CLS] and [SEP] included by the caller."""
    with open(path, "rb") as file:
        return run_bytes(file.read(), token_ids)
