"""A TCP relay that stands before a server and keeps every byte a client sends to it.

It is how a test learns what a real client put on the wire, so that it can be held against what reached the upstream.
"""

import io
import socket
import threading

from support import http1


class Relay:
    """Forwards bytes both ways and understands none of them. `sent()` parses them afterwards."""

    def __init__(self, target_port):
        self.target_port = target_port
        self._recorded = []  # one bytearray per connection, in order of arrival
        self._listener = socket.create_server(("127.0.0.1", 0), backlog=128)
        self.port = self._listener.getsockname()[1]
        self.url = f"http://127.0.0.1:{self.port}"
        threading.Thread(target=self._accept, daemon=True).start()

    def close(self):
        self._listener.close()

    def sent(self):
        """Every whole request that clients sent, as [(method, target, Headers, body)], connection by connection."""
        return [request for kept in self._recorded for request in parse_requests(bytes(kept))]

    def _accept(self):
        while True:
            try:
                client, _ = self._listener.accept()
            except OSError:
                return
            server = socket.create_connection(("127.0.0.1", self.target_port))
            kept = bytearray()
            self._recorded.append(kept)
            for source, sink, copy in ((client, server, kept), (server, client, None)):
                threading.Thread(target=self._pump, args=(source, sink, copy), daemon=True).start()

    @staticmethod
    def _pump(source, sink, copy):
        try:
            while data := source.recv(256 * 1024):
                if copy is not None:
                    copy += data
                sink.sendall(data)
        except OSError:
            pass
        for end in (source, sink):  # either side's end is the end of both: that is how clients hang up
            try:
                end.shutdown(socket.SHUT_RDWR)
            except OSError:
                pass


class _Tape:
    """Recorded bytes, read as if from a socket."""

    def __init__(self, data):
        self._data = io.BytesIO(data)

    def recv(self, count):
        return self._data.read(count)


def parse_requests(data):
    """The whole requests in one direction of a connection; an unfinished last one is left out."""
    stream, out = http1.Stream(_Tape(data)), []
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
        out.append((method, target, headers, body))
