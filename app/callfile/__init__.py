"""Call files: reading with faults by path and line, writing, storing, and the published schema.

`read_call(emit_call(call))` gives the same call again. The shapes come from the dataclasses of workflows/definition.py.
"""

import json
from collections.abc import Mapping
from dataclasses import replace
from functools import lru_cache
from typing import Any

from app.callfile.checks import check
from app.callfile.emitter import plain_tree, to_yaml
from app.callfile.faults import Fault
from app.callfile.nodes import Node, from_plain, parse_yaml
from app.callfile.reader import Reader
from app.callfile.schema import call_schema, schema_text
from app.callfile.shapes import call_shape
from workflows.definition import CallDefinition, Provenance

__all__ = ["Fault", "call_schema", "emit_call", "from_json", "read_call", "schema_text", "to_json"]


@lru_cache(maxsize=16)  # a file is looked at before it is imported, and again when it is
def read_call(data: bytes) -> tuple[CallDefinition | None, tuple[Fault, ...]]:
    """The call a YAML file says, or None and every fault found, by line. Never raises, whatever the bytes."""
    root, faults = parse_yaml(data)
    if root is None:
        return None, faults
    reader, call = _read(root)
    for path, reason in check(call) if call else ():
        reader.refuse(path, reason.code, reason.text, **reason.params)
    found = reader.faults
    once = {(fault.line, fault.path, fault.reason.code): fault for fault in (*faults, *found)}
    every = tuple(once[place] for place in sorted(once))
    return (None if every else call), every


def _read(root: Node) -> tuple[Reader, CallDefinition | None]:
    reader = Reader()
    call: CallDefinition | None = reader.call(root, call_shape())
    return reader, call and replace(call, provenance=reader.provenance)


def emit_call(call: CallDefinition, provenance: Mapping[str, Provenance] | None = None) -> bytes:
    """The YAML file of a call; without `provenance` with the call's own."""
    return to_yaml(plain_tree(call, call.provenance if provenance is None else provenance, lambda number: number))


def to_json(call: CallDefinition) -> dict[str, Any]:
    """The call, provenance included, as values JSON can hold; decimals are text."""
    return plain_tree(call, call.provenance, lambda number: format(number, "f"))


def from_json(stored: Mapping[str, Any]) -> CallDefinition:
    """The call `to_json` was given. ValueError with the faults if it is no call.

    Cross checks were made when it was read; lists of codes may have changed since, and a running call must not fall.
    """
    return _from_text(json.dumps(stored))


@lru_cache(maxsize=64)
def _from_text(text: str) -> CallDefinition:
    reader, call = _read(from_plain(json.loads(text)))
    if call is None:
        raise ValueError("; ".join(str(fault) for fault in reader.faults))
    return call
