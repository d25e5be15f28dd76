"""The child's side: take its rights away, then answer one message after the other."""

import ctypes
import logging
import os
import resource
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from app.confined import frames
from app.confined.frames import Message

Handler = Callable[[Message], Message]

_NEW_USER, _NEW_NETWORK = 0x10000000, 0x40000000  # <sched.h>; os.unshare comes with Python 3.12 only
_REFUSED = (
    "socket.",
    "subprocess.",
    "os.system",
    "os.exec",
    "os.spawn",
    "os.posix_spawn",
    "os.fork",
    "os.kill",
    "pty.",
)
_REFUSED_WRITES = ("os.remove", "os.rename", "os.rmdir", "os.mkdir", "os.link", "os.symlink", "os.truncate", "os.chmod")
_WRITING = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_APPEND


class NotAllowedError(RuntimeError):
    """The child tried something it may not do."""


def serve(handler: Handler, *, memory: int, cpu_seconds: int, written: int = 64 * 1024 * 1024) -> None:
    """Answer messages from standard input until it ends. Sizes are in bytes; the CPU time is for each message."""
    source, target = sys.stdin.buffer, sys.stdout.buffer
    sys.stdout = sys.stderr  # a stray print would garble the pipe
    _limit(memory, written)
    sys.addaudithook(_hook(Path(os.environ["TMPDIR"]).resolve()))
    while True:
        try:
            message = frames.read(source)
        except EOFError:
            return
        _allow_cpu(cpu_seconds)
        frames.write(target, _answer(handler, message))


def leave_the_network() -> bool:
    """Move to a network namespace without any interface; False where the system does not allow it."""
    unshare = ctypes.CDLL(None, use_errno=True).unshare
    return bool(unshare(_NEW_NETWORK) == 0 or unshare(_NEW_USER | _NEW_NETWORK) == 0)


def _limit(memory: int, written: int) -> None:
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    resource.setrlimit(resource.RLIMIT_FSIZE, (written, written))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def _allow_cpu(seconds: int) -> None:
    used = resource.getrusage(resource.RUSAGE_SELF)
    _, hard = resource.getrlimit(resource.RLIMIT_CPU)
    resource.setrlimit(resource.RLIMIT_CPU, (int(used.ru_utime + used.ru_stime) + seconds, hard))


def _answer(handler: Handler, message: Message) -> Message:
    with _complaints() as complaints:
        try:
            answer = handler(message)
        except BaseException as fault:  # noqa: BLE001 - the renderer's fatal error is no Exception
            return Message({"fault": type(fault).__name__, "message": str(fault)[:2000]})
    return Message({**answer.head, "complaints": complaints}, answer.pieces)


@contextmanager
def _complaints() -> Iterator[list[str]]:
    """Collect the warnings libraries write to their logs: an ignored rule or a missing picture is a fault here."""
    heard: list[str] = []
    ear = logging.Handler(logging.WARNING)
    ear.emit = lambda record: heard.append(record.getMessage())  # type: ignore[method-assign]
    loggers = [logging.getLogger(), logging.getLogger("weasyprint"), logging.getLogger("fontTools")]
    for logger in loggers:
        logger.addHandler(ear)
    try:
        yield heard
    finally:
        for logger in loggers:
            logger.removeHandler(ear)


def _writes(mode: object, flags: object) -> bool:
    return bool(isinstance(flags, int) and flags & _WRITING) or bool(mode and set(str(mode)) & set("wax+"))


def _hook(temporary: Path) -> Callable[[str, tuple[object, ...]], None]:
    prefix = f"{temporary}{os.sep}"

    def refuse_outside(event: str, paths: tuple[object, ...]) -> None:
        for path in paths:
            if isinstance(path, str | bytes | os.PathLike) and not os.path.realpath(os.fsdecode(path)).startswith(
                prefix
            ):
                raise NotAllowedError(f"{event} {path!r}")

    def refuse(event: str, details: tuple[object, ...]) -> None:
        if event == "open":
            refuse_outside("writing", details[:1] if _writes(*details[1:]) else ())
        elif event.startswith(_REFUSED):
            raise NotAllowedError(event)
        elif event.startswith(_REFUSED_WRITES):
            refuse_outside(event, details)

    return refuse
