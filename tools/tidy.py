#!/usr/bin/env python3
"""The house checks. Run as a test (`ctest -R tidy`) and by hand: tools/tidy.py [--rule NAME] [--warnings] [ROOT]

Each rule is a function from a tree of files to findings (tools/house/*.py); tools/tidy_test.py shows for each
rule a tree that it refuses. A rule may be broken where tools/exceptions.txt says so, with a reason; an exception that
nothing needs any more is itself an error.
"""

import argparse
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))
from house import bans, coverage, layers, shape, words  # noqa: E402
from house.tree import Finding, Tree  # noqa: E402

RULES = {rule.__name__: rule for module in (layers, shape, bans, words, coverage) for rule in module.RULES}
EXCEPTIONS = "tools/exceptions.txt"


def exceptions(tree):
    """{(rule, path, subject): (line, reason)}; a line is `rule path subject reason...`, subject `*` for any."""
    page = tree.get(EXCEPTIONS)
    found = {}
    for number, line in enumerate(page.lines if page else [], 1):
        words_of_line = line.split(None, 3)
        if not words_of_line or line.startswith("#"):
            continue
        found[tuple(words_of_line[:3])] = (number, words_of_line[3] if len(words_of_line) > 3 else "")
    return found


def check(tree, names=None):
    """All findings, exceptions taken into account."""
    allowed = exceptions(tree)
    used = set()
    for name in names or RULES:
        for finding in RULES[name](tree):
            keys = [(name, finding.path, finding.subject), (name, finding.path, "*")]
            key = next((k for k in keys if k in allowed), None)
            if key:
                used.add(key)
            else:
                yield finding
    for key, (line, reason) in allowed.items():
        if not reason:
            yield Finding("exceptions", EXCEPTIONS, line, "an exception without a reason")
        if key[0] not in RULES:
            yield Finding("exceptions", EXCEPTIONS, line, f"no rule is called {key[0]}")
        elif key not in used and (not names or key[0] in names):
            yield Finding("exceptions", EXCEPTIONS, line, "nothing needs this exception any more: " + " ".join(key))


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("root", nargs="?", default=Path(__file__).resolve().parent.parent)
    parser.add_argument("--rule", action="append", choices=sorted(RULES), help="only this rule")
    parser.add_argument("--warnings", action="store_true", help="show warnings too")
    arguments = parser.parse_args()
    begin = time.monotonic()
    tree = Tree(arguments.root)
    findings = list(check(tree, arguments.rule))
    errors = [f for f in findings if not f.warning]
    for finding in findings:
        if arguments.warnings or not finding.warning:
            print(finding)
    print(f"tidy: {len(tree.files)} files, {len(arguments.rule or RULES)} rules, {len(errors)} errors, "
          f"{len(findings) - len(errors)} warnings, {time.monotonic() - begin:.1f} s")
    return 1 if errors else 0


if __name__ == "__main__":
    sys.exit(main())
