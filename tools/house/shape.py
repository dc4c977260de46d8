"""How long and how wide: files, functions, lines, classes."""

from . import cpp
from .tree import Finding

FILE_SOFT, FILE_HARD, TEST_FILE_HARD = 300, 600, 900
FUNCTION_HARD, TEST_FUNCTION_HARD = 70, 120
LINE_WIDTH = 120
PUBLIC_METHODS, FIELDS = 15, 20


def files(tree):
    """Soft 300 lines, hard 600; tests 900."""
    for file in tree.files:
        if not file.name.endswith((".h", ".cc", ".py")):
            continue
        count = file.text.count("\n")
        hard = TEST_FILE_HARD if file.is_test else FILE_HARD
        if count > hard:
            yield Finding("files", file.path, count, f"{count} lines, at most {hard}")
        elif count > FILE_SOFT and not file.is_test:
            yield Finding("files", file.path, count, f"{count} lines, better under {FILE_SOFT}", warning=True)


def functions(tree):
    """At most 70 lines, signature and closing brace included; tests 120."""
    for file in tree.cpp:
        hard = TEST_FUNCTION_HARD if file.is_test else FUNCTION_HARD
        for one in cpp.scan(file)[0]:
            length = one.last_line - one.line + 1
            if length > hard:
                yield Finding("functions", file.path, one.line, f"{one.name} has {length} lines, at most {hard}",
                              one.name)


def classes(tree):
    """At most 15 public methods and 20 fields: an object that does one thing."""
    for file in tree.cpp:
        if file.is_test:
            continue
        for one in cpp.scan(file)[1]:
            methods = set(one.methods)  # overloads count once
            if len(methods) > PUBLIC_METHODS:
                yield Finding("classes", file.path, one.line,
                              f"{one.name} has {len(methods)} public methods, at most {PUBLIC_METHODS}", one.name)
            if len(one.fields) > FIELDS:
                yield Finding("classes", file.path, one.line,
                              f"{one.name} has {len(one.fields)} fields, at most {FIELDS}", one.name)


def lines(tree):
    """Width 120, no tabs, no blanks at a line's end."""
    for file in tree.files:
        if not file.name.endswith((".h", ".cc", ".py", ".sh", ".cmake", "CMakeLists.txt")):
            continue
        for number, line in enumerate(file.lines, 1):
            literal = file.is_test and 'R"' in line  # a body quoted as it is sent
            if len(line) > LINE_WIDTH and not literal:
                yield Finding("lines", file.path, number, f"{len(line)} columns, at most {LINE_WIDTH}")
            if "\t" in line:
                yield Finding("lines", file.path, number, "a tab")
            if line != line.rstrip():
                yield Finding("lines", file.path, number, "blanks at the end")


RULES = [files, functions, classes, lines]
