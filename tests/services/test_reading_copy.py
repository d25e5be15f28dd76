"""One PDF of an application: the text, then every file, numbered through, for those who write it alone."""

from __future__ import annotations

import io
from collections.abc import Iterator

import pikepdf
import pytest
from PIL import Image
from sqlalchemy import select

from app.access import can
from app.binding.binder import Binder
from app.binding.pages import Part
from app.confined.parent import ChildFailedError
from app.documents.renderer import Renderer
from app.models import Application, Document, DocumentKind
from app.services.documents.document_making import print_document
from app.services.evaluating.reading_copy import copy_of
from app.services.transitions import Refused, perform
from app.store import Store
from tests.support.application import a_draft, a_pdf, complete, with_partners
from tests.support.world import World
from workflows.relations import Relation as R


def a_picture() -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (300, 200), "navy").save(out, "PNG")
    return out.getvalue()


@pytest.fixture(scope="module")
def renderer() -> Iterator[Renderer]:
    with Renderer() as made:
        yield made


def pages_of(content: bytes) -> int:
    with pikepdf.open(io.BytesIO(content)) as opened:
        return len(opened.pages)


def test_parts_are_bound_in_order_with_an_outline_and_a_number_on_each_page() -> None:
    binder = Binder()
    parts = [Part("Text", "pdf", a_pdf()), Part("Plan (é)", "pdf", a_pdf("two")), Part("Map", "png", a_picture())]

    bound = binder.bind(parts, "SMARTEX")
    again = binder.bind(parts, "SMARTEX")
    binder.close()

    assert bound == again
    with pikepdf.open(io.BytesIO(bound)) as opened, opened.open_outline() as outline:
        assert [item.title for item in outline.root] == ["Text", "Plan (é)", "Map"]
        numbers = [page.Contents.read_bytes() if isinstance(page.Contents, pikepdf.Stream) else b"".join(
            stream.read_bytes() for stream in page.Contents) for page in opened.pages]  # fmt: skip
    assert [f"SMARTEX   {n} / 3".encode() in content for n, content in enumerate(numbers, start=1)] == [True] * 3


def test_a_part_that_can_not_be_read_fails_and_the_binder_goes_on() -> None:
    binder = Binder()
    with pytest.raises(ChildFailedError):
        binder.bind([Part("Text", "pdf", a_pdf()), Part("Broken", "pdf", b"%PDF-1.7 nonsense")], "")

    assert pages_of(binder.bind([Part("Text", "pdf", a_pdf())], "")) == 1
    binder.close()


def test_a_copy_holds_the_text_and_every_file(world: World, renderer: Renderer) -> None:
    found = complete(world, with_partners(world, a_draft(world)))
    store = Store.from_url(f"file://{world.folder / 'files'}")
    with world.act(found.coordinator) as act:
        perform(act, act.session.get_one(Application, found.application.id), "order_copy")
    with world.look() as act:
        document = copy_of(act, act.session.get_one(Application, found.application.id))
        assert document is not None
        identifier, files = document.id, len(document.snapshot["bound"])

    made = print_document(world.database, store, renderer, identifier)

    assert made is not None
    content = store.get(made.issued_sha256)
    with pikepdf.open(io.BytesIO(content)) as opened, opened.open_outline() as outline:
        assert len(outline.root) == files + 1
        assert len(opened.pages) > files
    assert files > 3


def test_while_one_is_being_made_there_is_no_second(world: World) -> None:
    found = a_draft(world)
    with world.act(found.coordinator) as act:
        perform(act, act.session.get_one(Application, found.application.id), "order_copy")

    with pytest.raises(Refused), world.act(found.coordinator) as act:
        perform(act, act.session.get_one(Application, found.application.id), "order_copy")


def test_the_copy_is_for_those_who_write(world: World) -> None:
    found = with_partners(world, a_draft(world))
    with world.act(found.coordinator) as act:
        perform(act, act.session.get_one(Application, found.application.id), "order_copy")
    manager = world.person("Mona Manager", None, R.CALL_MANAGER)
    stranger = world.person("Sam Stranger")

    readers = {}
    for person in (found.coordinator, found.partners[0][0], manager, stranger):
        with world.look(person) as act:
            document = act.session.scalars(select(Document).where(Document.kind == DocumentKind.READING_COPY)).one()
            readers[person.name] = can(act, "document.view", document)
    assert list(readers.values()) == [True, True, False, False]
