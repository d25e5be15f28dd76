"""The virus scanner, as an adapter: clean, infected, or could not scan. The last is never taken for clean."""

from __future__ import annotations

import socket
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

_CHUNK = 64 * 1024
_CLEAN, _FOUND = b"OK", b"FOUND"


class Finding(StrEnum):
    CLEAN = "clean"
    INFECTED = "infected"
    COULD_NOT_SCAN = "could_not_scan"


class Scanner(Protocol):
    def scan(self, data: bytes) -> Finding: ...


class NoScanner:
    """Where none is configured, files pass with what the inspection of their structure found."""

    def scan(self, data: bytes) -> Finding:  # noqa: ARG002
        return Finding.CLEAN


@dataclass(frozen=True)
class Clamd:
    """A clamd daemon, asked by INSTREAM over `host:port` or the path of a local socket."""

    address: str
    seconds: float = 30

    def scan(self, data: bytes) -> Finding:
        try:
            with self._connect() as connection:
                connection.sendall(b"zINSTREAM\0")
                for start in range(0, len(data), _CHUNK):
                    chunk = data[start : start + _CHUNK]
                    connection.sendall(len(chunk).to_bytes(4, "big") + chunk)
                connection.sendall(bytes(4))
                answer = _read(connection)
        except OSError:
            return Finding.COULD_NOT_SCAN
        if answer.endswith(_FOUND):
            return Finding.INFECTED
        return Finding.CLEAN if answer.endswith(_CLEAN) else Finding.COULD_NOT_SCAN

    def _connect(self) -> socket.socket:
        host, colon, port = self.address.rpartition(":")
        if colon and port.isdigit():
            return socket.create_connection((host, int(port)), timeout=self.seconds)
        connection = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        connection.settimeout(self.seconds)
        try:
            connection.connect(self.address)
        except OSError:
            connection.close()
            raise
        return connection


def _read(connection: socket.socket) -> bytes:
    answer = b""
    while piece := connection.recv(4096):
        answer += piece
    return answer.rstrip(b"\0\n")


def scanner_at(address: str) -> Scanner:
    """Give the scanner at an address; an empty one means that there is none."""
    return Clamd(address) if address else NoScanner()
