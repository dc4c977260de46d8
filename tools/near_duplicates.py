#!/usr/bin/env python3
"""Keeps near-duplicates of what is measured on out of what is trained on.

    tools/near_duplicates.py                        training/data against training/heldout
    tools/near_duplicates.py MEASURED.jsonl[.gz]..  and against these files, too (the development set, say)

Two texts are near-duplicates when more than half of the shorter one's runs of eight characters (letters and digits
only, lower case, so that punctuation and line breaks hide nothing) stand in the other. Short texts share stock phrases
by chance ("fix the grammar"), so texts under 40 characters count only when they are the same. Exits 1 when there are
any.
"""

import gzip
import json
import sys
from collections import Counter, defaultdict
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
RUN = 8
SHORT = 40
LIMIT = 0.5
SAMPLE = 4_000  # characters of a text that are looked at, from its front; long materials repeat themselves


def text_of(row):
    if "prompt" in row:
        return row["prompt"]
    contents = [message["content"] for message in row["messages"]]
    return "\n".join(c if isinstance(c, str) else json.dumps(c, ensure_ascii=False) for c in contents)


def plain(text):
    return "".join(c for c in text[:SAMPLE].lower() if c.isalnum())


def rows_of(path):
    opened = gzip.open(path, "rt", encoding="utf-8") if path.suffix == ".gz" else open(path, encoding="utf-8")
    with opened as file:
        for line in file:
            row = json.loads(line)
            yield row["id"], plain(text_of(row))


def runs_of(text):
    return {hash(text[i : i + RUN]) for i in range(len(text) - RUN + 1)}


def near_duplicates(trained, measured):
    """Pairs (id, id, share) over the limit. Both are lists of (id, plain text)."""
    same = {text: name for name, text in trained}
    index = defaultdict(list)
    sizes = []
    for position, (_, text) in enumerate(trained):
        runs = runs_of(text) if len(text) >= SHORT else set()
        sizes.append(len(runs))
        for run in runs:
            index[run].append(position)
    for name, text in measured:
        if text in same:
            yield same[text], name, 1.0
            continue
        runs = runs_of(text) if len(text) >= SHORT else set()
        shared = Counter(position for run in runs for position in index.get(run, ()))
        for position, count in shared.items():
            share = count / min(len(runs), sizes[position])
            if share > LIMIT:
                yield trained[position][0], name, share


def main(arguments):
    trained = [row for path in sorted((ROOT / "training/data").glob("*.jsonl")) for row in rows_of(path)]
    paths = [*sorted((ROOT / "training/heldout").glob("*.jsonl")), *map(Path, arguments)]
    measured = [row for path in paths for row in rows_of(path)]
    found = list(near_duplicates(trained, measured))
    for trained_id, measured_id, share in found:
        print(f"{trained_id} is {share:.0%} of {measured_id}")
    print(f"near duplicates: {len(found)} in {len(trained)} trained and {len(measured)} measured prompts")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
