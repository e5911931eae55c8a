"""What can be followed. Apps that stand above this one register their own kinds.

A subscription names its subject by kind and public id, so that policy never has to know
the tables behind it.
"""

from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache
from urllib.parse import urlencode

from django.db.models import Q
from django.urls import reverse
from django.utils.module_loading import import_string

from policy.domain.due import EVERYTHING, Subject
from policy.domain.partial_dates import Precision
from policy.domain.selections import BadSelection, Described, Selection
from policy.models import Country, CountryGroup, Deadline, Docket, Rule, Source, Subscription


@dataclass(frozen=True)
class Followed:
    """A subject as forms and mails name it. ``url`` is the path of its page."""

    kind: str
    id: str
    label: str
    url: str

    @property
    def query(self) -> str:
        """The parameters of the form that subscribes to it."""
        return urlencode({"subject": self.kind, "id": self.id})


@dataclass(frozen=True)
class ScheduledChange:
    """A change of a subject that a document has set for an Eastern day.

    ``aspect`` tells several of one subject apart and stays the same when the day moves.
    ``revision`` and ``recorded_at`` are those of the fact that says so.
    """

    subject: Followed
    aspect: str
    day: date
    title: str
    source: Source
    revision: int
    recorded_at: datetime
    quote: str = ""
    note: str = ""

    @property
    def topic(self) -> str:
        return f"{self.subject.kind}/{self.subject.id}/{self.aspect}"


# The changes of the named subjects that take effect on a day or later, as known now.
Scheduled = Callable[[Collection[str], date], Iterator[ScheduledChange]]


@dataclass(frozen=True)
class SubjectKind:
    """One kind of subject: how an id becomes a subject, and what it has ahead of it."""

    name: str
    find: Callable[[str], Followed | None]
    scheduled: Scheduled | None = None


_names: dict[str, str] = {}


def register_subject_kind(name: str, dotted_name: str) -> None:
    """Name the SubjectKind of a kind; for the apps above this one, in ``ready()``.

    It is imported when it is first needed, so that commands start fast.
    """
    _names[name] = dotted_name


def subject_kind(name: str) -> SubjectKind | None:
    if name in _names:
        kind: SubjectKind = import_string(_names[name])
        return kind
    return OWN_KINDS.get(name)


def find_subject(kind: str, subject_id: str) -> Followed | None:
    """The subject of that kind and public id; None where there is no such thing."""
    known = subject_kind(kind)
    return known.find(subject_id) if known else None


def scheduled_changes(kind: str, ids: Collection[str], on: date) -> Iterator[ScheduledChange]:
    """What is scheduled for these subjects on the Eastern day ``on`` or later."""
    known = subject_kind(kind)
    if known and known.scheduled and ids:
        yield from known.scheduled(ids, on)


def find_everything(_subject_id: str) -> Followed:
    kind = Subscription.Subject.EVERYTHING
    return Followed(kind, "", "everything closing", reverse("policy:deadlines"))


def find_rule(slug: str) -> Followed | None:
    rule = Rule.objects.filter(slug=slug).first()
    if rule is None:
        return None
    url = reverse("policy:rule", args=[rule.slug])
    return Followed(Subscription.Subject.RULE, rule.slug, rule.title, url)


def find_docket(number: str) -> Followed | None:
    docket = Docket.objects.filter(number=number).first()
    if docket is None:
        return None
    url = reverse("policy:docket", args=[docket.number])
    label = f"docket {docket.number}"
    label = f"{label}: {docket.title}" if docket.title else label
    return Followed(Subscription.Subject.DOCKET, docket.number, label, url)


def find_kind(kind: str) -> Followed | None:
    """A kind of deadline that readers act on: nobody is reminded of what has been published."""
    if kind not in Deadline.Kind.values or not Deadline(kind=kind).is_countdown:
        return None
    label = f"every date of the kind “{Deadline.Kind(kind).label}”"
    return Followed(Subscription.Subject.KIND, kind, label, selection_url(Selection(kind=kind)))


def find_search(query: str) -> Followed | None:
    """A selection of the deadlines page, by its query string in any order."""
    selection = saved_selection(query)
    if selection is None:
        return None
    rule = Rule.objects.filter(slug=selection.rule).first() if selection.rule else None
    unknown = bool(selection.rule) and rule is None
    if not selection.query or unknown or selection.kind not in ("", *Deadline.Kind.values):
        return None
    label, url = selection_label(selection, rule), selection_url(selection)
    return Followed(Subscription.Subject.SEARCH, selection.query, label, url)


def selection_label(selection: Selection, rule: Rule | None) -> str:
    """``deadlines of the kind “Comments due” with the words “chips”``."""
    parts = [
        f"of the kind “{Deadline.Kind(selection.kind).label}”" if selection.kind else "",
        f"of {rule.short_title}" if rule else "",
        f"with the words “{selection.q}”" if selection.q else "",
    ]
    return " ".join(["deadlines", *filter(None, parts)])


def selection_url(selection: Selection) -> str:
    return f"{reverse('policy:deadlines')}?{selection.query}"


def described(deadline: Deadline) -> Described:
    """A deadline as selections see it; select what it belongs to where many are asked."""
    belongs_to = (deadline.rule.title, deadline.docket or "", deadline.provision or "")
    words = (deadline.label, *map(str, belongs_to), deadline.scope)
    return Described(deadline.kind, deadline.rule.slug, " ".join(words))


def subjects_of(deadline: Deadline, searches: Iterable[str] = ()) -> frozenset[Subject]:
    """Whose followers are told of a deadline; ``searches`` are the followed query strings."""
    kinds = Subscription.Subject
    found: set[Subject] = {
        EVERYTHING,
        (kinds.RULE, deadline.rule.slug),
        (kinds.KIND, deadline.kind),
    }
    if deadline.docket:
        found.add((kinds.DOCKET, deadline.docket.number))
    facts = described(deadline)
    found.update((kinds.SEARCH, query) for query in searches if is_searched(query, facts))
    return frozenset(found)


def is_searched(query: str, facts: Described) -> bool:
    """Whether a saved search holds a deadline; one that can no longer be read holds none."""
    selection = saved_selection(query)
    return selection is not None and selection.matches(facts)


@lru_cache(maxsize=10_000)
def saved_selection(query: str) -> Selection | None:
    """Each search is asked about every deadline, each minute: it is read once."""
    try:
        return Selection.from_query(query)
    except BadSelection:
        return None


def find_country(key: str) -> Followed | None:
    country = Country.objects.filter(key__iexact=key).first()
    return followed_country(country) if country else None


def followed_country(country: Country) -> Followed:
    url = reverse("policy:country", args=[country.key])
    return Followed(Subscription.Subject.COUNTRY, country.key, country.name, url)


def scheduled_groups(keys: Collection[str], on: date) -> Iterator[ScheduledChange]:
    """The groups that countries enter on a known day ahead, or leave for none."""
    ahead = Q(valid_from__gte=on) | Q(valid_until__gte=on)
    rows = CountryGroup.objects.known(None).filter(ahead, country__in=keys)
    rows = rows.select_related("country", "source", "recorded").order_by("valid_from", "pk")
    entered = {(row.country_id, row.scheme, row.valid_from) for row in rows}
    for row in rows:
        exact = row.valid_from_precision == Precision.DAY
        if row.valid_from and row.valid_from >= on and exact:
            yield group_change(row, row.valid_from, row.get_group_display())
        succeeded = (row.country_id, row.scheme, row.valid_until) in entered
        if row.valid_until and row.valid_until >= on and not succeeded:
            yield group_change(row, row.valid_until, f"no longer {row.get_group_display()}")


def group_change(row: CountryGroup, day: date, becomes: str) -> ScheduledChange:
    return ScheduledChange(
        subject=followed_country(row.country),
        aspect=f"{row.scheme}-{row.group}-{'from' if day == row.valid_from else 'until'}",
        day=day,
        title=f"{becomes} ({row.get_scheme_display()})",
        source=row.source,
        revision=row.recorded_id,
        recorded_at=row.recorded.recorded_at,
        quote=row.quote,
        note=row.note,
    )


OWN_KINDS = {
    kind.name: kind
    for kind in (
        SubjectKind(Subscription.Subject.EVERYTHING, find_everything),
        SubjectKind(Subscription.Subject.RULE, find_rule),
        SubjectKind(Subscription.Subject.DOCKET, find_docket),
        SubjectKind(Subscription.Subject.KIND, find_kind),
        SubjectKind(Subscription.Subject.SEARCH, find_search),
        SubjectKind(Subscription.Subject.COUNTRY, find_country, scheduled_groups),
    )
}
