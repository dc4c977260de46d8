"""Basin as a process: its configuration written, its start awaited, its log kept, its end judged."""

import ctypes
import functools
import json
import os
import re
import signal
import subprocess
import threading
from pathlib import Path

from support import http1

ROOT = Path(__file__).resolve().parents[2]
START_LIMIT_S = 20  # a sanitized build on a busy machine; the release build takes milliseconds
READY = re.compile(r"http://(?:127\.0\.0\.1|\[::1\]|localhost|0\.0\.0\.0):(\d+)")

# Keys that tests use. They are found in no log, no file and no record: judged at every teardown.
CLIENT_KEY = "sk-canary-client-5f0c1e7a"
UPSTREAM_KEY = "sk-canary-upstream-91b2d4"
TOKEN = "canary-token-3c77aa10"
SECRETS = (CLIENT_KEY, UPSTREAM_KEY, TOKEN)


def binary():
    """The program under test: BASIN_BIN, else the release build."""
    path = Path(os.environ.get("BASIN_BIN") or ROOT / "build/release/basin").resolve()
    assert path.exists(), f"{path} does not exist: `make build` makes it, BASIN_BIN names another"
    return path


@functools.cache
def sanitized():
    """Whether the program under test is a sanitized build: slower, and its allocator keeps what was freed."""
    program = binary().read_bytes()
    return b"__asan_init" in program or b"__tsan_init" in program


def toml(tables):
    """{"server": {...}, "tier": [{...}, ...]} as TOML. JSON's strings, numbers and arrays are TOML's."""

    def body(table):
        return "".join(f"{key} = {json.dumps(value)}\n" for key, value in table.items() if value is not None)

    out = []
    for name, value in tables.items():
        for table in value if isinstance(value, list) else [value]:
            out.append((f"[[{name}]]\n" if isinstance(value, list) else f"[{name}]\n") + body(table))
    return "\n".join(out)


def die_with_parent():
    """Run in a child before it becomes the program: an interrupted test run leaves no Basin behind."""
    ctypes.CDLL(None).prctl(1, signal.SIGKILL)  # PR_SET_PDEATHSIG


class Home:
    """A person's home folder with nothing of the machine's in it."""

    def __init__(self, path):
        self.path = Path(path)
        self.config_dir = self.path / ".config/basin"
        self.state_dir = self.path / ".local/state/basin"
        self.config = self.config_dir / "basin.toml"
        self.config_dir.mkdir(parents=True, exist_ok=True)

    def environment(self, **more):
        base = {"PATH": "/usr/bin:/bin", "HOME": str(self.path), "LANG": "C.UTF-8", "TERM": "dumb"}
        sanitizers = {k: v for k, v in os.environ.items() if k.endswith("SAN_OPTIONS")}
        return base | sanitizers | {k: v for k, v in more.items() if v is not None}

    def configure(self, tables):
        """Writes basin.toml; `tables` is a dict, or the text itself."""
        self.config.write_text(tables if isinstance(tables, str) else toml(tables))

    def run(self, *arguments, stdin="", timeout_s=60, **environment):
        """Runs `basin ...` to its end."""
        command = [str(binary()), *map(str, arguments)]
        env = self.environment(**environment)
        return subprocess.run(command, input=stdin, capture_output=True, text=True, timeout=timeout_s, env=env)


class Basin:
    """`basin serve`, running. Port 0 unless `arguments` say otherwise."""

    def __init__(self, home, *arguments, **environment):
        self.home = home
        self._lines = []
        self._changed = threading.Condition()
        command = [str(binary()), "serve", *(arguments or ("--port", "0"))]
        self.process = subprocess.Popen(
            command,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            env=home.environment(**environment),
            cwd=home.path,
            preexec_fn=die_with_parent,
        )
        self._reader = threading.Thread(target=self._read_log, daemon=True)
        self._reader.start()
        found = self.wait_log(READY, START_LIMIT_S)
        self.port = int(found.group(1))
        self.url = f"http://127.0.0.1:{self.port}"

    # -- its words
    @property
    def log(self):
        return "\n".join(self._lines)

    def wait_log(self, pattern, timeout_s=http1.DEFAULT_TIMEOUT_S, after=0):
        """The match of `pattern` in the log from its line `after` on, awaited."""
        pattern = re.compile(pattern)

        def look():
            return next((m for line in self._lines[after:] if (m := pattern.search(line))), None)

        with self._changed:
            ready = self._changed.wait_for(lambda: look() or not self._reader.is_alive(), timeout_s)
            found = look()
        assert found, f"no {pattern.pattern!r} in the log ({'ended' if ready else 'timed out'}):\n{self.log}"
        return found

    def _read_log(self):
        for line in self.process.stdout:
            with self._changed:
                self._lines.append(line.decode("utf-8", "replace").rstrip("\n"))
                self._changed.notify_all()

    # -- its answers
    def client(self, **how):
        return http1.Client(self.port, **how)

    def request(self, method, target, body=b"", headers=(), **how):
        if not isinstance(body, bytes):
            body = json.dumps(body).encode()
        return http1.once(self.port, method, target, body, headers, **how)

    def get(self, target, headers=()):
        response = self.request("GET", target, headers=headers)
        assert response.status == 200, (target, response.status, response.body)
        return response.json

    def decision(self, response):
        """The decision record of a response."""
        return self.get(f"/basin/decisions/{response.headers.get('x-basin-decision-id')}")

    def memory_kb(self):
        """Resident memory; 0 in a sanitized build, where it says nothing about the program."""
        if sanitized():
            return 0
        status = Path(f"/proc/{self.process.pid}/status").read_text()
        return int(re.search(r"VmRSS:\s+(\d+)", status).group(1))

    # -- its life
    @property
    def alive(self):
        return self.process.poll() is None

    def assert_well(self):
        """It lives and answers."""
        assert self.alive, f"basin died with {self.process.returncode}:\n{self.log}"
        assert self.request("GET", "/basin/health").status == 200

    def signal(self, number):
        self.process.send_signal(number)

    def stop(self):
        """Ends it as a service manager would, and says how it went."""
        if self.alive:
            self.signal(signal.SIGTERM)
        try:
            self.process.wait(20)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
            raise AssertionError(f"basin did not stop on SIGTERM:\n{self.log}") from None
        self._reader.join(5)
        self.process.stdout.close()
        return self.process.returncode

    def judge(self):
        """Stops it; the end must be clean and no secret may be found anywhere it wrote."""
        died = not self.alive
        code = self.stop()
        assert not died, f"basin died with {code} during the test:\n{self.log}"
        assert code == 0, f"basin ended with {code}:\n{self.log}"
        for word in ("AddressSanitizer", "ThreadSanitizer", "runtime error:", "assertion failed"):
            assert word not in self.log, self.log
        for secret in SECRETS:
            assert secret not in self.log, f"{secret} stands in the log:\n{self.log}"
            for path in self.home.state_dir.rglob("*"):
                if path.is_file() and path.name != "token":
                    assert secret.encode() not in path.read_bytes(), f"{secret} stands in {path.name}"
