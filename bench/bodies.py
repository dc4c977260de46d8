"""Request bodies as clients send them: varied, seeded, each with a placeholder that the load generator makes a serial.

1 KB is a person's turn with a little material; 100 KB and 5 MB are an agent's turns: system prompt, tool schemas, and a
history of tool calls with code and logs in them, JSON-escaped as real ones are.
"""

import json
import random

PLACEHOLDER = "##########"
ASKS = [
    "fix the grammar and keep my tone", "Turn these notes into a table with owner and due date",
    "summarise this for someone who missed the {w} meeting", "what did we decide about {w}?",
    "refactor the {w} layer so that it no longer blocks the caller", "write the release note",
    "why does {w} fail only under load? think it through", "translate to German, keep the names",
    "list every date and who is on the hook for {w}", "prove that {w} terminates",
    "make it shorter, two sentences at most",
    "design a migration from {w} to {v} without downtime", "convert to JSON with keys in snake_case",
    "which of these logs lines show the {w} error first?", "rename {w} to {v} everywhere and update the tests",
]
WORDS = ("storage parser invoice queue budget review ledger draft cache release roster ticket sensor harvest contract "
         "train garden clinic schema index backup router widget lesson market voyage recipe policy socket").split()
NAMES = "Ana Bo Chidi Dora Emre Farah Goran Hana Ivo Jun Kofi Lena Mio Nadia Olu Pia".split()
VERBS = "moved checked asked for dropped fixed reread shipped postponed measured wrote up argued about signed".split()


def sentence(rng):
    who, did, what, day = rng.choice(NAMES), rng.choice(VERBS), rng.choice(WORDS), rng.randint(1, 28)
    end = rng.choice(["still waits", "is done", "needs a second look", f"costs {rng.randint(10, 900)}", "is late"])
    return (f"{who} {did} the {what} {rng.choice(WORDS)} on {day}.{rng.randint(1, 12)}., "
            f"{rng.choice(['and', 'but', 'so'])} the {rng.choice(WORDS)} {end}.")


def code_line(rng):
    return rng.choice([
        "    if ({w}.size() > {n}) return fail(\"{w}: more than {n}\");",
        "  for (const auto& {w} : {v}s) {w}.{v}(\"{n}\");",
        "2026-11-{d:02} 09:{n2:02}:17.{n:03} WARN {w}[{n}]: \"{v}\" took {n} ms\\n", "def {w}_{v}(self, {w}, {v}={n}):",
        "        \"{w}\": [{n}, {n2}, \"{v}\"],", "// the {w} owns its {v}; see {w}.h line {n}",
    ]).format(w=rng.choice(WORDS), v=rng.choice(WORDS), n=rng.randint(0, 999), n2=rng.randint(0, 59),
              d=rng.randint(1, 28))


def ask(rng):
    text = rng.choice(ASKS).format(w=rng.choice(WORDS), v=rng.choice(WORDS))
    return f"{text} (ref {PLACEHOLDER})"


def identity(rng):
    session = "-".join("".join(rng.choice("0123456789abcdef") for _ in range(n)) for n in (8, 4, 4, 4, 12))
    return {"user_id": encode({"device_id": "0" * 64, "account_uuid": "", "session_id": session})}


def fill(size, make):
    """Lines from `make` until they hold `size` bytes as JSON writes them."""
    lines, total = [], 0
    while total < size:
        lines.append(make())
        total += len(json.dumps(lines[-1]))  # its quotes stand for the escaped newline
    return "\n".join(lines)


def person(rng, size):
    body = {"model": "claude-opus-4-5", "max_tokens": 1024, "metadata": identity(rng),
            "system": "You are a helpful assistant. Answer in the language of the question.",
            "messages": [{"role": "user", "content": ""}]}
    room = size - len(encode(body)) - 60
    body["messages"][0]["content"] = ask(rng) + "\n\n" + fill(max(60, room - 60), lambda: sentence(rng))
    return body


def agent(rng, size):
    tools = [{"name": f"{rng.choice(WORDS)}_{i}", "description": " ".join(sentence(rng) for _ in range(6)),
              "input_schema": {"type": "object", "properties": {w: {"type": "string", "description": sentence(rng)}
                                                                for w in rng.sample(WORDS, 4)}}} for i in range(14)]
    messages = [{"role": "user", "content": [{"type": "text", "text": "look at the " + rng.choice(WORDS)}]}]
    body = {"model": "claude-opus-4-5", "max_tokens": 32000, "stream": False, "metadata": identity(rng),
            "system": [{"type": "text", "text": fill(6000, lambda: sentence(rng)),
                        "cache_control": {"type": "ephemeral"}}],
            "tools": tools, "messages": messages}
    steps = max(3, min(40, size // 16000))
    share = max(1000, (size - len(encode(body))) // steps - 400)
    for step in range(steps):
        messages.append({"role": "assistant", "content": [
            {"type": "text", "text": sentence(rng)},
            {"type": "tool_use", "id": f"toolu_{step:024}", "name": tools[step % 14]["name"],
             "input": {"path": "src/x.cc"}}]})
        messages.append({"role": "user", "content": [
            {"type": "tool_result", "tool_use_id": f"toolu_{step:024}",
             "content": fill(share, lambda: code_line(rng))}]})
    messages.append({"role": "assistant", "content": [{"type": "text", "text": sentence(rng)}]})
    messages.append({"role": "user", "content": [{"type": "text", "text": ask(rng)}]})
    return body


def encode(body):
    return json.dumps(body, separators=(",", ":"), ensure_ascii=False)


SIZES = {"1k": (1024, 512, person), "100k": (100 * 1024, 24, agent), "5m": (5 << 20, 2, agent)}


def write(folder):
    """Writes one file of bodies, a line each, for every size; gives {size: path}."""
    paths = {}
    for name, (size, count, make) in SIZES.items():
        rng = random.Random(f"basin {name}")
        paths[name] = folder / f"bodies_{name}.jsonl"
        with open(paths[name], "w", encoding="utf-8") as file:
            for _ in range(count):
                file.write(encode(make(rng, size)) + "\n")
    return paths


if __name__ == "__main__":
    import pathlib
    import tempfile
    with tempfile.TemporaryDirectory() as folder:
        for name, path in write(pathlib.Path(folder)).items():
            lengths = [len(line.encode()) for line in path.read_text().splitlines()]
            print(name, len(lengths), "bodies of", min(lengths), "to", max(lengths), "bytes")
