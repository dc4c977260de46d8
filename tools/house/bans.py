"""What may not be called, and where."""

import re

from . import cpp
from .tree import Finding

# Rooms marked pure in layers.txt: the same input gives the same bytes out, on any machine, at any time.
IMPURE_HEADERS = re.compile(
    r"(iostream|fstream|thread|mutex|shared_mutex|condition_variable|future|semaphore|latch|barrier|"
    r"chrono|ctime|time\.h|random|filesystem|unistd\.h|fcntl\.h|sys/.*|netinet/.*|arpa/.*|netdb\.h|poll\.h|signal\.h|"
    r"csignal|atomic|locale)")
IMPURE_CALLS = re.compile(
    r"\b(fopen|fread|fwrite|printf|fprintf|puts|getenv|setenv|time|clock|clock_gettime|gettimeofday|rand|random|open|"
    r"read|write|socket|getpid|thread_local|std::cout|std::cerr|std::cin|std::clog|setlocale)\b(?=\s*[(<;&.]|\s+\w)")
IMPURE_CALLS_ONLY = {"time", "clock", "open", "read", "write", "random", "puts", "socket"}

STATIC_VARIABLE = re.compile(
    r"^\s+static\s+(?!const\b|constexpr\b|inline\b)[\w:<>,\s*&]+?\b\w+\s*(?:=|\{|;)", re.M)

# Everywhere: (pattern, why, paths where it stands all the same). A function of ours that happens to bear such a name is
# told by its declaration; `unique_ptr<T>(new T` reaches private constructors and owns at once.
BANNED = [
    (r"\b(strcpy|strcat|sprintf|vsprintf|gets|strtok)\s*\(", "unbounded or stateful C string call", r"$^"),
    (r"\b(atoi|atol|atof)\s*\(", "cannot fail: use from_chars", r"$^"),
    (r"(?<![\w.>:])(system|popen)\s*\(", "a shell", r"$^"),
    (r"(?<![\w.>])(rand|srand)\s*\(", "hidden global state: pass a seeded generator", r"$^"),
    (r"\bstd::regex\b", "slow to compile, slow to run, recursive", r"$^"),
    (r"\bstd::endl\b", "flushes: write '\\n'", r"$^"),
    (r"\b(?:malloc|calloc|realloc)\s*\(|(?<![\w.>])free\s*\(", "owned by nobody", r".*_fuzz\.cc|bench/allocations\.cc"),
    (r"(?<!operator )(?<!operator)\bnew\s+[A-Za-z_:]", "use make_unique or make_unique_for_overwrite", r"$^"),
    (r"(?<!= )(?<!=)(?<!operator )\bdelete\b(?:\s*\[\])?\s+[A-Za-z_*(]", "use unique_ptr", r"$^"),
    (r"\.\s*detach\s*\(\s*\)", "a thread nobody joins", r"$^"),
    (r"\bstd::async\b", "a thread nobody named", r"$^"),
    (r"\bvolatile\b", "not a synchronisation", r".*_bench\.cc"),
    (r"\bsetjmp\b|\blongjmp\b", "jumps over destructors", r"$^"),
]
OWNED_AT_ONCE = re.compile(r"unique_ptr<[^;]*>\s*\w*[({]\s*$")
SLEEPS = re.compile(r"\b(sleep_for|sleep_until|usleep|nanosleep)\s*\(|(?<![\w.>])sleep\s*\(")
PYTHON_SLEEPS = re.compile(r"\btime\.sleep\s*\(|\basyncio\.sleep\s*\(\s*[0-9.]*[1-9]")


def pure(tree):
    """Pure rooms have no I/O, clock, threads, globals, randomness."""
    for file in tree.cpp:
        if not tree.rooms.get(file.room, (0, False))[1] or file.is_test:
            continue
        for line, what, _ in file.includes:
            if IMPURE_HEADERS.fullmatch(what):
                yield Finding("pure", file.path, line, f"<{what}> in a pure room", what)
        for match in IMPURE_CALLS.finditer(file.code):
            word = match.group(1)
            before = file.code[max(0, match.start() - 2):match.start()]
            after = file.code[match.end():match.end() + 2].lstrip()
            if word in IMPURE_CALLS_ONLY and (not after.startswith("(") or before.endswith((".", "->", "::"))
                                              or _own(file, word)):
                continue
            yield Finding("pure", file.path, file.line_of(match.start()), f"{word} in a pure room", word)
        for match in STATIC_VARIABLE.finditer(file.code):
            if "(" not in match.group(0):
                yield Finding("pure", file.path, file.line_of(match.end()), "a static variable in a pure room")


def _own(file, word):
    """`Writer& open(char)`: the file declares a function of that name itself."""
    for match in re.finditer(rf"([\w>&*]+)\s+[&*]*{word}\s*\(", file.code):
        if match.group(1) not in ("return", "co_return", "co_await", "else"):
            return True
    return False


def everywhere(tree):
    """Calls that nobody makes."""
    for file in tree.cpp:
        for pattern, why, allowed in BANNED:
            if re.fullmatch(allowed, file.path):
                continue
            for match in re.finditer(pattern, file.code, re.M):
                if "make_unique" in why and OWNED_AT_ONCE.search(file.code[max(0, match.start() - 120):match.start()]):
                    continue
                word = re.match(r"\w+", match.group(0))
                if match.group(0).endswith("(") and word and _own(file, word.group(0)):
                    continue
                yield Finding("everywhere", file.path, file.line_of(match.start()),
                              f"{match.group(0).strip()} ({why})", match.group(0).strip(" ("))
        if file.is_header:
            for match in re.finditer(r"^\s*using\s+namespace\b", file.code, re.M):
                yield Finding("everywhere", file.path, file.line_of(match.end()), "using namespace in a header")


def sleeps(tree):
    """A test waits for a condition, never for a time."""
    for file in tree.files:
        pattern = None
        if file.is_cpp and file.is_test and not file.name.endswith("_bench.cc"):
            pattern, text = SLEEPS, file.code
        elif file.name.endswith(".py") and file.path.startswith("tests/"):
            pattern, text = PYTHON_SLEEPS, file.text
        for match in pattern.finditer(text) if pattern else []:
            yield Finding("sleeps", file.path, file.line_of(match.start()), f"{match.group(0).strip()} in a test")


def globals(tree):
    """No variable at namespace scope that can change."""
    start = re.compile(r"^(?:inline\s+|static\s+|thread_local\s+|alignas\([^)]*\)\s*)*"
                       r"(?!const\b|constexpr\b|constinit\s+const\b|consteval\b|using\b|typedef\b|extern\b|template\b|"
                       r"friend\b|class\b|struct\b|enum\b|union\b|namespace\b|static_assert\b|asm\b|return\b|public\b)"
                       r"(?:inline\s+|static\s+)*(?!const\b|constexpr\b)"
                       r"[\w:]+(?:<.*>)?[\s*&]+\w+(?:\[.*\])?\s*(?:=.*|\{.*)?$")
    for file in tree.cpp:
        if not file.room or file.is_test:
            continue
        for one in cpp.scan(file)[2]:
            head = one.text.split("=")[0].split("{")[0]
            if "(" not in head and start.match(one.text) and not re.search(r"\bconst(expr)?\b", head):
                yield Finding("globals", file.path, one.line, f"a variable at namespace scope: {one.text[:60]}",
                              re.findall(r"\w+", head)[-1])


RULES = [pure, everywhere, sleeps, globals]
