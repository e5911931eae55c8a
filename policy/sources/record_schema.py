"""What a record file may say: one strict model per section.

Names are those of the record's tables, so that a value goes where its name says. A field
typed with ``ref`` names an item of another section by its key. ``from`` and ``until`` are
Eastern calendar days, half-open; ``from: unknown`` is "since before the first source".
"""

import re
from datetime import date, time
from typing import Annotated, Any, ClassVar

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, model_validator
from pydantic.fields import FieldInfo

from policy.domain.partial_dates import PartialDate, parse_partial_date

# "2025-01 not before 2025-01-15": the month is known, and that its first days are excluded.
NOT_BEFORE = re.compile(r"(?P<shown>\S+) not before (?P<earliest>\d{4}-\d{2}-\d{2})")
UNKNOWN = "unknown"


class Reference(str):
    """The section that a field's value is a key of."""

    __slots__ = ()


def read_partial(value: object) -> object:
    """Text to PartialDate; empty or ``unknown`` to None. Raises BadDate, a ValueError."""
    if not isinstance(value, str):
        return value
    if value in ("", UNKNOWN):
        return None
    found = NOT_BEFORE.fullmatch(value)
    if not found:
        return parse_partial_date(value)
    shown = parse_partial_date(found["shown"])
    earliest = parse_partial_date(found["earliest"]).earliest
    if not shown.earliest <= earliest <= shown.latest:
        msg = f"{found['earliest']} does not lie in {found['shown']}"
        raise ValueError(msg)
    return PartialDate(earliest, shown.precision)


def read_day(value: object) -> object:
    """Text to a day known exactly; empty or ``unknown`` to None."""
    partial = read_partial(value)
    if not isinstance(partial, PartialDate):
        return partial
    if not partial.is_exact:
        msg = f"{partial.iso} is not a day; a day is needed here"
        raise ValueError(msg)
    return partial.earliest


def empty_to_none(value: object) -> object:
    return None if value == "" else value


Partial = Annotated[PartialDate | None, BeforeValidator(read_partial)]
Day = Annotated[date | None, BeforeValidator(read_day)]
ExactDay = Annotated[date, BeforeValidator(read_day)]
Number = Annotated[int | None, BeforeValidator(empty_to_none)]
Clock = Annotated[time | None, BeforeValidator(empty_to_none)]

SourceRef = Annotated[str, Reference("sources")]
DocumentRef = Annotated[str, Reference("documents")]
DocketRef = Annotated[str, Reference("dockets")]
RuleRef = Annotated[str, Reference("rules")]
ProvisionRef = Annotated[str, Reference("provisions")]
DeadlineRef = Annotated[str, Reference("deadlines")]
OrganizationRef = Annotated[str, Reference("organizations")]
PersonRef = Annotated[str, Reference("people")]
PlaceRef = Annotated[str, Reference("places")]


class Record(BaseModel):
    """An item. ``key_names`` are the fields that say what it is about."""

    model_config = ConfigDict(extra="forbid", frozen=True, str_strip_whitespace=True)
    key_names: ClassVar[tuple[str, ...]] = ("slug",)

    @property
    def subject(self) -> str:
        """What the item is about, as references and problems write it."""
        return "|".join(str(getattr(self, name)) for name in self.key_names)

    def each(self) -> "list[Record]":
        """The items that this one stands for: itself, unless it says the same of several."""
        return [self]


class Cited(Record):
    """What every fact carries besides its span."""

    source: SourceRef = Field(min_length=1)
    also: SourceRef = ""
    quote: str = ""
    note: str = ""
    confidence: str = ""


class FactItem(Cited):
    """A fact with the span of Eastern days on which it is in force."""

    valid_from: Partial = Field(alias="from")
    valid_until: Day = Field(default=None, alias="until")

    @model_validator(mode="after")
    def ends_after_it_starts(self) -> "FactItem":
        start, end = self.valid_from, self.valid_until
        if start and end and end <= start.earliest:
            msg = f"until {end} is not after from {start.earliest}"
            raise ValueError(msg)
        return self


class SourceItem(Record):
    slug: str
    kind: str
    title: str
    publisher: str = ""
    url: str = ""
    citation: str = ""
    published: Partial = None
    note: str = ""


class DocumentItem(Record):
    """A Federal Register document: a source, an identity, and what it says of itself."""

    key_names = ("number",)

    number: str
    title: str
    action: str = ""
    valid_from: Partial = Field(default=None, alias="from")
    published: Partial = None
    effective: Day = None
    volume: Number = None
    start_page: Number = None
    end_page: Number = None
    amending_pages: list[int] = []
    rins: list[str] = []
    agency_dockets: list[str] = []
    url: str = ""
    also: SourceRef = ""
    quote: str = ""
    note: str = ""
    confidence: str = ""

    @property
    def citation(self) -> str:
        return f"{self.volume} FR {self.start_page}" if self.volume and self.start_page else ""

    @property
    def since(self) -> PartialDate | None:
        return self.valid_from or self.published

    @model_validator(mode="after")
    def pages_run_forward(self) -> "DocumentItem":
        if self.end_page and self.end_page < (self.start_page or 0):
            msg = f"end_page {self.end_page} is before start_page {self.start_page}"
            raise ValueError(msg)
        return self


class DocketItem(Record):
    key_names = ("number",)

    number: str
    title: str = ""


class PlaceItem(Record):
    key_names = ("key",)

    key: str
    name: str
    kind: str
    iso3: str = ""
    iso_numeric: str = ""
    other_names: list[str] = []
    entity_list_names: list[str] = []
    parent: PlaceRef = ""


class GroupItem(FactItem):
    key_names = ("country", "scheme")

    country: PlaceRef
    scheme: str
    group: str
    derived_from: PlaceRef = ""


class GroupsItem(FactItem):
    """One statement about many places."""

    scheme: str
    group: str
    derived_from: PlaceRef = ""
    places: list[str] = Field(min_length=1)

    def each(self) -> list[Record]:
        fields = type(self).model_fields
        said = {fields[n].alias or n: getattr(self, n) for n in self.model_fields_set}
        del said["places"]
        return [GroupItem.model_validate({**said, "country": key}) for key in self.places]


class RuleItem(Record):
    slug: str
    title: str
    short_title: str
    kind: str
    summary: str = ""
    document: DocumentRef = ""
    docket: DocketRef = ""
    rin: str = ""


class RuleDocumentItem(FactItem):
    key_names = ("rule", "document_source", "role")

    rule: RuleRef
    document_source: SourceRef = Field(alias="document")
    role: str
    summary: str = ""


class ProvisionItem(Record):
    slug: str
    rule: RuleRef
    label: str
    cite: str = ""
    scope: str = ""
    position: int = 0


class LegalForceItem(FactItem):
    key_names = ("provision",)

    provision: ProvisionRef
    state: str
    scheduled: bool = False


class EnforcementItem(FactItem):
    key_names = ("provision",)

    provision: ProvisionRef
    posture: str
    scheduled: bool = False


class ThresholdItem(FactItem):
    slug: str
    rule: RuleRef
    label: str
    value: str
    where: str = ""


class DeadlineDateItem(FactItem):
    """One date in a deadline's chain; an empty ``day`` was set, but is not known.

    Without an ``act`` the date is "set" if the rule's own document gives it first, "withdrawn"
    if it is; else by which act it came is not known.
    """

    day: Partial = None
    at: Clock = None
    basis: str
    act: str = ""
    counted_from: Day = None
    counted_days: Number = None
    withdrawn: bool = False
    scheduled: bool = False


class DeadlineItem(Record):
    slug: str
    kind: str
    label: str
    rule: RuleRef
    docket: DocketRef = ""
    provision: ProvisionRef = ""
    scope: str = ""
    dates: list[DeadlineDateItem] = Field(min_length=1)


class ClosingItem(Cited):
    """A closed day: in force on that day, known from the day on which it was proclaimed."""

    key_names = ("day",)

    day: ExactDay
    order: str
    proclaimed: Day = None


class OrganizationItem(Record):
    slug: str
    name: str
    kind: str
    other_names: list[str] = []


class PersonItem(Record):
    slug: str
    name: str


class ReactionItem(FactItem):
    slug: str
    organization: OrganizationRef = Field(min_length=1)
    person: PersonRef = ""
    role: str = ""
    rule: RuleRef = ""
    about: str = ""
    title: str
    stance: str
    stance_printed: str = ""
    summary: str = ""


class ClaimItem(FactItem):
    slug: str
    claimant: str
    organization: OrganizationRef = ""
    rule: RuleRef = ""
    text: str
    is_quoted: bool = False
    verdict: str
    why: str
    primary: SourceRef = ""


class MilestoneItem(FactItem):
    slug: str
    title: str
    detail: str = ""
    rule: RuleRef = ""
    scheduled: bool = False


class ConflictItem(FactItem):
    slug: str
    rule: RuleRef
    about: str
    one_says: str
    other_says: str
    governs: str
    is_open: bool = True


class CoverageItem(FactItem):
    key_names = ("topic",)

    topic: str
    until: ExactDay = Field(alias="covers_until")


def reference_of(info: FieldInfo) -> str | None:
    """The section that a field refers to, if it does."""
    return next((str(m) for m in info.metadata if isinstance(m, Reference)), None)


def references(item: BaseModel) -> list[tuple[str, str, str]]:
    """Every (field as written, section, key) that an item refers to; empty ones left out."""
    found = []
    for name, info in type(item).model_fields.items():
        section = reference_of(info)
        value = getattr(item, name)
        if section and value:
            found.append((info.alias or name, section, value))
    return found


def sentence_of(error: Any) -> str:
    """A pydantic error as a person reads it in a list of problems."""
    where = ".".join(str(part) for part in error["loc"])
    match error["type"]:
        case "extra_forbidden":
            return f"unknown key “{where}”"
        case "missing":
            return f"“{where}” is missing"
        case "value_error":
            message = str(error["ctx"]["error"])
        case _:
            message = error["msg"][:1].lower() + error["msg"][1:]
    return f"{where}: {message}" if where else message
