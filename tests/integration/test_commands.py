"""The commands, as a person and as a script meet them: output, exit codes, pipes, and what they leave behind."""

import json
import os
import resource
import subprocess

import pytest

from support import basin as program
from support import bodies
from support.house import EASY, HARD


@pytest.fixture
def home(tmp_path):
    return program.Home(tmp_path)


def test_explain_says_what_it_measured_and_what_would_tip_it(home):
    done = home.run("explain", "fix the grammar: me and him goes home")
    assert done.returncode == 0, done
    for word in ("small", "P(ok)", "dI", "D"):
        assert word in done.stdout, done.stdout
    assert "\x1b[" not in done.stdout, "colour in a pipe"
    record = json.loads(home.run("explain", "--json", "fix the grammar: me and him goes home").stdout)
    assert record["schema"] == "basin.decision/1"
    assert record["tier"] == "small" and record["tip"]


def test_explain_is_quick(home):
    """Under 10 ms of process time; the least of a few runs, because a busy machine only ever adds."""

    def took():
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        home.run("explain", "fix the grammar: me and him goes home")
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        return (after.ru_utime + after.ru_stime) - (before.ru_utime + before.ru_stime)

    if program.sanitized():
        pytest.skip("a sanitized build is not the one whose time is promised")
    # The interpreter's own fork is counted with it.
    assert min(took() for _ in range(7)) < 0.010


@pytest.mark.parametrize("dialect", bodies.ALL)
def test_explain_reads_prompts_and_bodies_from_anywhere(home, dialect):
    body = json.dumps(bodies.body(dialect, "some-model", HARD))
    for how in ({"stdin": HARD}, {"stdin": body}):
        record = json.loads(home.run("explain", "--json", **how).stdout)
        assert (record["tier"], record["ask"]["text"]) == ("large", HARD)
    assert json.loads(home.run("explain", "--json", "-", stdin=HARD).stdout)["ask"]["text"] == HARD
    file = home.path / "prompt.txt"
    file.write_text(EASY)
    assert json.loads(home.run("explain", "--json", "-f", file).stdout)["tier"] == "small"


def test_score_answers_each_row_in_order_and_bad_rows_too(home):
    rows = [{"id": i, "prompt": EASY if i % 2 else HARD} for i in range(200)]
    lines = [json.dumps(r) for r in rows]
    lines[7] = "not json"
    lines[9] = json.dumps({"id": "no-prompt"})
    lines[11] = json.dumps({"id": 11, **bodies.body("openai_chat", "m", EASY)})
    done = home.run("score", stdin="\n".join(lines) + "\n")
    out = [json.loads(line) for line in done.stdout.splitlines()]
    assert len(out) == len(rows)
    for i, row in enumerate(out):
        if i in (7, 9):
            assert row["error"]
        else:
            assert row["id"] == i
            assert row["tier"] == ("small" if i % 2 else "large")


def test_init_writes_what_validate_accepts_and_never_overwrites(home):
    done = home.run("init", "--yes")
    assert done.returncode == 0, done
    written = home.config.read_text()
    assert written.count("#") > 20, "the configuration is not commented"
    assert home.run("init", "--yes").returncode != 0
    assert home.config.read_text() == written
    checked = home.run("validate", ANTHROPIC_API_KEY=program.CLIENT_KEY)
    assert checked.returncode in (0, 1), checked
    assert program.CLIENT_KEY not in checked.stdout + checked.stderr


def test_validate_names_file_line_and_the_nearest_key(home):
    home.configure('[routing]\nmode = "on"\nclient_model_is_celing = true\n')
    done = home.run("validate")
    assert done.returncode in (1, 5), done
    assert "basin.toml:3" in done.stdout + done.stderr
    assert "client_model_is_ceiling" in done.stdout + done.stderr


def test_unknown_words_are_usage_errors_that_help(home):
    done = home.run("explian", "hi")
    assert done.returncode == 2 and "explain" in done.stderr
    done = home.run("serve", "--prot", "1")
    assert done.returncode == 2 and "--port" in done.stderr
    assert home.run("--help").returncode == 0
    assert home.run("version").returncode == 0


def test_what_needs_a_server_says_that_none_runs(home):
    for command in (["status"], ["reload"]):
        done = home.run(*command)
        assert done.returncode not in (0, 2), (command, done)
        assert "basin serve" in done.stdout + done.stderr


def test_env_and_completions_are_for_shells(home):
    done = home.run("env")
    assert done.returncode == 0 and "BASE_URL" in done.stdout
    assert subprocess.run(["sh", "-n"], input=done.stdout, text=True).returncode == 0
    done = home.run("completions", "bash")
    assert done.returncode == 0
    assert subprocess.run(["bash", "-n"], input=done.stdout, text=True).returncode == 0


def test_a_closed_pipe_is_silent(home):
    for command in (["--help"], ["explain", EASY], ["completions", "bash"]):
        read, write = os.pipe()
        os.close(read)
        with os.fdopen(write, "w") as sink:
            done = subprocess.run(
                [program.binary(), *command], stdout=sink, stderr=subprocess.PIPE, env=home.environment()
            )
        assert done.stderr == b"", command
        assert done.returncode >= 0, "killed by a signal"
