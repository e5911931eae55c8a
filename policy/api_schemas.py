"""What the JSON of the policy pages looks like.

Days are Eastern calendar days, spans are half-open, instants are UTC. Null is "not known".
"""

from datetime import date
from typing import Any

from ninja import Schema

from policy.models import CountryGroup, Fact, Reaction, Source
from policy.queries.deadlines import DatedDeadline
from policy.queries.rules import ProvisionStatus
from policy.queries.tiers import Placement


class PointInTime(Schema):
    """``on``: the Eastern day that the answer is in force on. ``known``: what was recorded
    by the end of that Eastern day, or by an instant with its offset."""

    on: str = ""
    known: str = ""


class SourceOut(Schema):
    key: str
    citation: str
    title: str
    url: str

    @staticmethod
    def resolve_key(source: Source) -> str:
        return source.slug


class FactOut(Schema):
    valid_from: date | None
    valid_until: date | None
    source: SourceOut
    quote: str
    note: str
    confidence: str
    recorded: int

    @staticmethod
    def resolve_recorded(fact: Fact) -> int:
        return fact.recorded_id


class AxisOut(FactOut):
    state: str
    label: str
    scheduled: bool

    @staticmethod
    def resolve_state(fact: Any) -> str:
        return str(getattr(fact, "state", "") or getattr(fact, "posture", ""))

    @staticmethod
    def resolve_label(fact: Any) -> str:
        return str(fact)


class ReadingOut(Schema):
    """One axis: the last confirmed statement, and what would have followed unconfirmed."""

    fact: AxisOut | None
    pending: AxisOut | None
    upcoming: AxisOut | None
    caveat: str
    is_confirmed: bool


class ProvisionOut(Schema):
    provision: str
    label: str
    cite: str
    scope: str
    legal_force: ReadingOut
    enforcement: ReadingOut

    @staticmethod
    def resolve_provision(status: ProvisionStatus) -> str:
        return status.provision.slug

    @staticmethod
    def resolve_label(status: ProvisionStatus) -> str:
        return status.provision.label

    @staticmethod
    def resolve_cite(status: ProvisionStatus) -> str:
        return status.provision.cite

    @staticmethod
    def resolve_scope(status: ProvisionStatus) -> str:
        return status.provision.scope

    @staticmethod
    def resolve_legal_force(status: ProvisionStatus) -> Any:
        return status.force


class DateOut(FactOut):
    day: str | None
    basis: str
    act: str

    @staticmethod
    def resolve_day(row: Any) -> str | None:
        return row.on.iso if row.on else None


class DeadlineOut(Schema):
    """``told``: for each date in ``history``, the sentence that says by which act it came."""

    key: str
    label: str
    kind: str
    rule: str
    docket: str | None
    provision: str | None
    scope: str
    day: str | None
    days_left: int | None
    current: DateOut | None
    history: list[DateOut]
    told: list[str]

    @staticmethod
    def resolve_told(dated: DatedDeadline) -> list[str]:
        return [str(told) for told in dated.told]

    @staticmethod
    def resolve_provision(dated: DatedDeadline) -> str | None:
        return dated.deadline.provision.slug if dated.deadline.provision else None

    @staticmethod
    def resolve_key(dated: DatedDeadline) -> str:
        return dated.deadline.slug

    @staticmethod
    def resolve_label(dated: DatedDeadline) -> str:
        return dated.deadline.label

    @staticmethod
    def resolve_kind(dated: DatedDeadline) -> str:
        return dated.deadline.kind

    @staticmethod
    def resolve_rule(dated: DatedDeadline) -> str:
        return dated.deadline.rule.slug

    @staticmethod
    def resolve_docket(dated: DatedDeadline) -> str | None:
        return dated.deadline.docket.number if dated.deadline.docket else None

    @staticmethod
    def resolve_scope(dated: DatedDeadline) -> str:
        return dated.deadline.scope

    @staticmethod
    def resolve_day(dated: DatedDeadline) -> str | None:
        return dated.on.iso if dated.on else None


class DeadlineDetailOut(DeadlineOut):
    receipts: dict[str, Any]


class RuleOut(Schema):
    key: str
    title: str
    kind: str
    rin: str
    docket: str | None
    document: str | None
    citation: str
    published: date | None

    @staticmethod
    def resolve_key(line: Any) -> str:
        return str(line.rule.slug)

    @staticmethod
    def resolve_title(line: Any) -> str:
        return str(line.rule.title)

    @staticmethod
    def resolve_kind(line: Any) -> str:
        return str(line.rule.kind)

    @staticmethod
    def resolve_rin(line: Any) -> str:
        return str(line.rule.rin)

    @staticmethod
    def resolve_docket(line: Any) -> str | None:
        return line.rule.docket.number if line.rule.docket else None

    @staticmethod
    def resolve_document(line: Any) -> str | None:
        return line.document.document.number if line.document else None

    @staticmethod
    def resolve_citation(line: Any) -> str:
        return line.document.citation if line.document else ""

    @staticmethod
    def resolve_published(line: Any) -> date | None:
        return line.document.published if line.document else None


class ReactionOut(FactOut):
    key: str
    organization: str
    person: str | None
    role: str
    rule: str | None
    said: str | None
    title: str
    stance: str
    stance_printed: str
    summary: str

    @staticmethod
    def resolve_key(row: Reaction) -> str:
        return row.slug

    @staticmethod
    def resolve_organization(row: Reaction) -> str:
        return row.organization.name

    @staticmethod
    def resolve_person(row: Reaction) -> str | None:
        return row.person.name if row.person else None

    @staticmethod
    def resolve_rule(row: Reaction) -> str | None:
        return row.rule.slug if row.rule else None

    @staticmethod
    def resolve_said(row: Reaction) -> str | None:
        return row.since.iso if row.since else None


class RuleDetailOut(RuleOut):
    provisions: list[ProvisionOut]
    deadlines: list[DeadlineOut]
    reactions: list[ReactionOut]


class GroupOut(FactOut):
    scheme: str
    group: str
    label: str
    derived_from: str | None

    @staticmethod
    def resolve_label(row: CountryGroup) -> str:
        return str(row.get_group_display())

    @staticmethod
    def resolve_derived_from(row: CountryGroup) -> str | None:
        return row.derived_from_id


class TierOut(Schema):
    country: str
    name: str
    diffusion: GroupOut | None
    d5: GroupOut | None

    @staticmethod
    def resolve_country(placed: Placement) -> str:
        return placed.country.key

    @staticmethod
    def resolve_name(placed: Placement) -> str:
        return placed.country.name


class TierDetailOut(TierOut):
    history: list[GroupOut]


class Problem(Schema):
    """What is wrong with the request, in a sentence."""

    detail: str


class Fault(Schema):
    """One parameter that cannot be read."""

    type: str
    loc: list[str | int]
    msg: str


class Faults(Schema):
    detail: list[Fault]
