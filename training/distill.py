#!/usr/bin/env python3
"""The encoder's first schooling: to see what the teacher sees in a text.

    training/distill.py --data DIR --own training --out distilled.pt [--checkpoint FILE] [--threads N]

60,000 texts (instructions and prompts of the public sets under DIR/topology, paragraphs of DIR/text, the project's own
training prompts; nothing that is measured on) are read by both. The student's vector of every piece is pulled to the
teacher's, and its mean to the teacher's mean. Every epoch ends with a checkpoint, from which the same command goes on.
About half an hour on two cores with AVX-512 BF16, two hours without.
"""

import argparse
import gzip
import hashlib
import json
import math
import random
import re
import time
from pathlib import Path

import torch
import torch.nn.functional as F
from torch import nn
from transformer import Encoder, WordPieces, batches, mean_of, padded, teacher

EPOCHS, BATCH, RATE, LENGTH = 3, 48, 1e-3, 64
PROMPTS, PARAGRAPHS, OF_A_SET = 40_000, 20_000, 2_500


def rows_of(path):
    opened = gzip.open if path.suffix == ".gz" else open
    with opened(path, "rt", encoding="utf-8", errors="replace") as file:
        yield from (json.loads(line) for line in file)


def prompts_of(folder):
    for path in sorted((folder / "topology").glob("*.jsonl.gz")):
        if path.name.startswith("arena_hard"):
            continue  # real users' prompts: measured on
        rows = list(rows_of(path))
        random.shuffle(rows)
        for row in rows[:OF_A_SET]:
            yield row["prompt"] if len(row["prompt"]) < 500 else row.get("instruction") or row["prompt"]


def paragraphs_of(folder):
    for path in sorted((folder / "text").glob("*.txt.gz")):
        with gzip.open(path, "rt", encoding="utf-8", errors="replace") as file:
            chunks = [c for c in re.split(r"\n\s*\n|\n(?=[A-Z])", file.read()) if 30 < len(c) < 900]
        random.shuffle(chunks)
        for chunk in chunks[:14_000]:
            sentences = re.split(r"(?<=[.!?])\s+", chunk)
            at = random.randrange(len(sentences))
            yield " ".join(sentences[at : at + random.choice((1, 1, 2, 3))])[:500]


def distinct(texts):
    seen = set()
    for text in (t.strip()[:1200] for t in texts):
        key = hashlib.md5(text[:200].lower().encode()).digest()
        if len(text) > 7 and key not in seen:
            seen.add(key)
            yield text


def corpus(data, own):
    prompts, paragraphs = list(distinct(prompts_of(data))), list(distinct(paragraphs_of(data)))
    typed = [row.get("prompt", "")[:1200] for path in sorted((own / "data").glob("*.jsonl")) for row in rows_of(path)]
    texts = random.sample(prompts, min(PROMPTS, len(prompts)))
    texts += random.sample(paragraphs, min(PARAGRAPHS, len(paragraphs)))
    texts += [text for text in typed if len(text) > 7]
    random.shuffle(texts)
    return texts


@torch.no_grad()
def directions(model, width):
    """What the teacher makes of each word alone, along the directions in which that varies most."""
    words = model.word.num_embeddings
    parts = []
    for at in range(0, words, 2048):
        ids = torch.tensor([[101, i, 102] for i in range(at, min(at + 2048, words))])
        parts.append(model(ids, torch.ones(ids.shape)).float())
    vectors = torch.cat(parts)
    vectors -= vectors.mean(0)
    _, _, axes = torch.linalg.svd(vectors, full_matrices=False)
    turned = vectors @ axes[:width].T
    return turned * (0.5 / turned.std())


def loss_of(seen, wanted, mask):
    count = mask.sum()
    spread = wanted[mask.bool()].var(0).sum() + 1e-6
    pieces = (((seen - wanted) ** 2).sum(-1) * mask).sum() / count / spread
    whole = (1 - F.cosine_similarity(mean_of(seen, mask), mean_of(wanted, mask))).mean()
    return pieces + 2 * whole, whole


def distil(texts, checkpoint, say):
    pieces = WordPieces(LENGTH)
    ids = pieces(texts)
    master, student = teacher(), Encoder()
    project = nn.Linear(student.width, master.width)
    chosen = list(batches(ids, BATCH))
    parameters = [*student.parameters(), *project.parameters()]
    optimiser = torch.optim.AdamW(parameters, lr=RATE, weight_decay=0.01, betas=(0.9, 0.98))
    step, begin, total, started = 0, 0, EPOCHS * len(chosen), time.time()
    if checkpoint and checkpoint.exists():
        held = torch.load(checkpoint)
        student.load_state_dict(held["student"])
        project.load_state_dict(held["project"])
        optimiser.load_state_dict(held["optimiser"])
        begin = held["epochs"]
        step = begin * len(chosen)
        say(f"goes on after epoch {begin}")
    else:
        with torch.autocast("cpu", torch.bfloat16):
            student.word.weight.data = directions(master, student.width)
    for epoch in range(begin, EPOCHS):
        student.train()
        random.Random(epoch).shuffle(chosen)
        for batch in chosen:
            tokens, mask = padded(ids, batch)
            with torch.no_grad(), torch.autocast("cpu", torch.bfloat16):
                wanted = master.tokens(tokens, mask)
            step += 1
            for group in optimiser.param_groups:
                group["lr"] = RATE * min(1, step / 300) * 0.5 * (1 + math.cos(math.pi * step / total))
            with torch.autocast("cpu", torch.bfloat16):
                seen = project(student.tokens(tokens, mask))
            loss, whole = loss_of(seen.float(), wanted.float(), mask)
            optimiser.zero_grad()
            loss.backward()
            nn.utils.clip_grad_norm_(parameters, 1.0)
            optimiser.step()
            if step % 100 == 0:
                say(f"step {step} of {total}: 1 - cosine {whole.item():.3f}, {time.time() - started:.0f} s")
        if checkpoint:
            torch.save({"student": student.state_dict(), "project": project.state_dict(),
                        "optimiser": optimiser.state_dict(), "epochs": epoch + 1}, checkpoint)
    return student


def main():
    arguments = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    arguments.add_argument("--data", type=Path, required=True)
    arguments.add_argument("--own", type=Path, default=Path("training"))
    arguments.add_argument("--out", type=Path, required=True)
    arguments.add_argument("--checkpoint", type=Path)
    arguments.add_argument("--threads", type=int, default=2)
    options = arguments.parse_args()
    torch.set_num_threads(options.threads)
    torch.manual_seed(1)
    random.seed(1)
    texts = corpus(options.data, options.own)
    print(f"{len(texts)} texts", flush=True)
    student = distil(texts, options.checkpoint, lambda text: print(text, flush=True))
    torch.save(student.state_dict(), options.out)


if __name__ == "__main__":
    main()
