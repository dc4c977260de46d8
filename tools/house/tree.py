"""What the rules look at: a tree of files, read once, and C++ text with comments and literals blanked out."""

import re
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

SKIPPED = {".git", "build", ".cache", "node_modules", "__pycache__", ".pytest_cache"}


@dataclass(frozen=True)
class Finding:
    rule: str
    path: str
    line: int
    text: str
    subject: str = ""  # what an exception names: a function, a class, a word
    warning: bool = False

    def __str__(self):
        grade = "warning" if self.warning else "error"
        return f"{self.path}:{self.line}: {grade}: {self.text} [{self.rule}]"


class File:
    """One file of the tree. `code` has the same lines and columns as `text`, comments and literals blanked."""

    def __init__(self, root, path):
        self.path = path.relative_to(root).as_posix()
        self.name = path.name
        self.text = path.read_text(encoding="utf-8", errors="replace")

    @cached_property
    def lines(self):
        return self.text.split("\n")

    @cached_property
    def code(self):
        return blank(self.text, keep_strings=False)

    @cached_property
    def code_and_strings(self):
        return blank(self.text, keep_strings=True)

    @property
    def room(self):
        """The folder under src/, or ""."""
        parts = self.path.split("/")
        return parts[1] if parts[0] == "src" and len(parts) > 2 else ""

    @property
    def is_header(self):
        return self.name.endswith(".h")

    @property
    def is_cpp(self):
        return self.name.endswith((".h", ".cc"))

    @property
    def is_test(self):
        stem = self.name.rsplit(".", 1)[0]
        return stem.endswith(("_test", "_fuzz", "_bench")) or self.path.startswith("tests/") or "/testing" in self.path

    @cached_property
    def includes(self):
        """(line, what, angled) for each #include."""
        found = []
        for number, line in enumerate(self.lines, 1):
            match = re.match(r'\s*#\s*include\s*([<"])([^>"]+)[>"]', line)
            if match:
                found.append((number, match.group(2), match.group(1) == "<"))
        return found

    def line_of(self, offset):
        return self.text.count("\n", 0, offset) + 1


class Tree:
    """All files under a root that people write."""

    def __init__(self, root):
        self.root = Path(root)
        self.files = [File(self.root, p) for p in sorted(self._walk(self.root))]
        self._by_path = {f.path: f for f in self.files}

    def _walk(self, folder):
        for entry in folder.iterdir():
            if entry.is_symlink() or entry.name in SKIPPED:
                continue
            if entry.is_dir():
                yield from self._walk(entry)
            elif _is_text(entry):
                yield entry

    def get(self, path):
        return self._by_path.get(path)

    @property
    def cpp(self):
        return [f for f in self.files if f.is_cpp]

    @cached_property
    def rooms(self):
        """layers.txt: {room: (rank, pure)}."""
        layers = self.get("layers.txt")
        rooms = {}
        for line in layers.lines if layers else []:
            words = line.split("#")[0].split()
            if len(words) >= 2:
                rooms[words[1]] = (int(words[0]), "pure" in words[2:])
        return rooms


TEXT_NAMES = {"Makefile", "LICENSE", "CMakeLists.txt", "deps", "run"}
TEXT_SUFFIXES = (".cc", ".h", ".S", ".py", ".sh", ".md", ".txt", ".cmake", ".json", ".jsonl", ".toml", ".conf", ".cfg",
                 ".ini", ".yml", ".yaml", ".js", ".mjs", ".ts", ".html", ".css")


def _is_text(path):
    if path.name in TEXT_NAMES or path.name.startswith("."):
        return True
    if path.suffix == "" and path.parent.name in ("tools", ".ci"):
        return True
    return path.suffix in TEXT_SUFFIXES and path.stat().st_size < 4 << 20


_TOKEN = re.compile(
    r"//[^\n]*"
    r"|/\*.*?\*/"
    r'|R"(?P<tag>[^()\s]{0,16})\(.*?\)(?P=tag)"'
    r'|"(?:\\.|[^"\\\n])*"'
    r"|(?<![0-9A-Fa-f])'(?:\\.|[^'\\\n])+'",
    re.S)


def blank(text, keep_strings):
    """Comments (and literals, unless kept) replaced by spaces; newlines stay, so that offsets and lines do too."""

    def replace(match):
        token = match.group(0)
        if token.startswith("/"):
            return re.sub(r"[^\n]", " ", token)
        if keep_strings:
            return token
        if len(token) < 2:
            return token
        return token[0] + re.sub(r"[^\n]", " ", token[1:-1]) + token[-1]

    return _TOKEN.sub(replace, text)
