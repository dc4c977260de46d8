#!/usr/bin/env python3
"""Writes tiny.basin and vectors.txt: an encoder of random weights, and what training/encoder_file.py says of some ids.
Wants numpy; src/geometry/encoder_test.cc reads what it wrote. Run: python3 tests/golden/encoder/make.py"""

import sys
from pathlib import Path

import numpy as np

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parents[2] / "training"))
import encoder_file  # noqa: E402

WIDTH, HIDDEN, TOKENS, LAYERS = 32, 64, 40, 2


def main():
    random = np.random.default_rng(1)
    vocab = ["[UNK]", "[CLS]", "[SEP]", "fix", "the", "typo", "prove", "##s", "字"]
    state = {"word": random.normal(size=(len(vocab), WIDTH)), "position": random.normal(size=(TOKENS, WIDTH)) * 0.3,
             "head": random.normal(size=(17, WIDTH)), "head_bias": random.normal(size=17)}
    norms = ["embed"] + [f"{i}.{name}" for i in range(LAYERS) for name in ("attended", "stepped")]
    for name in norms:
        state[f"{name}_gain"] = 1 + random.normal(size=WIDTH) * 0.2
        state[f"{name}_bias"] = random.normal(size=WIDTH) * 0.2
    for i in range(LAYERS):
        for name, outputs, inputs in (("qkv", 3 * WIDTH, WIDTH), ("out", WIDTH, WIDTH), ("up", HIDDEN, WIDTH),
                                      ("down", WIDTH, HIDDEN)):
            state[f"{i}.{name}"] = random.normal(size=(outputs, inputs)) * 0.4
            state[f"{i}.{name}_bias"] = random.normal(size=outputs) * 0.1
    encoder_file.write(HERE / "tiny.basin", vocab, state)
    lines = []
    for count in (1, 2, 7, 32, 33, 40):
        ids = random.integers(len(vocab), size=count)
        outputs = encoder_file.run(HERE / "tiny.basin", ids)
        lines += [" ".join(map(str, ids)), " ".join(f"{bits:08x}" for bits in outputs.view(np.uint32))]
    (HERE / "vectors.txt").write_text("\n".join(lines) + "\n")


if __name__ == "__main__":
    main()
