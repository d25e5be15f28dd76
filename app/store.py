"""The files people upload and the documents we make: each named by its SHA-256, written once, never changed.

The place is a local folder or a bucket of an S3 service; both answer alike.
"""

import contextlib
import hashlib
import os
import re
import tempfile
from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import NamedTuple, Self
from urllib.parse import parse_qsl, unquote, urlsplit

import obstore
from obstore.exceptions import AlreadyExistsError
from obstore.store import LocalStore, S3Store

_ASIDE = ".aside-"
_CHUNK = 1024 * 1024
_DIGEST = re.compile(r"[0-9a-f]{64}")
_NAME = re.compile(r"(?P<start>[0-9a-f]{2})/(?P<digest>[0-9a-f]{64})")


class Stored(NamedTuple):
    sha256: str
    size: int  # bytes


class TooLargeError(ValueError):
    """More bytes came than are allowed; nothing was kept."""


class DamagedError(RuntimeError):
    """The bytes under a name are not those the name was made of."""


class Store:
    def __init__(self, place: LocalStore | S3Store, folder: Path | None) -> None:
        self._place = place
        self._folder = folder

    @classmethod
    def from_url(cls, url: str) -> Self:
        """Open a store: a folder's path, `file:///folder`, or `s3://bucket/prefix?endpoint=…&region=…`.

        Keys of an S3 service come from its usual environment variables (AWS_ACCESS_KEY_ID and the like).
        """
        parts = urlsplit(url)
        if parts.scheme == "s3":
            return cls(_bucket(url), None)
        if parts.scheme not in {"", "file"}:
            raise ValueError(f"{parts.scheme}:// is not a place for files: give a folder or s3://bucket")
        folder = Path(unquote(parts.path) if parts.scheme else url).resolve()
        folder.mkdir(parents=True, exist_ok=True)
        return cls(LocalStore(folder), folder)

    def put(self, data: bytes | Iterable[bytes], *, limit: int | None = None) -> Stored:
        """Keep bytes and give their name. On return they are durable; the same bytes again change nothing.

        TooLargeError as soon as more than `limit` bytes have come.
        """
        chunks = (data,) if isinstance(data, bytes) else data
        with tempfile.NamedTemporaryFile(dir=self._folder, prefix=".partial-") as partial:
            stored = _spool(chunks, partial.write, limit)
            partial.flush()
            if self._folder is not None:
                os.fsync(partial.fileno())
                _link(Path(partial.name), self._folder / _name(stored.sha256))
            else:
                partial.seek(0)
                self._upload(stored.sha256, Path(partial.name))
        return stored

    def get(self, sha256: str) -> bytes:
        """Give a file's bytes. FileNotFoundError if there is none, DamagedError if they are not what they were."""
        data = bytes(obstore.get(self._place, _name(sha256)).bytes())
        if hashlib.sha256(data).hexdigest() != sha256:
            raise DamagedError(f"the file {sha256} has changed")
        return data

    def stream(self, sha256: str) -> Iterator[bytes]:
        """Give a file in pieces. FileNotFoundError before the first piece if there is none."""
        found = obstore.get(self._place, _name(sha256))
        return (bytes(chunk) for chunk in found.stream(min_chunk_size=_CHUNK))

    def size(self, sha256: str) -> int:
        """Give a file's size in bytes. FileNotFoundError if there is none."""
        return int(obstore.head(self._place, _name(sha256))["size"])

    def exists(self, sha256: str) -> bool:
        try:
            self.size(sha256)
        except FileNotFoundError:
            return False
        return True

    def all(self) -> Iterator[str]:
        """Give the SHA-256 of every file that is kept, in order."""
        paths = (entry["path"] for batch in obstore.list(self._place) for entry in batch)
        yield from sorted(match["digest"] for match in map(_NAME.fullmatch, paths) if match)

    def forget(self, sha256: str, *, before: datetime) -> bool:
        """Take a file away if nobody has stored it (again) since `before`; says whether it was taken.

        Nothing is lost to somebody who stores the same bytes at this moment: the file is moved aside before its age
        is judged, and whoever finds its name gone writes it again.
        """
        if self._folder is None:
            found = obstore.head(self._place, _name(sha256))
            if found["last_modified"] >= before:
                return False
            obstore.delete(self._place, _name(sha256))
            return True
        target = self._folder / _name(sha256)
        aside = target.with_name(f"{_ASIDE}{sha256}")
        try:
            target.rename(aside)
        except FileNotFoundError:
            return False
        if datetime.fromtimestamp(aside.stat().st_mtime, UTC) >= before:
            _give_back(aside, target)
            return False
        aside.unlink()
        return True

    def give_back(self) -> None:
        """Put back what a sweep that was cut short had moved aside."""
        for aside in self._folder.glob(f"??/{_ASIDE}*") if self._folder else ():
            _give_back(aside, aside.with_name(aside.name.removeprefix(_ASIDE)))

    def age_of(self, sha256: str, now: datetime) -> timedelta:
        """Say how long ago a file was stored last. FileNotFoundError if there is none."""
        return now - obstore.head(self._place, _name(sha256))["last_modified"]

    def _upload(self, sha256: str, partial: Path) -> None:
        try:
            obstore.put(self._place, _name(sha256), partial, mode="create", use_multipart=False)
        except AlreadyExistsError:  # the same name is the same bytes: written again, so that it counts as new
            obstore.put(self._place, _name(sha256), partial, mode="overwrite", use_multipart=False)


def _bucket(url: str) -> S3Store:
    parts = urlsplit(url)
    given = dict(parse_qsl(parts.query))
    unknown = set(given) - {"endpoint", "region"}
    if unknown or not parts.netloc:
        raise ValueError("an S3 place is s3://bucket/prefix, with ?endpoint= and ?region= where needed")
    prefix = parts.path.strip("/") or None
    endpoint = given.get("endpoint")
    if endpoint is None:
        return S3Store(parts.netloc, prefix=prefix, region=given.get("region"))
    return S3Store(
        parts.netloc,
        prefix=prefix,
        endpoint=endpoint,
        region=given.get("region", "us-east-1"),
        client_options={"allow_http": endpoint.startswith("http://")},
    )


def _name(sha256: str) -> str:
    if not _DIGEST.fullmatch(sha256):
        raise ValueError("a file is named by the 64 hexadecimal digits of its SHA-256")
    return f"{sha256[:2]}/{sha256}"


def _spool(chunks: Iterable[bytes], write: Callable[[bytes], int], limit: int | None) -> Stored:
    digest, size = hashlib.sha256(), 0
    for chunk in chunks:
        size += len(chunk)
        if limit is not None and size > limit:
            raise TooLargeError(f"more than {limit} bytes")
        digest.update(chunk)
        write(chunk)
    return Stored(digest.hexdigest(), size)


def _link(partial: Path, target: Path) -> None:
    """Give the whole file its name in one step, and make the name as durable as the bytes."""
    if not target.parent.is_dir():
        target.parent.mkdir(exist_ok=True)
        _sync(target.parent.parent)
    while True:
        try:
            os.link(partial, target)
            break
        except FileExistsError:
            pass
        try:
            os.utime(target)  # the same name is the same bytes: it counts as stored now
        except FileNotFoundError:
            continue  # it was taken away between the two
        return
    target.chmod(0o440)
    _sync(target.parent)


def _give_back(aside: Path, target: Path) -> None:
    with contextlib.suppress(FileExistsError):
        os.link(aside, target)
    aside.unlink()


def _sync(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
