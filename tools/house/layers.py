"""Who may speak to whom: layers.txt against the #include lines, the link lists, and the owners of foreign headers."""

import re

from .tree import Finding

# Each foreign header has one owner. prefix: (what it is, pattern of the paths that may include it)
OWNERS = {
    "boost/": ("Boost (Asio, Beast)", r"src/net/.*"),
    "openssl/": ("OpenSSL", r"src/net/.*"),
    "simdjson": ("simdjson", r"(src/base/json\w*|bench/rivals)\.cc"),
    "fasttext/": ("fastText", r"bench/rivals\.cc"),
    "toml++/": ("toml++", r"src/config/\w+\.cc"),
    "CLI/": ("CLI11", r"src/cli/.*"),
    "fmt/": ("fmt", r"(src/.*|bench/.*)\.cc"),
    "zlib.h": ("zlib", r"src/(base/(content_coding|coding_stream)|lab/jsonl)(_test)?\.cc|src/base/testing_codings\.h"),
    "zstd.h": ("zstd", r"src/base/((content_coding|coding_stream)(_test)?\.cc|testing_codings\.h)"),
    "brotli/decode.h": ("brotli", r"src/base/coding_stream(_test)?\.cc"),
    "brotli/encode.h": ("brotli", r"src/base/testing_codings\.h"),
    "sqlite3.h": ("SQLite", r"src/base/sqlite\w*\.cc"),
    "hiredis/": ("hiredis", r"src/ledger/redis\w*\.cc"),
    "libpq-fe.h": ("libpq", r"src/ledger/postgres\w*\.cc"),
    "gtest/": ("GoogleTest", r".*(_test\.cc|/testing\w*\.(h|cc)|/test_\w+\.(h|cc)|\w*_testing\.(h|cc))"),
    "gmock/": ("GoogleMock", r".*_test\.cc"),
    "benchmark/": ("Google Benchmark", r".*_bench\.cc"),
}


def arrows(tree):
    """A room includes only rooms of a lower rank, and headers of rooms by their full path."""
    for file in tree.cpp:
        if not file.room and not file.path.startswith("include/"):
            continue
        if file.room and file.room not in tree.rooms:
            yield Finding("arrows", file.path, 1, f"room {file.room} is not in layers.txt")
            continue
        for line, what, angled in file.includes:
            target = what.split("/")[0]
            if file.path.startswith("include/"):
                if "/" in what and not what.startswith("basin/"):
                    yield Finding("arrows", file.path, line,
                                  f"public headers include only std and themselves, not {what}")
                continue
            if target not in tree.rooms:
                if not angled and "/" not in what:
                    yield Finding("arrows", file.path, line, f'include "{file.room}/{what}" by its full path')
                continue
            if angled:
                yield Finding("arrows", file.path, line, f'own headers are included with quotes: "{what}"')
            if target != file.room and tree.rooms[target][0] >= tree.rooms[file.room][0]:
                yield Finding("arrows", file.path, line,
                              f"{file.room} (rank {tree.rooms[file.room][0]}) may not include {target} "
                              f"(rank {tree.rooms[target][0]}); see layers.txt", target)


def cycles(tree):
    """No header includes itself by way of others."""
    graph = {f.path: [(line, f"src/{what}") for line, what, angled in f.includes if not angled]
             for f in tree.cpp if f.is_header}
    done, path = set(), []

    def visit(node):
        if node in path:
            yield path[path.index(node):]
            return
        if node in done or node not in graph:
            return
        path.append(node)
        for _, following in graph[node]:
            yield from visit(following)
        path.pop()
        done.add(node)

    for start in sorted(graph):
        for cycle in visit(start):
            yield Finding("cycles", cycle[0], 1, "headers include each other: " + " -> ".join(cycle + cycle[:1]))


def links(tree):
    """src/CMakeLists.txt links each room to lower ranks only, and to (the closure of) what it includes."""
    build = tree.get("src/CMakeLists.txt")
    if not build:
        return
    linked = {}
    for match in re.finditer(r"^basin_room\((\w+)([^)]*)\)", build.text, re.M):
        words = match.group(2).split()
        rooms = []
        if "ROOMS" in words:
            for word in words[words.index("ROOMS") + 1:]:
                if word == "LIBS":
                    break
                rooms.append(word)
        linked[match.group(1)] = rooms
        line = build.line_of(match.start())
        for room in rooms:
            if room not in tree.rooms or match.group(1) not in tree.rooms:
                yield Finding("links", build.path, line, f"{match.group(1)} or {room} is not in layers.txt")
            elif tree.rooms[room][0] >= tree.rooms[match.group(1)][0]:
                yield Finding("links", build.path, line, f"{match.group(1)} may not link {room}; see layers.txt")
    for room in tree.rooms:
        if room not in linked:
            yield Finding("links", build.path, 1, f"layers.txt names {room}, which is not built")

    def closure(room, seen):
        for other in linked.get(room, []):
            if other not in seen:
                seen.add(other)
                closure(other, seen)
        return seen

    for file in tree.cpp:
        if file.room not in linked:
            continue
        reach = closure(file.room, {file.room})
        for line, what, angled in file.includes:
            target = what.split("/")[0]
            if not angled and target in tree.rooms and target not in reach:
                yield Finding("links", file.path, line, f"{file.room} includes {target} but does not link it")


def owners(tree):
    """Foreign headers stay inside their owner's files; in headers only where the owner is the whole room."""
    for file in tree.cpp:
        for line, what, _ in file.includes:
            for prefix, (name, allowed) in OWNERS.items():
                if what.startswith(prefix) and not re.fullmatch(allowed, file.path):
                    yield Finding("owners", file.path, line, f"{name} belongs to {allowed}, not here", what)


RULES = [arrows, cycles, links, owners]
