"""Stored edits with fields, in versions that never change. May import db.

Reading order: model, store (with sql/), view. Renders of a template are made by `renders`.
"""

from vidgenie.services.templates.model import NewTemplate, Template
from vidgenie.services.templates.store import get, insert, page, remove, update
from vidgenie.services.templates.view import template_view

__all__ = [
    "NewTemplate",
    "Template",
    "get",
    "insert",
    "page",
    "remove",
    "template_view",
    "update",
]
