"""An approximate reading of C++: where functions and classes begin and end, and what a class declares.

It is a bracket counter with an eye for what stands before a brace, not a parser. That is enough for metres (how long,
how wide) over code in one style, and it costs no compiler. What it cannot tell it lets pass.
"""

import re
from dataclasses import dataclass, field

_CLASS = re.compile(r"\b(class|struct|union)\s+(?:\[\[[^\]]*\]\]\s*)?(?:alignas\s*\([^)]*\)\s*)?([\w:]+)?"
                    r"(?:\s+final)?\s*(?::(?!:).*)?$", re.S)
_CONTROL = re.compile(r"^\s*(?:else\s+)?(?:if|for|while|switch|catch|do|else|try|return)\b")
_NOT_NAME = {"if", "for", "while", "switch", "catch", "return", "sizeof", "decltype", "noexcept", "requires", "alignas",
             "static_assert", "explicit", "assert", "defined"}


@dataclass
class Function:
    name: str
    line: int       # where its declaration begins
    last_line: int


@dataclass
class Class:
    name: str
    kind: str       # class, struct, union
    line: int
    body: str       # between the braces, comments and literals blanked
    nested: bool
    offset: int     # of the body in the file
    fields: list = field(default_factory=list)
    methods: list = field(default_factory=list)  # public ones, constructors, destructors and operators left out


@dataclass
class Statement:
    """A declaration at namespace scope that ended in a semicolon."""
    text: str
    line: int


def scan(file):
    """(functions, classes, namespace-scope statements) of a File; read once, whichever rules ask."""
    if not hasattr(file, "outline"):
        file.outline = _scan(file)
    return file.outline


def _scan(file):
    code = re.sub(r"^[ \t]*#(?:[^\n\\]|\\.|\\\n)*", lambda m: re.sub(r"[^\n]", " ", m.group(0)), file.code, flags=re.M)
    functions, classes, statements = [], [], []
    stack = [("namespace", None, 0)]
    start = 0        # where the text before the next brace begins
    parens = 0
    for at, char in enumerate(code):
        if char == "(":
            parens += 1
        elif char == ")":
            parens = max(0, parens - 1)
        elif char == ";" and parens == 0:
            if stack[-1][0] == "namespace":
                text = code[start:at]
                if text.strip():
                    statements.append(Statement(" ".join(text.split()), _first_line(code, start)))
            start = at + 1
        elif char == "{":
            kind, name = _kind(code[start:at], stack[-1][0], parens)
            stack.append((kind, name, _skip_space(code, start), at, parens))
            if kind != "initializer":
                start = at + 1
                parens = 0
        elif char == "}" and len(stack) > 1:
            kind, name, begin, brace, outer = stack.pop()
            if kind == "function":
                functions.append(Function(name, _line(code, begin), _line(code, at)))
            elif kind in ("class", "struct", "union"):
                nested = any(s[0] in ("class", "struct", "union", "function") for s in stack)
                classes.append(Class(name, kind, _line(code, begin), code[brace + 1:at], nested, brace + 1))
            if kind != "initializer":
                start = at + 1
            parens = outer
    for one in classes:
        _members(one)
    return functions, classes, statements


def _kind(before, outer, parens):
    text = before.strip()
    if parens > 0:
        return "block" if outer in ("function", "block") else "initializer", None
    if re.search(r"\bnamespace\b[\w:\s]*$", text) or re.match(r'extern\s*"\s*C?\s*"\s*$', text):
        return "namespace", None
    if re.search(r"\benum\b[^()]*$", text):
        return "enum", None
    if outer in ("namespace", "class", "struct", "union"):
        match = _CLASS.search(re.sub(r"^\s*template\s*<[^{}]*?>\s*(?=class|struct|union)", "", text))
        if match and "(" not in text[:text.find(match.group(1))].replace("requires(", "") and not text.endswith(")"):
            return match.group(1), match.group(2) or ""
        in_list = re.search(r"\)\s*(?:noexcept\s*)?:(?!:)[^;]*[\w>]$", text)  # `: a_{1}`, a constructor's first brace
        if "(" in text and not text.endswith("=") and not in_list and not _CONTROL.match(text):
            return "function", _function_name(text)
        return "initializer", None
    return "block", None


def _function_name(text):
    for match in re.finditer(r"([~\w:]+|operator\s*[^\s\w(]+|operator\s*\(\))\s*\(", text):
        name = match.group(1)
        if name not in _NOT_NAME:
            return name
    return "?"


def _line(code, offset):
    return code.count("\n", 0, offset) + 1


def _skip_space(code, offset):
    while offset < len(code) and code[offset].isspace():
        offset += 1
    return offset


def _first_line(code, offset):
    return _line(code, _skip_space(code, offset))


def flatten(body):
    """A class body with the inside of nested braces blanked."""
    out, depth = [], 0
    for char in body:
        if char == "}":
            depth -= 1
        out.append(char if depth == 0 or char == "\n" else " ")
        if char == "{":
            depth += 1
    return "".join(out)


def declarations(body):
    """(access, text, offset) of each declaration directly in a class body; access is None before any label."""
    flat = flatten(body)
    access, start, parens = None, 0, 0
    at = 0
    while at < len(flat):
        char = flat[at]
        if char == "(":
            parens += 1
        elif char == ")":
            parens -= 1
        elif char == ":" and parens == 0:
            label = re.search(r"\b(public|protected|private)\s*$", flat[start:at])
            if label and flat[at:at + 2] != "::":
                access, start = label.group(1), at + 1
        elif parens == 0 and char == ";":
            if flat[start:at].strip():
                yield access, flat[start:at], _skip_space(flat, start)
            start = at + 1
        elif parens == 0 and char == "}":
            text = flat[start:at]
            rest = flat[at + 1:at + 40].lstrip()
            if not rest.startswith((";", ",", "=")) and "(" in text.split("{")[0]:
                yield access, text.split("{")[0] + " {", _skip_space(flat, start)
                start = at + 1
        at += 1


_NOT_FIELD = re.compile(r"^\s*(?:using|typedef|friend|enum|class|struct|union|static|template|public|private|protected|"
                        r"static_assert|constexpr|inline\s+(?:static|constexpr))\b")


def _members(one):
    short = one.name.split("::")[-1]
    default = "private" if one.kind == "class" else "public"
    for access, text, _ in declarations(one.body):
        plain = _without_templates(re.sub(r"\[\[[^\]]*\]\]|alignas\s*\([^)]*\)", " ", text))
        head = re.split(r"=(?!=)|\{", plain.replace("operator=", "operator_"))[0]
        if "(" in head:
            name = re.search(r"([~\w]+)\s*\(", head)
            if (access or default) != "public" or not name or re.search(r"\boperator|^\s*friend\b", plain):
                continue
            if name.group(1).lstrip("~") != short and name.group(1) not in _NOT_NAME:
                one.methods.append(name.group(1))
        elif not _NOT_FIELD.match(plain):
            one.fields.extend(_field_names(plain))


def _without_templates(text):
    previous = None
    while previous != text:
        previous = text
        text = re.sub(r"<[^<>;{}]*>", " ", text)
    return text


def _field_names(text):
    """`double p = 0, low = 0` -> [p, low]; initialisers may hold commas in brackets."""
    depth, parts, current = 0, [], []
    for char in text:
        if char in "({[":
            depth += 1
        elif char in ")}]":
            depth -= 1
        if char == "," and depth == 0:
            parts.append("".join(current))
            current = []
        else:
            current.append(char)
    parts.append("".join(current))
    names = []
    for part in parts:
        match = re.search(r"([A-Za-z_]\w*)\s*(?:\[[^\]]*\]\s*)*(?::\s*\d+\s*)?$", re.split(r"=|\{", part)[0].rstrip())
        if match:
            names.append(match.group(1))
    return names
