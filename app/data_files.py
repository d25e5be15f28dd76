"""Reads the data files the project ships. Dates and numbers come as ruamel's safe loader gives them."""

from pathlib import Path
from typing import Any

from ruamel.yaml import YAML

DATA = Path(__file__).parent / "data"


def shipped(name: str) -> bytes:
    """The bytes of a file under app/data, such as `calls/eoi-2016.yaml`."""
    return (DATA / name).read_bytes()


def load_shipped(name: str) -> dict[str, Any]:
    """The content of a YAML file under app/data, all of which are mappings at the top."""
    content: dict[str, Any] = YAML(typ="safe").load(shipped(name))
    return content
