"""A web server on this machine that fails as servers and lines do, each request as planned."""

import re
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

#: Answers one request for a file: gets the handler, the file and the first byte asked for.
Answer = Callable[[BaseHTTPRequestHandler, bytes, int], None]


def whole(handler: BaseHTTPRequestHandler, content: bytes, start: int) -> None:
    """Send the file from `start` on, as it should be."""
    send(handler, content, start, content[start:])


def ignoring_the_range(handler: BaseHTTPRequestHandler, content: bytes, start: int) -> None:
    """Send the file from its first byte, whatever was asked for."""
    send(handler, content, 0, content)


def another_range(handler: BaseHTTPRequestHandler, content: bytes, start: int) -> None:
    """Send the file from a place that was not asked for, and say so."""
    send(handler, content, 1, content[1:])


def without_length(size: int) -> Answer:
    """Return an answer that gives no length and ends after `size` bytes."""

    def answer(handler: BaseHTTPRequestHandler, content: bytes, start: int) -> None:
        handler.send_response(200)
        handler.end_headers()
        handler.wfile.write(content[:size])

    return answer


def in_pieces(handler: BaseHTTPRequestHandler, content: bytes, start: int) -> None:
    """Send the whole file in chunks, without its length, and call it encoded with gzip."""
    handler.protocol_version = "HTTP/1.1"
    handler.send_response(200)
    handler.send_header("Transfer-Encoding", "chunked")
    handler.send_header("Content-Encoding", "gzip")
    handler.end_headers()
    for first in range(0, len(content), 7_000):
        piece = content[first : first + 7_000]
        handler.wfile.write(f"{len(piece):x}\r\n".encode() + piece + b"\r\n")
    handler.wfile.write(b"0\r\n\r\n")


def breaking_off(size: int, seconds: float = 0.0) -> Answer:
    """Return an answer whose line breaks, or is silent for some seconds, after `size` bytes."""

    def answer(handler: BaseHTTPRequestHandler, content: bytes, start: int) -> None:
        send(handler, content, start, content[start : start + size])
        handler.wfile.flush()
        time.sleep(seconds)

    return answer


def dripping(size: int, seconds: float) -> Answer:
    """Return an answer that sends `size` bytes, waits some seconds, and so on."""

    def answer(handler: BaseHTTPRequestHandler, content: bytes, start: int) -> None:
        send(handler, content, start, b"")
        for first in range(start, len(content), size):
            handler.wfile.write(content[first : first + size])
            handler.wfile.flush()
            time.sleep(seconds)

    return answer


def claiming(length: int) -> Answer:
    """Return an answer with the whole file that states another length."""

    def answer(handler: BaseHTTPRequestHandler, content: bytes, start: int) -> None:
        handler.send_response(200)
        handler.send_header("Content-Length", str(length))
        handler.end_headers()
        handler.wfile.write(content)

    return answer


def serving(other: bytes) -> Answer:
    """Return an answer with other bytes in place of the file's."""
    return lambda handler, content, start: send(handler, other, start, other[start:])


def status(code: int) -> Answer:
    """Return an answer with this status and no file."""
    return lambda handler, content, start: handler.send_error(code)


def send(handler: BaseHTTPRequestHandler, content: bytes, start: int, body: bytes) -> None:
    """Announce `content` from `start` on, and send `body`."""
    if start >= len(content) > 0:
        handler.send_error(416)
        return
    handler.send_response(206 if start else 200)
    if start:
        handler.send_header("Content-Range", f"bytes {start}-{len(content) - 1}/{len(content)}")
    handler.send_header("Content-Length", str(len(content) - start))
    handler.end_headers()
    handler.wfile.write(body)


class FaultyServer:
    """A server of some files.

    Attributes:
        address: starts the address of every file.
        files: path ↦ content.
        plans: path ↦ answers to the first requests; later ones get the whole file.
        requests: (path, first byte asked for) of every request so far.
    """

    def __init__(self, port: int) -> None:
        self.address = f"http://127.0.0.1:{port}/"
        self.files: dict[str, bytes] = {}
        self.plans: dict[str, list[Answer]] = {}
        self.requests: list[tuple[str, int]] = []

    def answer(self, handler: BaseHTTPRequestHandler) -> None:
        """Answer a request."""
        path = handler.path.lstrip("/")
        asked = re.fullmatch(r"bytes=(\d+)-", handler.headers.get("Range", ""))
        start = int(asked[1]) if asked else 0
        self.requests.append((path, start))
        plan = self.plans.get(path, [])
        if path not in self.files:
            handler.send_error(404)
        else:
            (plan.pop(0) if plan else whole)(handler, self.files[path], start)


@contextmanager
def faulty_server() -> Iterator[FaultyServer]:
    """Run a server without files on a free port."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            # The other side may have heard enough.
            with suppress(BrokenPipeError, ConnectionResetError):
                faulty.answer(self)

        def log_message(self, *arguments: object) -> None:
            """Keep the terminal clean."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        faulty = FaultyServer(server.server_port)
        thread = threading.Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        try:
            yield faulty
        finally:
            server.shutdown()
            thread.join()
