"""How often memory is searched for what nothing refers to any more."""

from __future__ import annotations

import gc

ALLOCATIONS = 100_000  # between two looks at what is new; Python's own is 700, chosen for small programs
YOUNG, MIDDLE = 20, 50


def search_memory_seldom() -> None:
    """For a process that lives long: what is loaded by now stays, and the rest is looked at seldom.

    Compiled statements and templates are hundreds of thousands of small things that stay; to look through them again
    and again took a tenth to a quarter of the processor's time of a page.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(ALLOCATIONS, YOUNG, MIDDLE)
