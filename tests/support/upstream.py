"""A model server whose every byte and pause a test decides.

It speaks no dialect by itself: it reads a request exactly as it came, writes it down, and hands the `Exchange` to a
behaviour (see replies.py), which answers in the dialect of the path it was asked on. A `Script` is a list of
behaviours, used up one per generation request, so that prompts in tests can be what a person would type; several
upstreams may share one script. Nothing here waits for time to pass: a behaviour that must wait waits for a `Gate` that
the test opens, and notices at once when the peer hangs up meanwhile.
"""

import json
import os
import selectors
import socket
import threading
import time
from dataclasses import dataclass

from support import http1
from support.telling import VENDOR

DIALECTS = {"/v1/messages": "anthropic", "/v1/chat/completions": "openai_chat", "/v1/responses": "openai_responses"}
HOLD_LIMIT_S = 30  # a held exchange whose gate never opens ends here, so that no thread outlives its test


class Gate:
    """A turnstile: each `open` lets one held exchange through, which watches the gate and its socket together."""

    def __init__(self):
        self._read, self._write = os.pipe()

    def __del__(self):
        os.close(self._read)
        os.close(self._write)

    def open(self):
        os.write(self._write, b"1")

    def take(self):
        os.read(self._read, 1)

    def fileno(self):
        return self._read


@dataclass
class Recorded:
    """A request as it stood on the wire."""

    method: str
    target: str
    headers: http1.Headers
    body: bytes  # without transfer coding
    at: float
    connection: int  # which connection of this upstream, from 0
    nth: int  # which request on that connection, from 0
    upstream: str
    answer: bytes = b""  # body bytes sent back, without transfer coding
    hung_up_at: float | None = None  # when the peer's close was seen

    @property
    def path(self):
        return self.target.split("?")[0]

    @property
    def json(self):
        return json.loads(self.body)

    @property
    def model(self):
        return self.json["model"]

    @property
    def dialect(self):
        return DIALECTS.get(self.path)

    @property
    def is_ask(self):
        """A request for a generation, as opposed to counts, lists and probes."""
        return self.method == "POST" and self.dialect is not None


class Exchange:
    """One request being answered. `begin`, `write`, `finish` make any response; `reply` is all three."""

    def __init__(self, sock, request, manner=VENDOR):
        """`manner`: how the server speaks (telling.py)."""
        self.sock = sock
        self.request = request
        self.manner = manner
        self.keep_alive = True
        self.framing = None

    @property
    def wants_stream(self):
        return self.request.json.get("stream") is True

    def begin(self, status=200, headers=(), framing="chunked", length=None):
        """framing: chunked, length (give `length`, true or not), close (the end of the connection is the end)."""
        self.framing = framing
        head = http1.Headers(headers)
        if framing == "chunked":
            head.append(("Transfer-Encoding", "chunked"))
        elif framing == "length":
            head.append(("Content-Length", str(length)))
        else:
            head.append(("Connection", "close"))
            self.keep_alive = False
        reason = {200: "OK", 429: "Too Many Requests", 529: "Site Overloaded"}.get(status, "Whatever")
        self.sock.sendall(f"HTTP/1.1 {status} {reason}\r\n".encode() + head.wire() + b"\r\n")

    def write(self, data):
        if not data:
            return
        self.request.answer += data
        if self.framing == "chunked":
            data = b"%x\r\n%s\r\n" % (len(data), data)
        self.sock.sendall(data)

    def finish(self):
        if self.framing == "chunked":
            self.sock.sendall(b"0\r\n\r\n")

    def reply(self, status=200, body=b"", headers=(), content_type="application/json"):
        self.begin(status, [("Content-Type", content_type), *headers], framing="length", length=len(body))
        self.write(body)
        self.finish()

    def cut(self, reset=False):
        """Ends the connection here, mid-sentence: a clean FIN, or a reset."""
        self.keep_alive = False
        if reset:
            self.sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\1\0\0\0\0\0\0\0")
        self.sock.close()

    def hold(self, gate=None):
        """Waits until the gate opens (True) or the peer hangs up (False, and the time is written down)."""
        deadline = time.monotonic() + HOLD_LIMIT_S
        with selectors.DefaultSelector() as watched:
            watched.register(self.sock, selectors.EVENT_READ)
            if gate:
                watched.register(gate, selectors.EVENT_READ)
            while (left := deadline - time.monotonic()) > 0:
                ready = [key.fileobj for key, _ in watched.select(left)]
                if gate in ready:
                    gate.take()
                    return True
                if self.sock in ready and not self._peer_alive():
                    self.request.hung_up_at = time.monotonic()
                    break
        self.keep_alive = False
        return False

    def _peer_alive(self):
        try:
            return bool(self.sock.recv(1, socket.MSG_PEEK))
        except OSError:
            return False


class Script:
    """Behaviours used up one per generation request, in order; then `default` for ever."""

    def __init__(self, *behaviours, default=None):
        self._left = list(behaviours)
        self._lock = threading.Lock()
        self.default = default

    def then(self, *behaviours):
        with self._lock:
            self._left.extend(behaviours)

    def take(self):
        with self._lock:
            return self._left.pop(0) if self._left else self.default

    @property
    def left(self):
        return len(self._left)


class KeptPort:
    """A port at which nobody listens, and nobody else will, until `give()`."""

    def __init__(self):
        self._socket = socket.socket()
        self._socket.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        self._socket.bind(("127.0.0.1", 0))
        self.number = self._socket.getsockname()[1]

    def give(self):
        self._socket.close()
        return self.number


class Upstream:
    """The server. `requests` holds everything that came; `asks` only the generation requests.

    A server with a mind of its own (strict.py, servers.py) is a subclass that overrides `answer`.
    """

    manner = VENDOR

    def __init__(self, name="upstream", script=None, others=None, tls=None, port=0):
        """`tls`: an ssl.SSLContext with a certificate for localhost; without it the server speaks plain HTTP. `port`:
        one that the test has kept free (`KeptPort`); else any."""
        self.name = name
        self._tls = tls
        self.script = script or Script()
        self.others = others  # answers what is no generation request
        self.requests = []
        self.connections = 0
        self.failures = []  # exceptions of behaviours other than a peer's hang-up
        self._changed = threading.Condition()
        self._open = set()
        self._listener = socket.create_server(("127.0.0.1", port), backlog=512)
        self.port = self._listener.getsockname()[1]
        self.url = f"https://localhost:{self.port}" if tls else f"http://127.0.0.1:{self.port}"
        threading.Thread(target=self._accept, daemon=True).start()

    @property
    def asks(self):
        return [r for r in self.requests if r.is_ask]

    def answer(self, exchange):
        """Answers one request; the peer's hang-up may be raised out of it."""
        behaviour = self.script.take() if exchange.request.is_ask else self.others
        behaviour(exchange)

    def wait(self, condition, timeout_s=http1.DEFAULT_TIMEOUT_S, what="the upstream"):
        """Waits until condition(self) holds; every request and every hang-up wakes it."""
        with self._changed:
            assert self._changed.wait_for(lambda: condition(self), timeout_s), f"waited in vain for {what}"

    def wait_asks(self, count):
        self.wait(lambda u: len(u.asks) >= count, what=f"{count} requests at {self.name}, {len(self.asks)} came")
        return self.asks[count - 1]

    def wait_hang_up(self, request):
        self.wait(lambda _: request.hung_up_at is not None, what="the hang-up of a request")
        return request.hung_up_at

    def close(self):
        http1.close_listener(self._listener)
        for sock in list(self._open):
            try:
                sock.shutdown(socket.SHUT_RDWR)
            except OSError:
                pass

    def _accept(self):
        while True:
            try:
                sock, _ = self._listener.accept()
            except OSError:
                return
            sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            number, self.connections = self.connections, self.connections + 1
            threading.Thread(target=self._serve, args=(sock, number), daemon=True).start()

    def _serve(self, sock, number):
        nth = 0
        try:
            if self._tls:
                sock = self._tls.wrap_socket(sock, server_side=True)
            self._open.add(sock)
            stream = http1.Stream(sock)
            while self._one(stream, number, nth):
                nth += 1
        except (http1.Closed, OSError):
            pass  # the peer left: its right
        except Exception as failure:  # a test's own mistake must not pass for a hang-up
            self.failures.append(failure)
        finally:
            self._open.discard(sock)
            sock.close()
            with self._changed:
                self._changed.notify_all()

    def _one(self, stream, number, nth):
        line, headers = http1.read_head(stream)
        method, target, _ = line.split(" ")
        if "100-continue" in (headers.get("expect") or "").lower():
            stream.sock.sendall(b"HTTP/1.1 100 Continue\r\n\r\n")
        if "chunked" in (headers.get("transfer-encoding") or "").lower():
            body = b"".join(http1.read_chunks(stream))
        else:
            body = stream.exactly(int(headers.get("content-length") or 0))
        request = Recorded(method, target, headers, body, time.monotonic(), number, nth, self.name)
        with self._changed:
            self.requests.append(request)
            self._changed.notify_all()
        exchange = Exchange(stream.sock, request, self.manner)
        self.answer(exchange)
        with self._changed:
            self._changed.notify_all()
        return exchange.keep_alive
