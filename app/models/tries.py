"""How often something was tried, where several processes count together."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from app.models.base import Base


class Tries(Base):
    """The moments of the tries that still count; `of` is a digest: who tried is not kept."""

    __tablename__ = "tries"

    name: Mapped[str] = mapped_column(String(40), primary_key=True)
    of: Mapped[str] = mapped_column(String(64), primary_key=True)
    moments: Mapped[list[Any]]  # ISO 8601, oldest first
    forget_at: Mapped[datetime] = mapped_column(index=True)
