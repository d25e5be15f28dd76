"""What is wrong with a call file: where, and how to mend it."""

from dataclasses import dataclass

from workflows.verdict import Reason
from workflows.words import Text


@dataclass(frozen=True, slots=True)
class Fault:
    """One fault. `path` is like rules[min_partners].value; `line` counts from 1, 0 where there is none."""

    path: str
    line: int
    reason: Reason

    @property
    def message(self) -> str:
        """In English, for the command line."""
        return self.reason.plain()

    def __str__(self) -> str:
        """One line, which begins with the path and a colon: others read it by machine."""
        where = self.path or "file"
        return f"{where}: {self.message} (line {self.line})" if self.line else f"{where}: {self.message}"


def fault(path: str, line: int, code: str, text: Text, /, **params: object) -> Fault:
    return Fault(path, line, Reason(code, text, params))


def beneath(path: str, key: str) -> str:
    """Path of a key of a mapping."""
    return f"{path}.{key}" if path else key


def item_of(path: str, name: str | int) -> str:
    """Path of an item of a list: by its id or code, else by its place counted from 0."""
    return f"{path}[{name}]"
