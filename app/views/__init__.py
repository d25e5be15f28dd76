"""One blueprint for each noun."""

from flask import Blueprint

from app.views import act

BLUEPRINTS: tuple[Blueprint, ...] = (act.bp,)
