"""A small run of benchmarks/deadline_run.py: the real server as a process, requests on both sides of a deadline."""

from __future__ import annotations

import socket
from concurrent.futures import ThreadPoolExecutor

from benchmarks.deadline_run import run


def test_nothing_late_comes_in_and_nothing_timely_is_turned_away() -> None:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]

    with ThreadPoolExecutor(1) as apart:  # the browser of other tests has a loop in this thread
        outcome = apart.submit(run, 32, 1.5, 2, port=port, way=500.0).result()

    assert outcome.slow == 8
    assert outcome.before >= 5
    assert outcome.after >= 5
    assert (outcome.late_in, outcome.timely_out) == (0, 0)
