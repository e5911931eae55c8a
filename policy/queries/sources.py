"""Sources, what rests on them, and how far each topic of the record reaches."""

from dataclasses import dataclass

from django.db.models import QuerySet

from policy.domain.asof import AsOf
from policy.models import Fact, Revision, Snapshot, Source, fact_models


def sources_known(asof: AsOf) -> QuerySet[Source]:
    """Every source except the snapshots that were imported after the known moment.

    Before the first revision the record held none.
    """
    found = Source.objects.select_related("document", "snapshot")
    # A stub is no source: nothing is held of it but that something cites it.
    found = found.filter(document__cited__isnull=True)
    if asof.revision is None:
        return found
    if asof.revision == 0:
        return found.none()
    return found.exclude(snapshot__revision__number__gt=asof.revision)


def snapshots_known(asof: AsOf) -> QuerySet[Snapshot]:
    found = Snapshot.objects.select_related("source", "revision").order_by("-as_of")
    return found if asof.revision is None else found.filter(revision__number__lte=asof.revision)


@dataclass(frozen=True)
class Resting:
    """How many facts of one kind rest on a source, and the first of them."""

    kind: str
    count: int
    first: tuple[Fact, ...]

    @property
    def more(self) -> int:
        return self.count - len(self.first)


def resting_on(source: Source, asof: AsOf, limit: int = 20) -> list[Resting]:
    """The facts known at this point that cite ``source``, by kind."""
    found = []
    for model in fact_models():
        named_by = [name for name in model.key_fields if model._meta.get_field(name).is_relation]
        rows = model.objects.known(asof.revision).filter(source=source).order_by("pk")
        rows = rows.select_related(*named_by) if named_by else rows
        first = tuple(rows[: limit + 1])
        if first:
            count = len(first) if len(first) <= limit else rows.count()
            name = str(model._meta.verbose_name_plural)
            found.append(Resting(name, count, first[:limit]))
    return found


def revisions_known(asof: AsOf) -> QuerySet[Revision]:
    found = Revision.objects.order_by("-number")
    return found if asof.revision is None else found.filter(number__lte=asof.revision)
