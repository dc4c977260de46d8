"""libbasin as other programs meet it: installed, found by CMake and pkg-config, and of one mind with the command."""

import json
import re
import subprocess

import pytest

from support import basin as program
from support import odd_prompts

TEXTS = odd_prompts.PLAIN + odd_prompts.BODIES + odd_prompts.BROKEN_BODIES
CONSUMER = program.ROOT / "tests" / "consumer"
SANITIZER = "-fsanitize=address,undefined"


def run(*command, **how):
    done = subprocess.run([str(c) for c in command], capture_output=True, timeout=300, **how)
    assert done.returncode == 0, done.stdout.decode() + done.stderr.decode()
    return done.stdout.decode()


@pytest.fixture(scope="module")
def installed(tmp_path_factory):
    prefix = tmp_path_factory.mktemp("installed")
    run("cmake", "--install", program.binary().parent, "--prefix", prefix, "--component", "library")
    return prefix


@pytest.fixture(scope="module")
def programs(installed, tmp_path_factory):
    """The consumer project, configured and built as a stranger would."""
    build = tmp_path_factory.mktemp("consumer")
    flags = SANITIZER if program.sanitized() else ""
    run("cmake", "-S", CONSUMER, "-B", build, "-G", "Ninja", f"-DCMAKE_PREFIX_PATH={installed}",
        f"-DCMAKE_C_FLAGS={flags}", f"-DCMAKE_CXX_FLAGS={flags}")
    run("cmake", "--build", build)
    return build


@pytest.fixture(scope="module")
def expected(tmp_path_factory):
    """What the command says to each text: (record without its time, or the complaint; the record)."""
    home = program.Home(tmp_path_factory.mktemp("home"))
    answers = []
    for text in TEXTS:
        done = home.run("explain", "--json", stdin=text)
        if done.returncode == 0:
            answers.append(without_time(json.loads(done.stdout)))
        else:
            answers.append(done.stderr.removeprefix("basin: ").strip())
    assert sum(isinstance(answer, str) for answer in answers) == len(odd_prompts.BROKEN_BODIES)
    return answers


def without_time(record):
    return {key: value for key, value in record.items() if key != "time"}


def numbers_of(record):
    kinds = record["topology"]
    return [record[name] for name in ("p_small_ok", "difficulty", "delta_info", "delta_tokens", "depth")] + [
        max(kinds, key=kinds.get), record["action"]]


@pytest.mark.parametrize("name", ["plain_c", "cpp", "plain_c_static", "cpp_static"])
def test_a_program_of_somebody_elses_gets_the_answers_of_the_command(programs, expected, name):
    out = run(programs / name, input="".join(text + "\0" for text in TEXTS).encode()).splitlines()
    version, weights = out[0].split()
    assert re.fullmatch(r"\d+\.\d+\.\d+", version) and re.fullmatch(r"[0-9a-f]{64}", weights)
    assert len(out) == 1 + 2 * len(TEXTS)
    for i, (text, answer) in enumerate(zip(TEXTS, expected)):
        said, numbers = out[1 + 2 * i], out[2 + 2 * i].split()
        if isinstance(answer, str):
            assert said in answer, text[:200]
            continue
        record = json.loads(said)
        assert record["time"] is None and without_time(record) == answer, text[:200]
        if text in odd_prompts.PLAIN:
            assert [float(n) for n in numbers[:5]] + numbers[5:] == numbers_of(answer), text[:200]


def test_pkg_config_is_enough_for_a_c_compiler(installed, tmp_path):
    [folder] = installed.rglob("pkgconfig")
    how = {"env": {"PKG_CONFIG_PATH": str(folder), "PATH": "/usr/bin:/bin"}}
    flags = run("pkg-config", "--cflags", "--libs", "basin", **how).split()
    assert run("pkg-config", "--modversion", "basin", **how).strip().count(".") == 2
    extra = [SANITIZER] if program.sanitized() else []
    run("cc", "-std=c99", *extra, CONSUMER / "consumer.c", "-o", tmp_path / "c", *flags)
    [library] = {path.parent for path in installed.rglob("libbasin.so")}
    said = run(tmp_path / "c", input=b"sort b, a\0", env={"LD_LIBRARY_PATH": str(library)}).splitlines()
    assert json.loads(said[1])["schema"] == "basin.decision/1"


def test_the_shared_library_shows_nothing_but_its_interface(installed):
    [library] = {path.resolve() for path in installed.rglob("libbasin.so")}
    symbols = {line.split()[-1] for line in run("nm", "-D", "--defined-only", library).splitlines()}
    assert {"basin_explain", "basin_explain_json", "basin_engine_builtin"} <= symbols
    header = (installed / "include/basin/basin.h").read_text()
    for name in symbols:
        assert re.search(rf"\b{name}\(", header) or "5basin6Engine" in name or name.startswith("__"), name
