"""What a browser calls itself, in two words people know: its family and the system it runs on."""

from __future__ import annotations

# The first that occurs counts: later ones also stand in what others call themselves.
FAMILIES = (("Edg", "Edge"), ("OPR/", "Opera"), ("Firefox/", "Firefox"), ("Chrom", "Chrome"), ("Safari/", "Safari"))
SYSTEMS = (("Android", "Android"), ("iPhone", "iPhone"), ("iPad", "iPad"), ("Windows", "Windows"),
           ("Mac OS X", "macOS"), ("CrOS", "ChromeOS"), ("Linux", "Linux"))  # fmt: skip


def _first(names: tuple[tuple[str, str], ...], text: str) -> str:
    return next((name for mark, name in names if mark in text), "")


def name_of_browser(text: str) -> str:
    """Give "Firefox, Linux" for the long name a browser sends; empty where nothing in it is known."""
    return ", ".join(name for name in (_first(FAMILIES, text), _first(SYSTEMS, text)) if name)
