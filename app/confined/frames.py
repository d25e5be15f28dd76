"""One message of the pipe between parent and child: a JSON head, then named pieces of bytes.

JSON and not pickle: whoever takes over a child must not be able to run code in the parent.
"""

import json
import struct
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import IO

_LENGTH = struct.Struct(">I")
_LARGEST = 256 * 1024 * 1024  # bytes one message may hold; more is a fault, not a document


@dataclass(frozen=True)
class Message:
    head: Mapping[str, object]
    pieces: Mapping[str, bytes] = field(default_factory=dict)


def write(stream: IO[bytes], message: Message) -> None:
    sizes = {name: len(piece) for name, piece in message.pieces.items()}
    head = json.dumps({"head": dict(message.head), "sizes": sizes}, ensure_ascii=False).encode()
    stream.write(_LENGTH.pack(len(head)))
    stream.write(head)
    stream.writelines(message.pieces.values())
    stream.flush()


def read(stream: IO[bytes]) -> Message:
    """Read one message. EOFError when the other side has gone, ValueError when it talks nonsense."""
    (length,) = _LENGTH.unpack(_exactly(stream, _LENGTH.size))
    loaded = json.loads(_exactly(stream, _bounded(length)))
    sizes: dict[str, int] = loaded["sizes"]
    _bounded(sum(sizes.values()))
    return Message(loaded["head"], {name: _exactly(stream, size) for name, size in sizes.items()})


def _bounded(length: int) -> int:
    if not 0 <= length <= _LARGEST:
        raise ValueError(f"a message of {length} bytes")
    return length


def _exactly(stream: IO[bytes], size: int) -> bytes:
    piece = stream.read(size)
    if len(piece) != size:
        raise EOFError("the other side of the pipe has gone")
    return piece
