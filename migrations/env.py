"""Runs migrations on the connection `app.schema` hands in, or, for `alembic revision`, on the settings' database."""

from __future__ import annotations

from alembic import context
from sqlalchemy import Connection

from app import db_objects
from app.db import WRITES, make_engine
from app.models import Base
from config import from_environment


def _plain_types(kind: str, item: object, _autogen: object) -> str | bool:
    """Write our own column types as plain ones: an old migration must run for ever."""
    return "sa.DateTime(timezone=True)" if kind == "type" and type(item).__name__ == "Moment" else False


def _run(connection: Connection) -> None:
    context.configure(
        connection=connection,
        target_metadata=Base.metadata,
        render_as_batch=True,
        compare_type=True,
        include_name=db_objects.is_compared,
        render_item=_plain_types,
    )
    with context.begin_transaction():
        context.run_migrations()
        if context.get_head_revision() in context.get_context().get_current_heads():
            db_objects.install(connection)


_given: Connection | None = context.config.attributes.get("connection")
if _given is not None:
    _run(_given)
else:
    _engine = make_engine(from_environment().database_url).execution_options(**{WRITES: True})
    with _engine.connect() as _connection:
        _run(_connection)
        _connection.commit()
