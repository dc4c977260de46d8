"""A TCP relay that stands before a server and keeps every byte a client sends to it.

It is how a test learns what a real client put on the wire, so that it can be held against what reached the upstream.
"""

import bisect
import io
import socket
import threading
import time

from support import http1


class Relay:
    """Forwards bytes both ways and understands none of them. `sent()` parses them afterwards."""

    def __init__(self, target_port):
        self.target_port = target_port
        self._recorded = []  # one _Tape per connection
        self._listener = socket.create_server(("127.0.0.1", 0), backlog=128)
        self.port = self._listener.getsockname()[1]
        self.url = f"http://127.0.0.1:{self.port}"
        threading.Thread(target=self._accept, daemon=True).start()

    def close(self):
        http1.close_listener(self._listener)

    def sent(self):
        """Every whole request that clients sent, [(method, target, Headers, body)], in the order of their ends."""
        timed = [pair for tape in list(self._recorded) for pair in tape.requests()]
        return [request for _, request in sorted(timed, key=lambda pair: pair[0])]

    def _accept(self):
        while True:
            try:
                client, _ = self._listener.accept()
            except OSError:
                return
            server = socket.create_connection(("127.0.0.1", self.target_port))
            tape = _Tape()
            self._recorded.append(tape)
            for source, sink, copy in ((client, server, tape), (server, client, None)):
                threading.Thread(target=self._pump, args=(source, sink, copy), daemon=True).start()

    @staticmethod
    def _pump(source, sink, copy):
        try:
            while data := source.recv(256 * 1024):
                if copy is not None:
                    copy.add(data)
                sink.sendall(data)
        except OSError:
            pass
        for end in (source, sink):  # either side's end is the end of both: that is how clients hang up
            try:
                end.shutdown(socket.SHUT_RDWR)
            except OSError:
                pass


class _Tape:
    """One direction of a connection, with the time at which each part of it came."""

    def __init__(self):
        self._data = bytearray()
        self._ends = []  # how long the tape was after each read
        self._times = []

    def add(self, data):
        self._data += data
        self._ends.append(len(self._data))
        self._times.append(time.monotonic())

    def requests(self):
        """[(time, (method, target, Headers, body))] of the whole requests; an unfinished last one is left out."""
        source = io.BytesIO(bytes(self._data))
        stream, out = http1.Stream(_Reader(source)), []
        while True:
            try:
                line, headers = http1.read_head(stream)
                method, target, _ = line.split(" ")
                if "chunked" in (headers.get("transfer-encoding") or "").lower():
                    body = b"".join(http1.read_chunks(stream))
                else:
                    body = stream.exactly(int(headers.get("content-length") or 0))
            except (http1.Closed, ValueError):
                return out
            end = source.tell() - len(stream.buffer)
            out.append((self._times[bisect.bisect_left(self._ends, end)], (method, target, headers, body)))


class _Reader:
    """Recorded bytes, read as if from a socket."""

    def __init__(self, source):
        self._source = source

    def recv(self, count):
        return self._source.read(count)
