"""`basin score` as a filter over logs of any size."""

import gzip
import json
import os
import pty
import subprocess
import threading

import pytest

from support import basin as program
from support import bodies, odd_prompts
from support.house import EASY, HARD


@pytest.fixture
def home(tmp_path):
    return program.Home(tmp_path)


def test_every_kind_of_row_gets_the_answer_of_explain(home):
    texts = [text for text in odd_prompts.PLAIN if text.strip()]
    rows = [{"id": n, "prompt": text} for n, text in enumerate(texts)]
    for dialect in bodies.ALL:
        rows.append({"id": dialect, **bodies.body(dialect, "m", HARD)})
        texts.append(json.dumps(bodies.body(dialect, "m", HARD)))
    rows.append({"id": "messages", "messages": [bodies.user(EASY), bodies.assistant("Done."), bodies.user("thanks")]})
    texts.append(json.dumps({key: value for key, value in rows[-1].items() if key != "id"}))
    done = home.run("score", stdin="\n".join(map(json.dumps, rows)))
    scores = [json.loads(line) for line in done.stdout.splitlines()]
    assert [score["id"] for score in scores] == [row["id"] for row in rows]
    for score, text in zip(scores, texts):
        record = json.loads(home.run("explain", "--json", stdin=text).stdout)
        for name in ("action", "tier", "p_small_ok", "difficulty", "delta_info", "delta_tokens", "depth"):
            assert score[name] == record[name], text[:200]
        assert score["ask"] == record["ask"]["text"]
        assert record["topology"][score["topology"]] == max(record["topology"].values())


def test_a_bad_row_is_told_by_its_line_and_the_rest_goes_on(home):
    lines = ['{"id":1,"prompt":"sort b, a"}', "", "not json", '{"id":"x"}', '{"id":"\\q","prompt":"sort b, a"}',
             '{"id":12345678901234567890.10,"prompt":"sort b, a"}', "\ufeff{}", '{"id":2,"prompt":"sort c, a"}']
    done = home.run("score", stdin="\n".join(lines) + "\n")
    assert done.returncode == 0 and done.stderr == ""
    out = [json.loads(line) for line in done.stdout.splitlines()]
    assert [(row["id"], row.get("line"), "error" in row) for row in out] == [
        (1, None, False), (None, 3, True), ("x", 4, True), (None, None, False),
        (pytest.approx(1.2345678901e19), None, False), (None, 7, True), (2, None, False)]
    assert '"id":12345678901234567890.10,' in done.stdout


def test_a_file_that_ends_early_is_scored_as_far_as_it_goes(home):
    rows = "".join(json.dumps({"id": n, "prompt": f"sort row {n}"}) + "\n" for n in range(3000))
    whole = gzip.compress(rows.encode())
    path = home.path / "cut.jsonl.gz"
    path.write_bytes(whole[:-len(whole) // 4])
    done = home.run("score", path)
    ids = [json.loads(line)["id"] for line in done.stdout.splitlines() if '"error"' not in line]
    assert done.returncode == 2 and "cut.jsonl.gz" in done.stderr
    assert len(ids) > 1000 and ids == list(range(len(ids)))


def stream(home, rows, row_bytes):
    """Scores a stream of rows that is never whole anywhere: (answers, peak resident bytes)."""
    filler = "The delivery notes of March lie in the second drawer, next to the keys. " * (row_bytes // 72)
    process = subprocess.Popen([program.binary(), "score"], stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                               env=home.environment())

    def write():
        with process.stdin:
            for n in range(rows):
                process.stdin.write(json.dumps({"id": n, "prompt": f"Summarise row {n}:\n\n{filler}"}).encode() + b"\n")

    writer = threading.Thread(target=write)
    writer.start()
    answers = 0
    for line in process.stdout:
        assert line.startswith(b'{"schema":"basin.score/1","id":%d,' % answers), line
        answers += 1
    writer.join()
    process.stdout.close()
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    assert process.returncode == 0
    return answers, usage.ru_maxrss * 1024


def test_a_long_stream_keeps_its_order_and_takes_no_more_memory_than_a_short_one(home):
    few, many = (100, 400) if program.sanitized() else (1000, 20_000)
    answers, short = stream(home, few, 4096)
    assert answers == few
    answers, long = stream(home, many, 4096)
    assert answers == many
    if not program.sanitized():  # whose allocator keeps what was freed
        assert long < short + (16 << 20)


def test_a_terminal_sees_how_far_it_is_and_a_pipe_does_not(home):
    path = home.path / "rows.jsonl"
    path.write_text("".join(json.dumps({"id": n, "prompt": EASY}) + "\n" for n in range(500)))
    assert home.run("score", path, TERM="xterm").stderr == ""
    for arguments, environment, seen in (([], {"TERM": "xterm"}, True), (["--quiet"], {"TERM": "xterm"}, False),
                                         ([], {"TERM": "dumb"}, False)):
        master, terminal = pty.openpty()
        done = subprocess.run([program.binary(), "score", path, *arguments], stdout=subprocess.PIPE, stderr=terminal,
                              env=home.environment(**environment), timeout=60)
        os.close(terminal)
        try:
            shown = os.read(master, 65536).decode()
        except OSError:  # nothing was written, and nobody holds the other end any more
            shown = ""
        os.close(master)
        assert done.returncode == 0 and len(done.stdout.splitlines()) == 500
        assert ("rows/s" in shown) == seen, shown
        assert not seen or shown.endswith("\r\x1b[K"), "the line is left behind"
