"""`basin serve --gguf`: a model server started, watched, started again and ended.

A scripted one stands in for it; where a real llama-server is in PATH, the same tests run with it too."""

import json
import os
import shutil
import signal
import time
from pathlib import Path

import pytest

from support import basin as program
from support import gguf
from support.hearing import heard

# support/servers.py's llama-server as a program: its port and its model's name come on the command line, as the real
# one's do. It answers with a call where tools are offered, and at length to who asks for a tale.
FAKE = f'''#!/usr/bin/env python3
import os, sys, threading
sys.path.insert(0, {str(Path(__file__).resolve().parents[1])!r})
from support.replies import Reply, call
from support.servers import LlamaCpp, Model
from support.upstream import Gate
if os.environ.get("FAKE_CRASH"):
    print("error: failed to load model"); sys.exit(1)
say = dict(zip(sys.argv[1::2], sys.argv[2::2]))
class Server(LlamaCpp):
    def _ask(self, exchange):
        wish = exchange.request.json
        reply = Reply("All is well.")
        if wish.get("tools"): reply = Reply(call("look", {{"at": "sky"}}))
        if "tale" in str(wish.get("messages")): reply = Reply("Once upon a time", pause={{2: Gate()}})
        self.script.then(reply)
        super()._ask(exchange)
parameters = int(os.environ.get("FAKE_PARAMETERS", 30_272))
model = Model(name=say["--alias"], context=512, width=32, layers=2, parameters=parameters)
server = Server(model, slots=2, port=int(say["--port"]))
threading.Event().wait()
'''
REAL = shutil.which("llama-server")


@pytest.fixture(params=["scripted", "real"])
def started(request, tmp_path):
    """A factory of Basins with a model server of their own."""
    if request.param == "real" and not REAL:
        pytest.skip("no llama-server in PATH")
    home = program.Home(tmp_path)
    folder = tmp_path / "bin"
    folder.mkdir()
    if request.param == "real":
        (folder / "llama-server").symlink_to(REAL)
    else:
        (folder / "llama-server").write_text(FAKE)
        (folder / "llama-server").chmod(0o755)
    model = gguf.write(tmp_path / "tiny.gguf")
    made = []

    def make(**environment):
        path = f"{folder}:/usr/bin:/bin"
        words = ("--port", "0", "--gguf", str(model), "--context", "512")
        made.append(program.Basin(home, *words, PATH=path, **environment))
        return made[-1]

    make.home, make.folder, make.model = home, folder, model
    yield make
    for each in made:
        if each.alive:
            each.judge()


def child_of(basin):
    """The model server's process id."""
    tasks = Path(f"/proc/{basin.process.pid}/task").iterdir()
    ids = [int(i) for task in tasks for i in (task / "children").read_text().split()]
    assert len(ids) == 1, ids
    return ids[0]


def gone(pid):
    try:
        return Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0] == "Z"
    except FileNotFoundError:
        return True


HEADERS = [("anthropic-version", "2023-06-01"), ("content-type", "application/json")]


def ask(basin):
    body = {"model": "tiny", "max_tokens": 4, "temperature": 0, "messages": [{"role": "user", "content": "hi"}]}
    return basin.request("POST", "/v1/messages", body, HEADERS)


def test_it_serves_and_comes_back_and_ends(started):
    basin = started()
    basin.wait_log("llamacpp at 127.0.0.1:.*tiny")
    assert ask(basin).status == 200
    first = child_of(basin)
    os.kill(first, signal.SIGKILL)
    basin.wait_log(r"ended \(signal 9\); it is started again in 1 s")
    basin.wait_log("ready again", 30)
    assert ask(basin).status == 200
    second = child_of(basin)
    assert second != first
    basin.judge()
    assert gone(second)


def test_it_ends_when_basin_is_killed(started):
    basin = started()
    child = child_of(basin)
    basin.signal(signal.SIGKILL)
    basin.process.wait(10)
    for _ in range(200):
        if gone(child):
            return
        os.sched_yield()
        signal.sigtimedwait([], 0.02)
    raise AssertionError("the model server outlived Basin")


def test_what_it_says_is_shown_when_it_cannot_serve(started):
    if not (started.folder / "llama-server").is_symlink():
        path = f"{started.folder}:/usr/bin:/bin"
        done = started.home.run("serve", "--gguf", started.model, PATH=path, FAKE_CRASH="1")
        assert done.returncode == 4
        assert "exit code 1" in done.stderr and "failed to load model" in done.stderr
    text = started.home.path / "text.gguf"
    text.write_text("no model")
    done = started.home.run("serve", "--gguf", text, PATH=f"{started.folder}:/usr/bin:/bin")
    assert done.returncode == 2 and "does not begin with GGUF" in done.stderr


def stream(basin, *messages, **more):
    """A streamed request under way: (client, its body)."""
    body = {"model": "tiny", "max_tokens": 300, "temperature": 0, "stream": True} | more
    client = basin.client()
    client.start("POST", "/v1/messages", json.dumps(body | {"messages": list(messages)}).encode(), HEADERS)
    return client


def ended(started, body, kind="text"):
    """The stream came to its end. The real server's model is noise, which may break the form that the server expects of
    calls: then it says so, once."""
    if (started.folder / "llama-server").is_symlink():
        assert b"message_start" in body
        assert body.count(b"event: message_stop") + body.count(b"event: error") == 1, body
    else:
        assert [k for k, *_ in heard("anthropic", body, stream=True).parts] == [kind], body


def own_server(basin):
    return next(u for u in basin.get("/basin/status")["upstreams"] if u["name"] == "llamacpp")


def wait_used(basin, used):
    deadline = time.monotonic() + 30
    while own_server(basin)["slots"]["used"] != used:
        assert time.monotonic() < deadline, own_server(basin)["slots"]


def tiny_of(started, upstream):
    listed = json.loads(started.home.run("models", "--json").stdout)["models"]
    return [m for m in listed if (m["model"], m["upstream"]) == ("tiny", upstream)]


def test_other_commands_know_it_while_it_runs(started):
    tier = {"name": "small", "upstream": "llamacpp", "model": "tiny"}
    far = {"name": "far", "base_url": "http://192.0.2.1", "dialects": ["anthropic"]}
    large = {"name": "large", "upstream": "far", "model": "big"}
    basin = started()
    url = own_server(basin)["url"]
    place = json.loads((started.home.state_dir / "serve.json").read_text())["own_server"]
    assert place == {"upstream": "llamacpp", "url": url, "model": "tiny"}
    (tiny,) = tiny_of(started, "llamacpp")
    assert (tiny["shape"]["d_model"], tiny["shape"]["parameters"], tiny["context"]) == (32, 30272, 512)
    assert (tiny["slots"], tiny["free_slots"]) == (2, 2)

    started.home.configure({"upstream": [far], "tier": [tier, large]})
    told = json.loads(started.home.run("validate", "--json").stdout)
    small = next(t for t in told["tiers"] if t["name"] == "small")
    assert (small["url"], small["context"], small["problems"]) == (url, 512, []), small
    assert url in started.home.run("status").stdout

    basin.judge()
    (tiny,) = tiny_of(started, "llamacpp")  # that of the tier
    assert not tiny["shape"]


def test_its_second_name_where_the_first_is_taken(started):
    taken = {"name": "llamacpp", "base_url": "http://192.0.2.1", "dialects": ["openai_chat"]}
    started.home.configure({"upstream": [taken]})
    started().wait_log("gguf at 127.0.0.1:.*tiny")
    assert tiny_of(started, "gguf")


def test_init_proposes_it(started):
    if (started.folder / "llama-server").is_symlink():
        pytest.skip("the real one's model is too small to be proposed")
    started(FAKE_PARAMETERS="8000000000")
    done = started.home.run("init", "--yes", "--json", ANTHROPIC_API_KEY=program.UPSTREAM_KEY)
    tiers = {t["name"]: t for t in json.loads(done.stdout)["tiers"]}
    assert tiers["small"] == {"name": "small", "upstream": "llamacpp", "model": "tiny"}, done.stderr


def test_it_is_known_and_streams_and_is_let_go(started):
    basin = started()
    found = own_server(basin)
    assert (found["kind"], found["models"], found["slots"]["limit"] > 0) == ("llamacpp", ["tiny"], True)
    shown = started.home.run("models", "--json", started.model)
    shape = json.loads(shown.stdout)["models"][0]["shape"]
    assert (shape["d_model"], shape["layers"], shape["parameters"]) == (32, 2, 30272)

    client = stream(basin, {"role": "user", "content": "hi"}, max_tokens=8)
    whole = client.finish()
    client.close()
    assert whole.status == 200
    ended(started, whole.body)
    wait_used(basin, 0)

    tools = [{"name": "look", "input_schema": {"type": "object", "properties": {"at": {"type": "string"}}}}]
    client = stream(basin, {"role": "user", "content": "hi"}, max_tokens=8, tools=tools)
    called = client.finish()
    client.close()
    assert called.status == 200, called.body
    ended(started, called.body, "call")

    client = stream(basin, {"role": "user", "content": "tell me a tale"})
    wait_used(basin, 1)
    client.close()
    wait_used(basin, 0)
    assert ask(basin).status == 200
