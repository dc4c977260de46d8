"""What stands for what: every source built and tested, every promise held by a test, the map true to the land."""

import re

from .tree import Finding


def tested(tree):
    """x.cc has x_test.cc, or its header is included by a test of its room, or (commands) a process test runs it."""
    tests = {}
    process = ""
    for file in tree.files:
        if file.name.endswith(("_test.cc", "_fuzz.cc")) and file.room:
            tests.setdefault(file.room, []).append(file)
        if file.path.startswith("tests/") and file.name.endswith(".py"):
            process += file.text
    for file in tree.cpp:
        if not file.room or file.is_test or not file.name.endswith(".cc") or file.name == "main.cc":
            continue
        stem = file.name[:-3]
        header = f"{file.room}/{stem}.h"
        included = any(header == what for t in tests.get(file.room, []) for _, what, _ in t.includes)
        own = f"src/{file.room}/{stem}_test.cc"
        named = any(re.search(rf"\b{re.escape(file.name)}\b", t.text) for t in tests.get(file.room, []))
        run = file.room == "cli" and re.search(rf"[\"']{re.escape(stem)}[\"']", process)
        if not (included or named or run or tree.get(own)):
            yield Finding("tested", file.path, 1,
                          f"no test: write {own}, or name {file.name} in a test of {file.room}/", stem)


def built(tree):
    """Every .cc lies where the build looks: directly in a room, or named in a CMakeLists.txt."""
    builds = [f for f in tree.files if f.name == "CMakeLists.txt" or f.name.endswith(".cmake")]
    for file in tree.cpp:
        if not file.name.endswith(".cc"):
            continue
        folder = file.path.rsplit("/", 1)[0]
        if file.path.startswith("src/"):
            if folder != f"src/{file.room}" or file.room not in tree.rooms:
                yield Finding("built", file.path, 1, "not directly in a room of layers.txt, so it is not built")
        elif not any(re.search(rf"(?<![\w-]){re.escape(file.name)}", build.text) for build in builds):
            yield Finding("built", file.path, 1, "not named in any CMakeLists.txt")


def map_of_rooms(tree):
    """ARCHITECTURE.md has one paragraph for each folder of src/, in the order of layers.txt, and no other."""
    page = tree.get("ARCHITECTURE.md")
    if not page:
        yield Finding("map_of_rooms", "ARCHITECTURE.md", 1, "is missing")
        return
    told = re.findall(r"^\*\*`src/(\w+)/`\*\*", page.text, re.M)
    there = {f.room for f in tree.cpp if f.room}
    for room in sorted(there - set(told)):
        yield Finding("map_of_rooms", page.path, 1, f"src/{room}/ has no paragraph")
    for room in told:
        if room not in there:
            yield Finding("map_of_rooms", page.path, 1, f"src/{room}/ is told of, but is not there")
    ranks = [tree.rooms.get(room, (99, False))[0] for room in told]
    if ranks != sorted(ranks):
        yield Finding("map_of_rooms", page.path, 1, "the folders do not stand in the order of layers.txt")


def promises(tree):
    """docs/promises.md: each row's test exists. A test is `path::name` or `path`."""
    page = tree.get("docs/promises.md")
    if not page:
        yield Finding("promises", "docs/promises.md", 1, "is missing")
        return
    for number, line in enumerate(page.lines, 1):
        if not line.startswith("|") or set(line) <= set("|-: ") or "Held by" in line:
            continue
        held = re.findall(r"`([\w./-]+\.(?:py|cc|sh))(?:::([\w.]+))?`", line)
        if not held:
            yield Finding("promises", page.path, number, "a promise without a test")
        for path, name in held:
            file = tree.get(path)
            if not file:
                yield Finding("promises", page.path, number, f"{path} is not there")
            elif name and not all(re.search(rf"\b{re.escape(part)}\b", file.text) for part in name.split(".")):
                yield Finding("promises", page.path, number, f"{path} has no {name}")


def links_of_pages(tree):
    """A relative link in a page leads somewhere."""
    for file in tree.files:
        if not file.name.endswith(".md"):
            continue
        for match in re.finditer(r"\]\(([^)#\s]+)(?:#[^)]*)?\)", file.text):
            target = match.group(1)
            if re.match(r"[a-z]+:", target):
                continue
            base = tree.root / file.path.rsplit("/", 1)[0] if "/" in file.path else tree.root
            if not (base / target).exists():
                yield Finding("links_of_pages", file.path, file.line_of(match.start()), f"{target} is not there")


RULES = [tested, built, map_of_rooms, promises, links_of_pages]
