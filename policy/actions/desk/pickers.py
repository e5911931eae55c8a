"""What the fields for things of the record suggest, and whom a typed name means.

A change names things by public id; people type names, citations and numbers.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from typing import Any

from django.core.exceptions import FieldDoesNotExist
from django.db import models
from django.db.models import Q

from policy.actions.desk.fields import IdentityField, id_text, public_id_of
from policy.actions.desk.kinds import desk_kinds
from policy.domain.citations import FrCitation, Reference, parse_query_reference
from policy.models import Country, Document, DocumentFact, Source
from policy.queries.cited import KnownDocuments
from policy.queries.tiers import find_countries

# Suggestions that a list shows, and rows that are read to find the nearest of them.
MOST, MOST_READ = 12, 100
# Where a thing says what it is called.
NAMES = ("name", "short_title", "title", "label", "citation", "number", "publisher")


@dataclass(frozen=True)
class Suggestion:
    """One thing that a field may mean: what is written, what it is called, and more of it."""

    value: str
    label: str
    detail: str = ""


@cache
def pickable() -> dict[str, type[models.Model]]:
    """What some field of some kind names, by the name of its model."""
    found: dict[str, type[models.Model]] = {"source": Source}
    for kind in desk_kinds().values():
        for act in kind.acts:
            for column in kind.form_fields(act).values():
                if isinstance(column, IdentityField):
                    found[str(column.model._meta.model_name)] = column.model
    return found


def suggestions(model: type[models.Model], q: str) -> list[Suggestion]:
    """The things that ``q`` may mean, those first that it names for certain."""
    query = q.strip()
    exact = [row for row in [meant(model, query)] if row is not None]
    known = {row.pk for row in exact}
    alike = [row for row in resembling(model, query) if row.pk not in known]
    # What begins with the words is nearer than what holds them: Malaysia, then Guatemala.
    folded = query.casefold()
    alike.sort(key=lambda row: not begins(row, folded))
    return [suggestion(row) for row in [*exact, *alike][:MOST]]


def begins(row: Any, folded: str) -> bool:
    return any(text.casefold().startswith(folded) for text in (id_text(row), str(row)))


def suggestion(row: Any) -> Suggestion:
    value = id_text(row)
    detail = getattr(row, "title", "") if isinstance(row, Source) else ""
    belongs = getattr(row, "rule", None)
    return Suggestion(value, str(row), detail or (str(belongs) if belongs else ""))


def resembling(model: type[models.Model], q: str) -> Iterable[Any]:
    """Rows in whose public id or names every word of ``q`` stands; any while nothing is typed."""
    rows = model._default_manager.all()
    if "rule" in {column.name for column in model._meta.fields}:
        rows = rows.select_related("rule")
    for word in q.split():
        held = Q()
        for name in searched(model):
            held |= Q(**{f"{name}__icontains": word})
        rows = rows.filter(held)
    return rows[:MOST_READ]


def searched(model: type[models.Model]) -> list[str]:
    """The columns in which a typed word is looked for."""
    public_id = public_id_of(model)
    names = [public_id] if public_id != "pk" else [str(model._meta.pk.name)]
    if model is Document:
        return [*names, "cited", "source__title", "source__citation"]
    for name in NAMES:
        try:
            model._meta.get_field(name)
        except FieldDoesNotExist:
            continue
        names.append(name)
    return list(dict.fromkeys(names))


def meant(model: type[models.Model], text: str) -> Any:
    """The one thing that a typed text names for certain, or None."""
    if not text:
        return None
    named = model._default_manager.filter(**{public_id_of(model): text}).first()
    if named is not None:
        return named
    if model is Country:
        found = list(find_countries(text)[:2])
        return found[0] if len(found) == 1 else None
    if model in (Source, Document):
        document = document_meant(text)
        return document.source if document and model is Source else document
    return None


def document_meant(text: str) -> Document | None:
    """The document whose citation or number is typed: 90 FR 4544, 2025-00636."""
    reference = parse_query_reference(text)
    if reference is None:
        return None
    if reference.kind == "fr_citation":
        return document_at(reference)
    if reference.kind == "document_number":
        rows = Document.objects.select_related("source")
        return rows.filter(number=reference.value).first()
    return None


def document_at(reference: Reference) -> Document | None:
    """The known document whose pages hold a cited one, else the only stub that is cited so."""
    volume, page = reference.volume or 0, reference.page or 0
    rows = DocumentFact.objects.known(None).filter(volume=volume)
    known = KnownDocuments(list(rows.select_related("document__source")))
    if fact := known.find(FrCitation(volume, page)):
        return fact.document
    stubs = Document.objects.filter(cited_volume=volume, cited_page=page, merged_into=None)
    found = list(stubs.select_related("source")[:2])
    return found[0] if len(found) == 1 else None


def public_id_meant(model: type[models.Model], text: str) -> str:
    """The public id of what is typed; the text itself where it names nothing for certain."""
    row = meant(model, text.strip())
    return id_text(row) if row is not None else text.strip()
