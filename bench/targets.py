"""What is measured: the upstream itself, nginx and haproxy as plain proxies to it, and Basin with its rules on.

Each target is a process group that this module started and ends; nothing of the system's own services is touched.
All listen on loopback, on ports that were free a moment before.
"""

import json
import os
import shutil
import socket
import subprocess
import time
import urllib.request
from pathlib import Path

NGINX = """
worker_processes auto;
daemon off;
pid {folder}/nginx.pid;
error_log {folder}/nginx.err warn;
events {{ worker_connections 4096; }}
http {{
  access_log off;
  client_body_temp_path {folder}/nginx_body;
  proxy_temp_path {folder}/nginx_proxy;
  fastcgi_temp_path {folder}/nginx_fastcgi;
  uwsgi_temp_path {folder}/nginx_uwsgi;
  scgi_temp_path {folder}/nginx_scgi;
  client_max_body_size 64m;
  client_body_buffer_size 64k;
  keepalive_requests 1000000000;
  tcp_nodelay on;
  upstream model {{ server 127.0.0.1:{upstream}; keepalive 512; keepalive_requests 1000000000; }}
  server {{
    listen 127.0.0.1:{port} reuseport;
    location / {{
      proxy_pass http://model;
      proxy_http_version 1.1;
      proxy_set_header Connection "";
      proxy_set_header Host $http_host;
      proxy_buffering off;
      proxy_request_buffering off;
      proxy_read_timeout 600s;
    }}
  }}
}}
"""

HAPROXY = """
global
  nbthread {threads}
  maxconn 4096
defaults
  mode http
  option http-no-delay
  http-reuse always
  timeout client 600s
  timeout server 600s
  timeout connect 5s
  timeout http-keep-alive 600s
frontend front
  bind 127.0.0.1:{port}
  default_backend model
backend model
  server upstream 127.0.0.1:{upstream} maxconn 4096 pool-max-conn 512
"""

BASIN = """
[server]
port = {port}

[routing]
mode = "on"

[discovery]
enabled = false

[[upstream]]
name = "bench"
base_url = "http://127.0.0.1:{upstream}"
dialects = ["anthropic"]

[[tier]]
name = "small"
upstream = "bench"
model = "claude-haiku-4-5"
serves = ["side", "chat", "agent"]
context = 200000

[[tier]]
name = "large"
upstream = "bench"
model = "claude-opus-4-5"
serves = ["side", "chat", "agent"]
context = 10000000
"""


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class Target:
    """A running server under measurement (or the upstream itself, which has no process of its own to watch)."""

    def __init__(self, name, port, process=None):
        self.name, self.port, self.process = name, port, process

    def pids(self):
        """The process and its children (nginx's workers)."""
        if not self.process:
            return []
        found, queue = [], [self.process.pid]
        while queue:
            pid = queue.pop()
            found.append(pid)
            for task in Path(f"/proc/{pid}/task").glob("*/children"):
                queue.extend(int(child) for child in task.read_text().split())
        return found

    def cpu_s(self):
        """Processor seconds used so far, of all its processes."""
        total = 0
        for pid in self.pids():
            fields = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
            total += int(fields[11]) + int(fields[12])
        return total / os.sysconf("SC_CLK_TCK")

    def memory_mb(self):
        """Proportional set size: shared pages of several workers count once."""
        total = 0
        for pid in self.pids():
            for line in Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines():
                if line.startswith("Pss:"):
                    total += int(line.split()[1])
        return total / 1024

    def threads(self):
        return sum(len(list(Path(f"/proc/{pid}/task").iterdir())) for pid in self.pids())

    def end(self):
        if self.process and self.process.poll() is None:
            self.process.terminate()
            try:
                self.process.wait(10)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()


def start_upstream(program):
    """The scripted upstream; it ends by itself when our end of its stdin closes."""
    process = subprocess.Popen([program, "--port", "0"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    return Target("direct", int(process.stdout.readline()), process)


def start_nginx(folder, upstream):
    port = free_port()
    config = folder / "nginx.conf"
    config.write_text(NGINX.format(folder=folder, upstream=upstream, port=port))
    program = shutil.which("nginx") or "/usr/sbin/nginx"
    process = subprocess.Popen([program, "-c", str(config), "-p", str(folder), "-e", f"{folder}/nginx.err"],
                               stderr=open(folder / "nginx.log", "w"))
    return ready(Target("nginx", port, process))


def start_haproxy(folder, upstream):
    port = free_port()
    config = folder / "haproxy.cfg"
    config.write_text(HAPROXY.format(upstream=upstream, port=port, threads=os.cpu_count()))
    program = shutil.which("haproxy") or "/usr/sbin/haproxy"
    process = subprocess.Popen([program, "-f", str(config), "-db"], stderr=open(folder / "haproxy.log", "w"))
    return ready(Target("haproxy", port, process))


def start_basin(folder, upstream, program):
    port = free_port()
    config = folder / "basin.toml"
    config.write_text(BASIN.format(upstream=upstream, port=port))
    home = folder / "home"
    environment = {"PATH": "/usr/bin:/bin", "HOME": str(home), "XDG_CONFIG_HOME": str(home / "config"),
                   "XDG_STATE_HOME": str(home / "state"), "XDG_CACHE_HOME": str(home / "cache")}
    for name in ("config", "state", "cache"):
        (home / name).mkdir(parents=True, exist_ok=True)
    process = subprocess.Popen([program, "serve", "--config", str(config)], env=environment,
                               stdout=open(folder / "basin.out", "w"), stderr=open(folder / "basin.log", "w"))
    target = ready(Target("basin", port, process))
    try:
        prove_decides(target)
    except Exception:
        target.end()
        raise
    return target


def prove_decides(target):
    """The figures are of a gateway that reads and decides, not of a relay: it must name a decision, made in mode on."""
    body = b'{"model":"claude-opus-4-5","max_tokens":9,"messages":[{"role":"user","content":"fix the typo in README"}]}'
    request = urllib.request.Request(f"http://127.0.0.1:{target.port}/v1/messages", data=body, headers={
        "content-type": "application/json", "x-api-key": "bench", "anthropic-version": "2023-06-01"})
    with urllib.request.urlopen(request, timeout=10) as answer:
        decision = answer.headers.get("x-basin-decision-id")
        if not decision or answer.headers.get("x-basin-tier") not in ("small", "large"):
            raise RuntimeError(f"basin answered without a decision: {answer.headers}")
    with urllib.request.urlopen(f"http://127.0.0.1:{target.port}/basin/decisions/{decision}", timeout=10) as answer:
        record = json.load(answer)
    if record["mode"] != "on" or not 0 < record["p_small_ok"] < 1:
        raise RuntimeError(f"basin did not decide: {record}")


def ready(target, timeout_s=20):
    """Waits until it takes connections; raises with its name where it does not."""
    until = time.monotonic() + timeout_s
    while time.monotonic() < until:
        if target.process.poll() is not None:
            break
        try:
            socket.create_connection(("127.0.0.1", target.port), 1).close()
            return target
        except OSError:
            time.sleep(0.02)
    target.end()
    raise RuntimeError(f"{target.name} does not listen on port {target.port}")
