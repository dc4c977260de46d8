"""HTTP/1.1 as bytes: enough of a reader for both ends of a test, and a client that hides nothing.

The standard library's client and server fold header case, merge repeats, decode bodies and refuse what is malformed.
The tests here are about exactly those bytes, so they read and write the wire themselves.
"""

import contextlib
import socket
import time
from dataclasses import dataclass, field

HEAD_LIMIT = 4 << 20  # more than any head a test sends on purpose
DEFAULT_TIMEOUT_S = 15  # a wait this long is a failure, never a pace


class Closed(Exception):
    """The peer closed where more bytes were due. `partial` is what had come."""

    def __init__(self, partial=b""):
        super().__init__(f"peer closed after {partial[-200:]!r}")
        self.partial = partial


def close_listener(sock):
    """Closes a listening socket and wakes the thread that waits in accept, which a close alone does not."""
    with contextlib.suppress(OSError):
        sock.shutdown(socket.SHUT_RDWR)
    sock.close()


class Headers(list):
    """[(name, value), ...] as str, in wire order and wire case."""

    def get(self, name, default=None):
        """The first value under that name, in any case."""
        return next((v for n, v in self if n.lower() == name.lower()), default)

    def all(self, name):
        return [v for n, v in self if n.lower() == name.lower()]

    @classmethod
    def parse(cls, lines):
        pairs = (line.split(b":", 1) for line in lines if line)
        return cls((n.decode("latin-1"), v.strip().decode("latin-1")) for n, v in pairs)

    def wire(self):
        return b"".join(f"{n}: {v}\r\n".encode("latin-1") for n, v in self)


class Stream:
    """A socket with a read buffer. Every byte that came is also kept in `seen` when `keep` is on."""

    def __init__(self, sock, keep=False):
        self.sock = sock
        self.buffer = b""
        self.seen = bytearray() if keep else None
        self.ended = False

    def fill(self):
        """Reads once; False at the end of the stream. A reset counts as an end."""
        if self.ended:
            return False
        try:
            more = self.sock.recv(256 * 1024)
        except (ConnectionResetError, BrokenPipeError):
            more = b""
        if not more:
            self.ended = True
            return False
        self.buffer += more
        if self.seen is not None:
            self.seen += more
        return True

    def until(self, mark, limit=HEAD_LIMIT):
        """Bytes up to and including `mark`."""
        at, searched = self.buffer.find(mark), 0
        while at < 0:
            searched = max(0, len(self.buffer) - len(mark) + 1)
            if len(self.buffer) > limit or not self.fill():
                raise Closed(self.buffer)
            at = self.buffer.find(mark, searched)
        end = at + len(mark)
        out, self.buffer = self.buffer[:end], self.buffer[end:]
        return out

    def exactly(self, count):
        parts, got = [self.buffer], len(self.buffer)
        while got < count:
            self.buffer = b""
            if not self.fill():
                raise Closed(b"".join(parts))
            parts.append(self.buffer)
            got += len(self.buffer)
        whole = b"".join(parts)
        self.buffer = whole[count:]
        return whole[:count]

    def some(self):
        """What is there, or the next bytes to come; b'' at the end of the stream."""
        if not self.buffer:
            self.fill()
        out, self.buffer = self.buffer, b""
        return out

    def rest(self):
        parts = []
        while piece := self.some():
            parts.append(piece)
        return b"".join(parts)


def read_head(stream):
    """(start line, Headers). Raises Closed when the peer closes first."""
    head = stream.until(b"\r\n\r\n")
    lines = head[:-4].split(b"\r\n")
    return lines[0].decode("latin-1"), Headers.parse(lines[1:])


def read_chunks(stream):
    """Yields the data of each chunk up to and including the end of the trailers."""
    while True:
        size = int(stream.until(b"\r\n").split(b";")[0], 16)
        if size == 0:
            while stream.until(b"\r\n") != b"\r\n":
                pass
            return
        data = stream.exactly(size)
        assert stream.exactly(2) == b"\r\n", "a chunk without its end"
        yield data


@dataclass
class Response:
    status: int
    reason: str
    headers: Headers
    body: bytes = b""
    complete: bool = True  # False: the connection ended before the body did
    pieces: list = field(default_factory=list)  # (monotonic time, bytes) as they came

    @property
    def json(self):
        import json

        return json.loads(self.body)


class Client:
    """One connection to a server. Use as a context manager."""

    def __init__(self, port, host="127.0.0.1", timeout_s=DEFAULT_TIMEOUT_S, receive_buffer=None, source=None):
        self.sock = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
        if receive_buffer:
            self.sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, receive_buffer)
        self.sock.settimeout(timeout_s)
        self.sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        if source:
            self.sock.bind((source, 0))
        self.sock.connect((host, port))
        self.stream = Stream(self.sock)
        self.host = f"{host}:{port}"

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()

    def close(self):
        self.sock.close()

    def send(self, data):
        self.sock.sendall(data)

    def start(self, method, target, body=b"", headers=(), host=None, length=True):
        """Writes a request. `headers` go out as given, after Host and Content-Length."""
        head = Headers([("Host", host or self.host)])
        if length and (body or method in ("POST", "PUT")):
            head.append(("Content-Length", str(len(body))))
        head.extend(headers)
        self.send(f"{method} {target} HTTP/1.1\r\n".encode("latin-1") + head.wire() + b"\r\n" + body)

    def head(self):
        """The next response's head, interim (1xx) responses skipped."""
        while True:
            line, headers = read_head(self.stream)
            _, status, *reason = line.split(" ", 2)
            if not status.startswith("1") or status == "101":
                return Response(int(status), reason[0] if reason else "", headers)

    def body_pieces(self, response, method="POST"):
        """Yields body bytes as they come; sets response.complete to False when the end is missing."""
        if method == "HEAD" or response.status in (204, 304):
            return
        headers = response.headers
        try:
            if "chunked" in (headers.get("transfer-encoding") or "").lower():
                yield from read_chunks(self.stream)
            elif headers.get("content-length") is not None:
                left = int(headers.get("content-length"))
                while left:
                    piece = self.stream.some()
                    if not piece:
                        raise Closed()
                    self.stream.buffer, piece = piece[left:], piece[:left]
                    left -= len(piece)
                    yield piece
            else:
                while piece := self.stream.some():
                    yield piece
        except Closed as end:
            response.complete = False
            if end.partial and "chunked" in (headers.get("transfer-encoding") or "").lower():
                yield end.partial

    def finish(self, method="POST"):
        """Reads one whole response."""
        response = self.head()
        for piece in self.body_pieces(response, method):
            response.pieces.append((time.monotonic(), piece))
        response.body = b"".join(piece for _, piece in response.pieces)
        return response

    def request(self, method, target, body=b"", headers=(), **how):
        self.start(method, target, body, headers, **how)
        return self.finish(method)

    def ended(self):
        """True when the peer has closed and nothing more is to be read (waits for it, up to the timeout)."""
        try:
            return self.stream.rest() == b""
        except TimeoutError:
            return False


def once(port, method, target, body=b"", headers=(), **how):
    """One request on a connection of its own."""
    with Client(port) as client:
        return client.request(method, target, body, headers, **how)
