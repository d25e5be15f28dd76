"""The server knows when the last byte arrived; what came in time is judged so, however long it waits for its turn."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Callable
from datetime import UTC, datetime

import pytest

from app.receiving import RECEIVED_AT, Waiting, serve


class Site:
    """A server of one thread that answers when it is let, and says when each request had arrived."""

    def __init__(self) -> None:
        self.waiting = Waiting(lambda: datetime.now(UTC))
        self.go, self.seen = threading.Event(), []  # type: ignore[var-annotated]
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = probe.getsockname()[1]
        options = {"host": "127.0.0.1", "port": self.port, "threads": 1}
        threading.Thread(target=serve, args=(self._answer, self.waiting), kwargs=options, daemon=True).start()

    def _answer(self, environ: dict[str, object], start: Callable[..., object]) -> list[bytes]:
        self.go.wait(30)
        self.seen.append(environ.get(RECEIVED_AT))
        start("200 OK", [("Content-Type", "text/plain"), ("Content-Length", "2")])
        return [b"ok"]

    def connect(self) -> socket.socket:
        for _ in range(100):
            try:
                return socket.create_connection(("127.0.0.1", self.port), timeout=30)
            except OSError:
                time.sleep(0.05)
        raise TimeoutError("the server does not listen")


@pytest.fixture(scope="module")
def site() -> Site:
    return Site()


def head(length: int) -> bytes:
    forged = b"Escp-Received-At: 2001-01-01\r\nescp.received_at: 2001-01-01\r\n"
    return b"POST / HTTP/1.1\r\nHost: x\r\n" + forged + b"Content-Length: %d\r\n\r\n" % length


def test_a_request_that_waits_for_a_thread_keeps_the_moment_of_its_last_byte(site: Site) -> None:
    first, second, slow = site.connect(), site.connect(), site.connect()
    slow.sendall(head(4) + b"sl")
    first.sendall(head(2) + b"ab")
    second.sendall(head(2) + b"cd")
    time.sleep(0.4)
    between = datetime.now(UTC)
    time.sleep(0.1)

    held = site.waiting.now()
    slow.sendall(b"ow")
    time.sleep(0.4)
    site.go.set()
    for one in (first, second, slow):
        assert one.recv(100).startswith(b"HTTP/1.1 200")
        one.close()
    moments = sorted(site.seen)

    assert len(moments) == 3
    assert moments[1] < between < moments[2]
    assert held == moments[0]
    for _ in range(100):
        if site.waiting.now() > moments[2]:
            break
        time.sleep(0.02)
    assert site.waiting.now() > moments[2]
