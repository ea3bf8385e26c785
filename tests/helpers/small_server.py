"""A web server that gives files as planned: whole, broken off, other bytes, or an error."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


class SmallServer:
    """A server of some files.

    Attributes:
        address: starts the address of every file.
        files: path ↦ content.
        plans: path ↦ answers to the first requests, in place of the file: an HTTP status, bytes, or the
            number of bytes after which the connection breaks off.
        requests: the paths asked for so far.
    """

    def __init__(self, port: int) -> None:
        self.address = f"http://127.0.0.1:{port}/"
        self.files: dict[str, bytes] = {}
        self.plans: dict[str, list[int | bytes]] = {}
        self.requests: list[str] = []

    def answer(self, handler: BaseHTTPRequestHandler) -> None:
        """Answer a request."""
        path = handler.path.lstrip("/")
        self.requests.append(path)
        plan = self.plans.get(path)
        content: int | bytes | None = plan.pop(0) if plan else self.files.get(path)
        if content is None or (isinstance(content, int) and content in (403, 404, 429, 500, 503)):
            handler.send_error(content or 404)
            return
        body = self.files[path][:content] if isinstance(content, int) else content
        handler.send_response(200)
        announced = self.files[path] if isinstance(content, int) else body
        handler.send_header("Content-Length", str(len(announced)))
        handler.end_headers()
        handler.wfile.write(body)


@contextmanager
def small_server() -> Iterator[SmallServer]:
    """Run a server without files on a free port."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            small.answer(self)

        def log_message(self, *arguments: object) -> None:
            """Keep the terminal clean."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        small = SmallServer(server.server_port)
        thread = threading.Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        try:
            yield small
        finally:
            server.shutdown()
            thread.join()
