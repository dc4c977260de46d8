"""`basin serve --gguf`: a model server started, watched, started again and ended.

A scripted one stands in for it; where a real llama-server is in PATH, the same tests run with it too."""

import os
import shutil
import signal
from pathlib import Path

import pytest

from support import basin as program
from support import gguf

FAKE = '''#!/usr/bin/env python3
import json, os, sys
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
say = dict(zip(sys.argv[1::2], sys.argv[2::2]))
open(os.environ["HOME"] + "/fake.pid", "w").write(str(os.getpid()))
if os.environ.get("FAKE_CRASH"):
    print("error: failed to load model"); sys.exit(1)
asked = 0
class Handler(BaseHTTPRequestHandler):
    def log_message(self, *_): pass
    def answer(self, status, value):
        raw = json.dumps(value).encode()
        self.send_response(status); self.send_header("content-length", str(len(raw)))
        self.end_headers(); self.wfile.write(raw)
    def do_GET(self):
        global asked
        if self.path == "/health":
            asked += 1
            return self.answer(200 if asked > 2 else 503, {"status": "ok"})
        if self.path == "/v1/models":
            meta = {"n_params": 30272}
            return self.answer(200, {"data": [{"id": say["--alias"], "owned_by": "llamacpp", "meta": meta}]})
        if self.path.startswith("/props"):
            settings = {"n_ctx": 512}
            return self.answer(200, {"default_generation_settings": settings, "total_slots": 2, "model_path": ""})
        self.answer(404, {"error": {"message": "no"}})
    def do_POST(self):
        body = json.loads(self.rfile.read(int(self.headers["content-length"])))
        if not body.get("messages"): return self.answer(400, {"error": {"message": "messages"}})
        self.answer(200, {"type": "message", "role": "assistant", "content": [{"type": "text", "text": "noise"}],
                          "usage": {"input_tokens": 1, "output_tokens": 1}})
ThreadingHTTPServer(("127.0.0.1", int(say["--port"])), Handler).serve_forever()
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


def ask(basin):
    body = {"model": "tiny", "max_tokens": 4, "temperature": 0, "messages": [{"role": "user", "content": "hi"}]}
    headers = [("anthropic-version", "2023-06-01"), ("content-type", "application/json")]
    return basin.request("POST", "/v1/messages", body, headers)


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
