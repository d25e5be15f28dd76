"""The server that serves pages knows when the last byte of a request arrived, however long it then waits for a thread.

A request is judged by that moment. While one that came in time still waits, the clock's acts of the deadline wait too.
"""

from __future__ import annotations

import threading
import weakref
from collections.abc import Callable
from datetime import datetime
from typing import Any

from waitress import create_server
from waitress.channel import HTTPChannel
from waitress.parser import HTTPRequestParser
from waitress.task import WSGITask

from app.inspection.slots import MEGA
from app.offline.pack import MOST_OF_A_PACK

RECEIVED_AT = "escp.received_at"  # in the environment of a request: no header has such a name, so nobody can send it
LARGEST = MOST_OF_A_PACK + MEGA  # bytes of a body: more is not taken in, whatever page it is for
CONNECTIONS = 1000  # open at once: on the evening of a deadline nobody waits outside the door


class Waiting:
    """Requests that were received and are not answered yet."""

    def __init__(self, clock: Callable[[], datetime]) -> None:
        self._clock = clock
        self._lock = threading.Lock()
        self._requests: weakref.WeakKeyDictionary[Any, datetime] = weakref.WeakKeyDictionary()

    def receive(self, request: object) -> datetime:
        """Read the clock for a request whose last byte is there."""
        with self._lock:  # or a tick could pass the moment of a request that it does not know yet
            self._requests[request] = moment = self._clock()
        return moment

    def answered(self, request: object) -> None:
        with self._lock:
            self._requests.pop(request, None)

    def now(self) -> datetime:
        """Until when everything that was received is answered: now, or the moment of the oldest that waits."""
        with self._lock:
            return min(self._requests.values(), default=self._clock())


def _channel(waiting: Waiting) -> type[HTTPChannel]:
    class Parser(HTTPRequestParser):  # type: ignore[misc]
        received_at: datetime | None = None

        def received(self, data: bytes) -> int:
            taken: int = super().received(data)
            if self.completed and self.received_at is None and not self.expect_continue:
                self.received_at = waiting.receive(self)
            return taken

    class Task(WSGITask):  # type: ignore[misc]
        def get_environment(self) -> dict[str, Any]:
            environ: dict[str, Any] = super().get_environment()
            if self.request.received_at is not None:
                environ[RECEIVED_AT] = self.request.received_at
            return environ

        def service(self) -> None:
            try:
                super().service()
            finally:
                waiting.answered(self.request)

    class Channel(HTTPChannel):  # type: ignore[misc]
        parser_class = Parser
        task_class = Task

    return Channel


def serve(app: Any, waiting: Waiting, **options: Any) -> None:  # noqa: ANN401 - a WSGI application
    """Serve until interrupted; each request's environment names when its last byte arrived."""
    sockets: dict[int, Any] = {}
    server = create_server(app, map=sockets, connection_limit=CONNECTIONS, max_request_body_size=LARGEST, **options)
    channel = _channel(waiting)
    for listening in list(sockets.values()):
        if hasattr(listening, "channel_class"):
            listening.channel_class = channel
    server.run()
