#!/usr/bin/env python3
"""The same prompt gets the same record, to the last bit, whoever compiled the engine and how.

    tools/same_answers.py PROGRAM PROGRAM...

Each PROGRAM is a build's `answers` (tests/consumer/consumer.cc): `make check` gives those of g++ -O2 with LTO, of
g++ -O1 with sanitizers, and of clang -O0. The prompts are the odd ones of the process tests and all that are held out
of training.
"""

import json
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "tests"))
from support import odd_prompts  # noqa: E402


def texts():
    yield from odd_prompts.PLAIN + odd_prompts.BODIES + odd_prompts.BROKEN_BODIES
    for file in sorted((ROOT / "training" / "heldout").glob("*.jsonl")):
        for line in file.read_text().splitlines():
            row = json.loads(line)
            yield row["prompt"] if "prompt" in row else json.dumps({"model": "m", "messages": row["messages"]})


def main(programs):
    if len(programs) < 2:
        print(__doc__.strip(), file=sys.stderr)
        return 2
    asked = list(texts())
    given = "".join(text.replace("\0", " ") + "\0" for text in asked).encode()
    answers = [subprocess.run([program], input=given, stdout=subprocess.PIPE, check=True).stdout.splitlines()
               for program in programs]
    differing = 0
    for program, lines in zip(programs[1:], answers[1:]):
        assert len(lines) == len(answers[0]) == 1 + 2 * len(asked), f"{program}: {len(lines)} lines"
        for number, (one, other) in enumerate(zip(answers[0], lines)):
            if one == other:
                continue
            differing += 1
            if differing <= 3:
                print(f"{programs[0]} and {program} differ on {asked[max(number - 1, 0) // 2][:200]!r}:\n  "
                      f"{one.decode()}\n  {other.decode()}")
    if differing:
        print(f"same_answers: {differing} lines differ")
        return 1
    print(f"same_answers: {len(programs)} builds agree on {len(asked)} prompts")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
