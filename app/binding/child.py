"""Runs in the confined child: binds what one message brings."""

from app.confined import child

_OFFLINE = child.leave_the_network()

from app.binding.pages import Part, bind  # noqa: E402 - the network is left before anything large is loaded
from app.confined.frames import Message  # noqa: E402

_MEMORY = 1024 * 1024 * 1024
_CPU_SECONDS = 60


def main() -> None:
    child.serve(_bind, memory=_MEMORY, cpu_seconds=_CPU_SECONDS, written=0)


def _bind(message: Message) -> Message:
    titles, kinds = message.head["titles"], message.head["kinds"]
    if not isinstance(titles, list) or not isinstance(kinds, list):
        raise TypeError("titles and kinds are lists")
    parts = [
        Part(str(title), str(kind), message.pieces[f"part{at}"])
        for at, (title, kind) in enumerate(zip(titles, kinds, strict=True))
    ]
    return Message({}, {"bound": bind(parts[0], parts[1:], str(message.head["footer"]))})
