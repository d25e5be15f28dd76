"""serve, worker, tick: the parts of the running service, together or apart."""

from __future__ import annotations

import logging
import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

import click

from app import create_app
from app.chance import Secret, new_id
from app.commands.house import House, open_house
from app.documents.renderer import Renderer
from app.receiving import Waiting
from app.receiving import serve as serve_requests
from app.services.deciding.bounces import want_bounces
from app.ticking import holds_lease
from app.ticking import tick as take_due
from app.worker import make_worker

TICK_EVERY = 10.0  # seconds
BEHIND = timedelta(seconds=30)  # a clock apart from the pages can't see what still waits there: it goes after them
log = logging.getLogger("escp")


def _log() -> None:
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(name)s %(levelname)s %(message)s")
    logging.getLogger("waitress").setLevel(logging.WARNING)


def run_clock(house: House, stop: threading.Event, waiting: Waiting | None = None) -> None:
    """Tick every ten seconds while this process holds the lease of the clock.

    No tick passes the moment of a request that was received in time and waits to be answered.
    """
    holder = new_id(Secret())
    while not stop.wait(TICK_EVERY):
        try:
            if holds_lease(house.database, holder, house.now()):
                take_due(house.database, waiting.now() if waiting else house.now() - BEHIND, Secret())
                want_bounces(house.database, house.settings, house.now(), Secret())
        except Exception:  # the clock must go on; what failed is tried again at the next tick
            log.exception("a tick failed")


def run_worker(house: House, stop: threading.Event) -> None:
    with Renderer() as renderer:
        worker_ = make_worker(house.database, house.store, house.settings, renderer, clock=house.now)
        worker_.run_forever(stop)


def serve_pages(house: House, host: str, port: int, waiting: Waiting | None = None) -> None:
    """Serve pages until interrupted. Headers about the sender are dropped unless a trusted web server sets them."""
    serve_requests(
        create_app(house.settings, clock=house.now), waiting or Waiting(house.now), host=host, port=port, threads=8,
        ident="escp", clear_untrusted_proxy_headers=house.settings.proxies == 0,
    )  # fmt: skip


@contextmanager
def beside(*parts: threading.Thread, stop: threading.Event) -> Iterator[None]:
    for part in parts:
        part.start()
    try:
        yield
    finally:
        stop.set()
        for part in parts:
            part.join(timeout=15)


def serve_together(house: House, host: str, port: int) -> None:
    """Serve pages, run the outbox and the clock in one process, until interrupted."""
    stop = threading.Event()
    waiting = Waiting(house.now)
    parts = (
        threading.Thread(target=run_worker, args=(house, stop), daemon=True),
        threading.Thread(target=run_clock, args=(house, stop, waiting), daemon=True),
    )
    with beside(*parts, stop=stop):
        serve_pages(house, host, port, waiting)


@click.command()
@click.option("--host", default="127.0.0.1", show_default=True)
@click.option("--port", default=8000, show_default=True)
@click.option("--pages-only", is_flag=True, help="Only pages: run `escp worker` beside it.")
def serve(host: str, port: int, *, pages_only: bool) -> None:
    """Serve the pages, with worker and clock in the same process."""
    _log()
    house = open_house()
    if pages_only:
        serve_pages(house, host, port)
    else:
        serve_together(house, host, port)


@click.command()
def worker() -> None:
    """Run the outbox and the clock until interrupted."""
    _log()
    house, stop = open_house(), threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda _number, _frame: stop.set())
    with beside(threading.Thread(target=run_clock, args=(house, stop), daemon=True), stop=stop):
        run_worker(house, stop)


@click.command()
def tick() -> None:
    """Take what is due by time, once."""
    house = open_house()
    want_bounces(house.database, house.settings, house.now(), Secret())
    click.echo(f"{take_due(house.database, house.now(), Secret())} taken")
