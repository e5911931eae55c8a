"""Whether rules, documents, sources and the like still say what the application wrote last."""

from collections.abc import Iterator
from itertools import groupby

from django.db.models import Model

from policy.domain.identity_chain import State, differences, faults
from policy.domain.lives import Finding
from policy.models import IDENTITIES, IdentityState, said_by
from policy.queries.identity_changes import identity_name

BATCH = 2000


def identity_findings() -> Iterator[Finding]:
    """Everything that does not agree, of every table of identities; nothing is written."""
    for model in IDENTITIES:
        yield from table_findings(model)
    labels = [model._meta.label_lower for model in IDENTITIES]
    for state in IdentityState.objects.exclude(table__in=labels)[:BATCH]:
        sentence = "is a kept state of no identity that there is."
        yield Finding(str(state), state.revision_id, sentence)


def table_findings(model: type[Model]) -> Iterator[Finding]:
    newest: dict[str, State] = {}
    states = IdentityState.objects.filter(table=model._meta.label_lower).order_by("row", "position")
    for row, group in groupby(states.iterator(BATCH), key=lambda state: state.row):
        kept = [(state.state, bytes(state.hash)) for state in group]
        newest[row] = kept[-1][0]
        for revision, sentence in faults(kept):
            yield Finding(name_of(model, newest[row]), revision, sentence)
    for identity in model._default_manager.order_by("pk").iterator(BATCH):
        yield from row_findings(identity, newest.pop(str(identity.pk), None))
    for state in newest.values():
        yield Finding(name_of(model, state), state.revision, "is gone from its table.")


def row_findings(identity: Model, kept: State | None) -> Iterator[Finding]:
    """Rows that no revision has written or cited yet have no state, and cannot be compared."""
    if kept is None or not differences(kept.values, said_by(identity)):
        return
    # Asked once more: a revision may have written it since the check began, or may do so between
    # these two questions, which the next check sees.
    rows = IdentityState.objects.filter(table=kept.table, row=kept.row).order_by("position")
    newest = rows.last()
    held = type(identity)._default_manager.filter(pk=identity.pk).first()
    if newest is None or held is None or rows.last() != newest:
        return
    for column in differences(newest.values, found := said_by(held)):
        sentence = (
            f"says {found.get(column)!r} in {column} where its history says "
            f"{newest.values.get(column)!r}: it was altered behind the application's back."
        )
        yield Finding(name_of(type(identity), newest.state), newest.revision_id, sentence)


def name_of(model: type[Model], state: State) -> str:
    return identity_name(model._meta.label_lower, state.values, state.row)
