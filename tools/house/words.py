"""What is written: contract comments, names of vendors, unfinished business, paths of one machine."""

import re

from . import cpp
from .tree import Finding

VENDORS = re.compile(r"anthropic|claude|openai|codex|chatgpt|\bgpt-|gemini|ollama|llama|lmstudio|lm_studio|vllm|"
                     r"mistral|qwen|deepseek|sonnet|\bopus\b|haiku|opencode", re.I)
# Names of the wire dialects are words of ours.
DIALECT_WORDS = re.compile(r"Dialect::\w+|\bopenai_chat\b|\bopenai_responses\b|\banthropic_messages\b")
VENDOR_ROOMS = {"upstream", "wire", "history"}
UNFINISHED = re.compile(r"\b(TODO|FIXME|XXX|HACK)\b")
MACHINE = re.compile("/" + r"(?:work|root|home/[a-z]+)/(?!\.\.\.)")
NAMES = re.compile(r"\b(?:class|struct)\s+(\w*(?:Manager|Helper|Util|Utils|Handler|Processor))\b")


def contracts(tree):
    """Every type and free function of a header says what it is: above, beside, or in the group it belongs to."""
    for file in tree.cpp:
        if not file.is_header or file.is_test or not (file.room or file.path.startswith("include/")):
            continue
        _, classes, statements = cpp.scan(file)
        first = min((c.line for c in classes), default=0)
        for one in classes:
            essay = one.line == first and file.lines[0].startswith("//")
            if one.name and not one.nested and not essay and not _commented(file, one.line):
                yield Finding("contracts", file.path, one.line, f"{one.name} has no contract comment", one.name)
        for one in statements:
            name = re.search(r"(\w+)\s*\(", one.text)
            if name and not re.match(r"(static_assert|using|friend|template\s*<>)\b", one.text):
                if not _commented(file, one.line):
                    yield Finding("contracts", file.path, one.line, f"{name.group(1)} has no contract comment",
                                  name.group(1))
        for one in classes:
            if not one.nested:
                yield from _public_groups(file, one)


def _commented(file, line):
    """A comment on the line, or above it without a blank line between."""
    if "//" in file.lines[line - 1]:
        return True
    at = line - 2
    while at >= 0 and file.lines[at].strip():
        text = file.lines[at].strip()
        if "//" in text:
            return True
        if text.endswith("{") and "namespace" in text:
            return False
        at -= 1
    return False


def _public_groups(file, one):
    """A group of public methods (no blank line between) holds a comment, unless each of them speaks for itself."""
    default = "private" if one.kind == "class" else "public"
    for access, text, offset in cpp.declarations(one.body):
        if (access or default) != "public" or "(" not in text:
            continue
        head = " ".join(text.split())
        if head.endswith("{") or re.search(r"=\s*(default|delete)|\boperator|\boverride\b", head):
            continue  # an inline body speaks for itself
        name = re.search(r"([~\w]+)\s*\(", head)
        if not name or name.group(1).lstrip("~") == one.name.split("::")[-1] or head.startswith(("friend", "using")):
            continue
        line = file.line_of(one.offset + offset)
        if not _commented(file, line) and not _speaks(head):
            yield Finding("contracts", file.path, line, f"{one.name}::{name.group(1)} has no contract comment",
                          f"{one.name}::{name.group(1)}")


def _speaks(head):
    """`std::size_t size() const`: a getter named after what it gives."""
    return bool(re.search(r"\w\s*\(\s*\)\s*const( noexcept)?$", head))


def vendors(tree):
    """No vendor's name in generic code: a new vendor is one edit in one place."""
    for file in tree.cpp:
        if not file.room or file.room in VENDOR_ROOMS or file.is_test:
            continue
        text = DIALECT_WORDS.sub(lambda m: " " * len(m.group(0)), file.code_and_strings)
        for match in VENDORS.finditer(text):
            yield Finding("vendors", file.path, file.line_of(match.start()),
                          f"{match.group(0)!r} outside upstream/, wire/, history/", match.group(0).lower())


def unfinished(tree):
    """Done, or not there."""
    for file in tree.files:
        own = file.path.startswith("tools/house/") or file.path == "tools/tidy_test.py"
        if file.name.endswith((".h", ".cc", ".py", ".sh", ".cmake", ".txt")) and not own:
            for match in UNFINISHED.finditer(file.text):
                yield Finding("unfinished", file.path, file.line_of(match.start()), match.group(0))


def machine_paths(tree):
    """Nothing knows where one person's checkout lies."""
    for file in tree.files:
        if file.name.endswith(".jsonl"):  # prompts that people wrote name paths of all kinds
            continue
        for match in MACHINE.finditer(file.text):
            yield Finding("machine_paths", file.path, file.line_of(match.start()),
                          f"a path of one machine: {match.group(0)}")


def names(tree):
    """A type is named for what it is."""
    for file in tree.cpp:
        for match in NAMES.finditer(file.code):
            yield Finding("names", file.path, file.line_of(match.start()), f"{match.group(1)}: say what it is",
                          match.group(1))


RULES = [contracts, vendors, unfinished, machine_paths, names]
