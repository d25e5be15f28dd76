"""The parent's side: start the child, ask it, replace it when it is old, late or dead."""

import contextlib
import subprocess
import sys
import tempfile
import threading
from pathlib import Path
from types import TracebackType
from typing import IO, Self

from app.confined import frames
from app.confined.frames import Message

_APP = Path(__file__).resolve().parent.parent
# The package's own __init__ makes the whole web application; a bare module of its name keeps that out of the child.
_START = (
    "import sys, types; app = types.ModuleType('app'); app.__path__ = [sys.argv[1]]; sys.modules['app'] = app; "
    "import importlib; importlib.import_module(sys.argv[2]).main()"
)


class ChildFailedError(RuntimeError):
    """The child gave no answer, or one that says what went wrong."""

    def __init__(self, kind: str, message: str) -> None:
        super().__init__(f"{kind}: {message}")
        self.kind = kind


def _pipes(process: subprocess.Popen[bytes]) -> tuple[IO[bytes], IO[bytes]]:
    if process.stdin is None or process.stdout is None:
        raise EOFError("the child has no pipes")
    return process.stdout, process.stdin


class Confined:
    """One child at a time; any thread may ask, one after the other.

    `module` has a function `main()` that calls `child.serve`. `limit` is in seconds for each answer.
    """

    def __init__(self, module: str, *, limit: float, replace_after: int = 200) -> None:
        self._module = module
        self._limit = limit
        self._replace_after = replace_after
        self.settings: dict[str, str] = {}  # what the child finds in its environment besides the least
        self._lock = threading.Lock()
        self._folder = tempfile.TemporaryDirectory(prefix="escp-child-", ignore_cleanup_errors=True)
        self._process: subprocess.Popen[bytes] | None = None
        self._answered = 0

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, fault: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    @property
    def folder(self) -> Path:
        return Path(self._folder.name)

    def close(self) -> None:
        with self._lock:
            self._stop()
        self._folder.cleanup()

    def ask(self, message: Message) -> Message:
        """Put one question.

        ChildFailedError after a fault, at the limit or when the child dies; the next question gets a new child.
        """
        with self._lock:
            answer = self._exchange(message)
            self._answered += 1
            if self._answered >= self._replace_after or "fault" in answer.head:
                self._stop()
        if "fault" in answer.head:
            raise ChildFailedError(str(answer.head["fault"]), str(answer.head.get("message", "")))
        return answer

    def _exchange(self, message: Message) -> Message:
        process = self._running()
        late = threading.Event()

        def end_it() -> None:
            late.set()
            process.kill()

        timer = threading.Timer(self._limit, end_it)
        timer.daemon = True
        timer.start()
        try:
            source, target = _pipes(process)
            frames.write(target, message)
            return frames.read(source)
        except (OSError, EOFError, ValueError) as fault:
            self._stop()
            kind = "Late" if late.is_set() else "Died"
            raise ChildFailedError(
                kind, f"no answer within {self._limit:g} s" if late.is_set() else str(fault)
            ) from fault
        finally:
            timer.cancel()

    def _running(self) -> subprocess.Popen[bytes]:
        if self._process is None or self._process.poll() is not None:
            self._stop()
            folder = str(self.folder)
            # Nothing of the parent's environment: keys and addresses of the service have no business in there.
            environment = {"TMPDIR": folder, "HOME": folder, "LANG": "C.UTF-8", "PYTHONUTF8": "1", **self.settings}
            self._process = subprocess.Popen(  # noqa: S603 - our own interpreter and our own module
                [sys.executable, "-P", "-s", "-B", "-c", _START, str(_APP), self._module],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                cwd=folder,
                env=environment,
            )
            self._answered = 0
        return self._process

    def _stop(self) -> None:
        process, self._process = self._process, None
        if process is None:
            return
        process.kill()
        process.wait()
        for pipe in (process.stdin, process.stdout):
            if pipe is not None:
                with contextlib.suppress(OSError):
                    pipe.close()
