#!/usr/bin/env python3
"""The encoder's second schooling: the tier, dI, D and the topology of labelled prompts, from their asks.

    training/finetune.py --data DIR --own training --basin build/release/basin --distilled FILE --teacher FILE
                         --out weights/encoder.basin --rows training/encoder_rows.jsonl
                         [--checkpoint FILE] [--without SOURCE] [--threads N]

The teacher (fetch.py) learns the labels first, in its upper half: it is fifteen times as large and comes better read.
Then the student learns from both: of a labelled ask the mean of the label and of what the teacher makes of it; of asks
made from those (a sentence left out, a part alone, two in one) and of other prompts the teacher's word alone; and of
all of them the teacher's vector. (The student taught by the labels alone: docs/geometry.md, the ladder.)

What is learned from: real_labelled, our labels of real_unlabelled and of public sets, training/data. What is held back:
training/heldout, and every row that `reserved` names (an eighth of training/data, whole pairs and materials). What the
encoder says of those goes to --rows: with them `basin train` finds out how far the encoder is to be believed. --without
leaves one source of real users' prompts out, of both schoolings. The asks are cut out by the program itself
(`basin score --mended`). An hour on two cores; --checkpoint keeps the schooled teacher.
"""

import argparse
import json
import math
import random
import re
import subprocess
import time
from pathlib import Path

import torch
import torch.nn.functional as F
from distill import distinct, prompts_of, rows_of
from encoder_file import write
from torch import nn
from transformer import OUTPUTS, TOKENS, Encoder, WordPieces, batches, master, padded

BATCH, DROP = 32, 0.1
TEACHER_EPOCHS, TEACHER_RATE, FROZEN = 2, 1e-4, 6  # its lower layers stay as they are
EPOCHS, RATE, OTHERS, MADE = 4, 4e-4, 12_000, 2
WITH_TYPOS = 0.15  # of the rows of each epoch
TOPOLOGIES = ("reshape refine extract classify qa_given chat simple_qa qa_open code_local code_global create reason "
              "synthesize plan").split()


def reserved(row):
    """One in eight, by FNV-1a of what must stay together."""
    value = 0xCBF29CE484222325
    for byte in (row.get("pair") or row.get("material") or row["id"]).encode():
        value = (value ^ byte) * 0x100000001B3 & 0xFFFFFFFFFFFFFFFF
    return (value ^ value >> 31) % 8 == 0


def public_rows(data, own):
    labels = {row["id"]: row for row in rows_of(own / "labels" / "public.jsonl")}
    for name in sorted({i.split("/")[0] for i in labels}):
        for row in rows_of(data / "topology" / f"{name}.jsonl.gz"):
            if row["id"] in labels:
                yield {**labels[row["id"]], "prompt": row["prompt"]}


def labelled(data, own, without):
    labels = {row["id"]: row for row in rows_of(own / "labels" / "real_unlabelled.jsonl")}
    real = list(rows_of(data / "real_labelled.jsonl.gz"))
    real += [{**labels[row["id"]], "prompt": row["prompt"]} for row in rows_of(data / "real_unlabelled.jsonl.gz")
             if row["id"] in labels]
    yield from (row for row in real if row["source"].split("/")[0] != without)
    yield from (row for row in typed_rows(own) if not reserved(row))
    yield from public_rows(data, own)


def typed_rows(own):
    for path in sorted((own / "data").glob("*.jsonl")):
        yield from rows_of(path)


def asks_of(rows, basin):
    fields = ("prompt", "messages")
    texts = ({"id": str(i), **{f: row[f] for f in fields if f in row}} for i, row in enumerate(rows))
    lines = "".join(json.dumps(text) + "\n" for text in texts)
    done = subprocess.run([basin, "score", "--mended"], input=lines, capture_output=True, text=True, check=True)
    return [json.loads(line)["ask"][:6000] for line in done.stdout.rstrip("\n").split("\n")]


def mistyped(text):
    letters = list(text)
    for _ in range(max(1, len(letters) // 40)):
        i, kind = random.randrange(len(letters)), random.random()
        if kind < 0.35 and i + 1 < len(letters):
            letters[i], letters[i + 1] = letters[i + 1], letters[i]
        elif kind < 0.6:
            letters[i] = ""
        elif kind < 0.8:
            letters[i] *= 2
        else:
            letters[i] = random.choice("abcdefghijklmnopqrstuvwxyz")
    return "".join(letters)


def made_from(ask, other):
    """Another ask: a sentence of this one left out, some of its sentences, some of its words, or both asks in one."""
    kind, sentences = random.random(), [s for s in re.split(r"(?<=[.!?\u3002\uff01\uff1f])\s+|\n+", ask) if s.strip()]
    words = ask.split()
    if len(sentences) > 1 and kind < 0.45:
        gone = random.randrange(len(sentences))
        return " ".join(sentences[:gone] + sentences[gone + 1 :])
    if len(sentences) > 2 and kind < 0.7:
        first = random.randrange(len(sentences) - 1)
        return " ".join(sentences[first : first + random.randint(1, len(sentences) - 1)])
    if len(words) > 8 and kind < 0.85:
        first = random.randrange(len(words) // 3)
        return " ".join(words[first : first + max(6, random.randint(len(words) // 2, len(words)))])
    return f"{ask.rstrip()} {other.strip()}"


class Targets:
    """What is to be said of each text, each between 0 and 1: large, dI, depth, a share for each topology."""

    def __init__(self, large, info, depth, kind):
        self.large, self.info, self.depth, self.kind = large, info, depth, kind

    @classmethod
    def of_labels(cls, rows):
        names = {"create_short": "create", "create_long": "create", "qa_closed": "qa_given"}
        kinds = torch.zeros(len(rows), len(TOPOLOGIES))
        for i, row in enumerate(rows):
            kind = names.get(row["topology"], row["topology"])
            if kind in TOPOLOGIES:
                kinds[i, TOPOLOGIES.index(kind)] = 1
        return cls(1 - torch.tensor([float(row["p_small"]) for row in rows]).clamp(0.03, 0.97),
                   torch.tensor([row["delta_info"] / 3 for row in rows]),
                   torch.tensor([row["depth"] / 3 for row in rows]), kinds)

    @classmethod
    def of_outputs(cls, seen):
        share = torch.sigmoid(seen[:, :3])
        return cls(share[:, 0], share[:, 1], share[:, 2], F.softmax(seen[:, 3:], -1))

    def mixed_into(self, other):
        """Of the rows that these targets have: the mean of both. Of the rows beyond: the other's alone."""
        n = len(self.large)
        for mine, theirs in ((self.large, other.large), (self.info, other.info), (self.depth, other.depth),
                             (self.kind, other.kind)):
            theirs[:n] = (theirs[:n] + mine) / 2
        return other

    def loss(self, seen, chosen, weight):
        def apart(scores, wanted):
            return (F.binary_cross_entropy_with_logits(scores, wanted, reduction="none") * weight).mean()

        kinds = -((self.kind[chosen] * F.log_softmax(seen[:, 3:], -1)).sum(-1) * weight).mean()
        return (apart(seen[:, 0], self.large[chosen]) + 0.2 * apart(seen[:, 1], self.info[chosen])
                + 0.2 * apart(seen[:, 2], self.depth[chosen]) + 0.15 * kinds)


def new_head(width):
    head = nn.Linear(width, OUTPUTS)
    nn.init.normal_(head.weight, std=0.02)
    nn.init.zeros_(head.bias)
    return head


class Course:
    """Epochs over texts, some of them mistyped: the steps that both schoolings share."""

    def __init__(self, model, heads, rate, head_rate, pieces):
        self.model, self.pieces = model, pieces
        head_parameters = [parameter for head in heads for parameter in head.parameters()]
        learned = [parameter for parameter in model.parameters() if parameter.requires_grad]
        groups = [{"params": learned, "rate": rate}, {"params": head_parameters, "rate": head_rate}]
        self.optimiser = torch.optim.AdamW(groups, lr=rate, weight_decay=0.01)

    def run(self, epochs, texts, choose, loss_of, say):
        """choose(epoch): indices of the texts of that epoch; loss_of(vectors, indices)."""
        plain, step, started = self.pieces(texts), 0, time.time()
        total = epochs * math.ceil(len(choose(0)) / BATCH)
        for epoch in range(epochs):
            self.model.train()
            chosen, lost = choose(epoch), 0.0
            ids = [plain[i] for i in chosen]
            spoilt = [at for at, i in enumerate(chosen) if len(texts[i]) > 3 and random.random() < WITH_TYPOS]
            for at, new in zip(spoilt, self.pieces([mistyped(texts[chosen[at]]) for at in spoilt])):
                ids[at] = new
            for batch in batches(ids, BATCH):
                step += 1
                for group in self.optimiser.param_groups:
                    group["lr"] = group["rate"] * min(1, step / (0.1 * total)) * max(0.02, 1 - step / total)
                tokens, mask = padded(ids, batch)
                with torch.autocast("cpu", torch.bfloat16):
                    vectors = self.model(tokens, mask, DROP)
                loss = loss_of(vectors.float(), torch.tensor([chosen[at] for at in batch]))
                self.optimiser.zero_grad()
                loss.backward()
                nn.utils.clip_grad_norm_(self.model.parameters(), 1.0)
                self.optimiser.step()
                lost += loss.item() * len(batch)
            say(f"epoch {epoch + 1} of {epochs}: loss {lost / len(chosen):.4f}, {time.time() - started:.0f} s")


def school_teacher(teacher, asks, targets, checkpoint, say):
    head = new_head(teacher.width)
    if checkpoint and checkpoint.exists():
        held = torch.load(checkpoint)
        teacher.load_state_dict(held["teacher"])
        head.load_state_dict(held["head"])
        return head
    for part in (teacher.word, teacher.position, teacher.embedded, *teacher.layers[:FROZEN]):
        part.requires_grad_(False)
    course = Course(teacher, [head], TEACHER_RATE, 5 * TEACHER_RATE, WordPieces())

    def loss_of(vectors, chosen):
        return targets.loss(head(F.dropout(vectors, DROP)), chosen, torch.ones(len(chosen)))

    course.run(TEACHER_EPOCHS, asks, lambda epoch: range(len(asks)), loss_of, say)
    if checkpoint:
        torch.save({"teacher": teacher.state_dict(), "head": head.state_dict()}, checkpoint)
    return head


def school_student(encoder, asks, others, targets, wanted, say):
    """targets: of asks and others; wanted: the teacher's vectors of them. A third of the others in each epoch."""
    head, project = new_head(encoder.width), nn.Linear(encoder.width, wanted.shape[1])
    wanted = F.normalize(wanted - wanted.mean(0), dim=-1)
    known, third = len(asks), len(others) // 3

    def choose(epoch):
        begin = known + epoch % 3 * third
        return [*range(known), *range(begin, begin + third)]

    def loss_of(vectors, chosen):
        weight = torch.where(chosen < known, 1.0, 0.5)
        apart = (1 - F.cosine_similarity(project(vectors), wanted[chosen])).mean()
        return targets.loss(head(F.dropout(vectors, DROP)), chosen, weight) + 0.7 * apart

    Course(encoder, [head, project], RATE, 3 * RATE, WordPieces()).run(EPOCHS, asks + others, choose, loss_of, say)
    return head


def arrays(encoder, head):
    """Under the names of encoder_file.py."""
    state = {"word": encoder.word.weight, "position": encoder.position.weight[:TOKENS],
             "embed_gain": encoder.embedded.weight, "embed_bias": encoder.embedded.bias,
             "head": head.weight, "head_bias": head.bias}
    for i, layer in enumerate(encoder.layers):
        for name in ("qkv", "out", "up", "down"):
            state[f"{i}.{name}"] = getattr(layer, name).weight
            state[f"{i}.{name}_bias"] = getattr(layer, name).bias
        for name in ("attended", "stepped"):
            state[f"{i}.{name}_gain"] = getattr(layer, name).weight
            state[f"{i}.{name}_bias"] = getattr(layer, name).bias
    return {name: tensor.detach().numpy() for name, tensor in state.items()}


@torch.no_grad()
def vectors_of(encoder, texts, pieces):
    ids, vectors = pieces(texts), torch.zeros(len(texts), encoder.width)
    encoder.eval()
    for batch in batches(ids, 64):
        tokens, mask = padded(ids, batch)
        with torch.autocast("cpu", torch.bfloat16):
            vectors[batch] = encoder(tokens, mask).float()
    return vectors


def main():
    arguments = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    arguments.add_argument("--data", type=Path, required=True)
    arguments.add_argument("--own", type=Path, default=Path("training"))
    arguments.add_argument("--basin", default="build/release/basin")
    arguments.add_argument("--distilled", type=Path, required=True)
    arguments.add_argument("--teacher", type=Path, required=True)
    arguments.add_argument("--out", type=Path, required=True)
    arguments.add_argument("--rows", type=Path)
    arguments.add_argument("--checkpoint", type=Path)
    arguments.add_argument("--without", default="")
    arguments.add_argument("--threads", type=int, default=2)
    options = arguments.parse_args()
    torch.set_num_threads(options.threads)
    torch.manual_seed(0)
    random.seed(0)
    rows = list(labelled(options.data, options.own, options.without))
    asks = asks_of(rows, options.basin)
    print(f"{len(rows)} rows", flush=True)
    say = lambda text: print(text, flush=True)  # noqa: E731
    labels = Targets.of_labels(rows)
    teacher = master(options.teacher)
    teacher_head = school_teacher(teacher, asks, labels, options.checkpoint, say)
    others = list(distinct(prompts_of(options.data)))
    others = random.sample(others, min(OTHERS, len(others)))
    others += [made_from(ask[:1500], random.choice(asks)[:300]) for ask in asks for _ in range(MADE)]
    random.shuffle(others)
    wanted = vectors_of(teacher, asks + others, WordPieces())
    with torch.no_grad():
        targets = labels.mixed_into(Targets.of_outputs(teacher_head(wanted)))
    encoder = Encoder()
    encoder.load_state_dict(torch.load(options.distilled))
    head = school_student(encoder, asks, others, targets, wanted, say)
    write(options.out, WordPieces().words(), arrays(encoder, head))
    if options.rows:
        kept = [row for row in typed_rows(options.own) if reserved(row)]
        with torch.no_grad():
            outputs = head(vectors_of(encoder, asks_of(kept, options.basin), WordPieces()))
        with open(options.rows, "w", encoding="utf-8") as file:
            for row, seen in zip(kept, outputs.tolist()):
                file.write(json.dumps({"id": row["id"], "outputs": [round(value, 3) for value in seen]}) + "\n")


if __name__ == "__main__":
    main()
