"""A child that tries what a child may not do. Run by test_confinement.py only."""

import os
import socket
import subprocess
import time
from pathlib import Path

from app.confined import child
from app.confined.frames import Message

_OFFLINE = child.leave_the_network()


def main() -> None:
    child.serve(_try, memory=512 * 1024 * 1024, cpu_seconds=1)


def _try(message: Message) -> Message:
    _TRICKS[str(message.head["trick"])](str(message.head.get("with", "")))
    return Message({"done": True, "offline": _OFFLINE})


def _spin(_: str) -> None:
    while True:
        pass


_TRICKS = {
    "nothing": lambda _: None,
    "connect": lambda port: socket.create_connection(("127.0.0.1", int(port)), timeout=5),
    "look up": lambda _: socket.getaddrinfo("localhost", 80),
    "run": lambda _: subprocess.run(["true"], check=True),
    "fork": lambda _: os.fork(),
    "shell": lambda _: os.system("true"),  # noqa: S605 - it is refused
    "write": lambda path: Path(path).write_text("x"),
    "write by a way round": lambda path: Path(os.environ["TMPDIR"] + "/.." * 20 + path).write_text("x"),
    "rename": lambda path: Path(path).rename(Path(os.environ["TMPDIR"], "taken.txt")),
    "remove": lambda path: Path(path).unlink(),
    "write temporarily": lambda _: Path(os.environ["TMPDIR"], "kept.txt").write_text("x"),
    "environment": lambda name: os.environ[name],
    "memory": lambda _: bytearray(1024 * 1024 * 1024),
    "spin": _spin,
    "sleep": lambda _: time.sleep(60),
    "die": lambda _: os._exit(1),
}
