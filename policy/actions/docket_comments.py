"""Comments of followed dockets: a known organisation's is its reaction, others are asked about.

A name identifies nobody. Only a name that the record holds, in its normal form, makes a
reaction; every other name is one question, however many comments bear it. Nobody's stance is
guessed.
"""

from collections import defaultdict
from collections.abc import Mapping
from copy import copy
from dataclasses import dataclass, field
from datetime import date, datetime

from policy.actions.docket_plan import RegulationsReport, known
from policy.domain.deadlines import eastern_day
from policy.domain.losses import is_beyond_reason
from policy.domain.normal_form import normal_form
from policy.domain.regulations import names_of, who_is
from policy.models import Docket, DocketDocument, Organization, Proposal, Reaction, Revision, Rule
from policy.sources.regulations import ApiComment
from policy.sources.safe_xml import Refused
from policy.sources.unknown import UNKNOWN

SMALLEST_ALARM = 5
# Numbers of comments that a question quotes; the rest is counted.
QUOTED = 50


@dataclass(frozen=True)
class Statement:
    """A reaction as it should stand, without its source and revision."""

    item: ApiComment
    reaction: Reaction
    held: Reaction | None


@dataclass
class CommentPlan:
    written: list[Statement] = field(default_factory=list)
    ended: list[Statement] = field(default_factory=list)
    asked: dict[str, list[ApiComment]] = field(default_factory=lambda: defaultdict(list))


@dataclass(frozen=True)
class Known:
    """What the record holds that comments are compared with."""

    dockets: Mapping[str, Docket]
    organizations: Mapping[str, Organization]
    names: Mapping[str, str]
    held: Mapping[str, Reaction]
    rules: Mapping[str, Rule]

    @classmethod
    def now(cls, dockets: Mapping[str, Docket]) -> "Known":
        organizations = {o.slug: o for o in Organization.objects.all()}
        rows = Reaction.objects.known(None).filter(docket__in=list(dockets.values()))
        held = rows.select_related("recorded", "organization").order_by("valid_from", "pk")
        return cls(
            dockets=dockets,
            organizations=organizations,
            names=names_of({s: [o.name, *o.other_names] for s, o in organizations.items()}),
            held={row.slug: row for row in held},
            rules=rules_by_document(),
        )

    def rule_of(
        self, item: ApiComment, docket: Docket, documents: Mapping[str, str]
    ) -> Rule | None:
        """The rule whose document is commented on, else the only rule of the docket."""
        rule = self.rules.get(documents.get(str(item.on_document), ""))
        rules = list(docket.rules.all())
        return rule or (rules[0] if len(rules) == 1 else None)


def rules_by_document() -> dict[str, Rule]:
    """By the number of the document that publishes it."""
    rules = Rule.objects.filter(document__isnull=False).select_related("document")
    return {rule.document.number or "": rule for rule in rules if rule.document}


def slug_of(item: ApiComment) -> str:
    return f"comment-{item.number.lower().replace('.', '-')}"


def plan_comments(
    items: list[ApiComment],
    known_now: Known,
    documents: Mapping[str, str],
    day: date,
    report: RegulationsReport,
) -> CommentPlan:
    """What each comment comes to. ``day`` is the Eastern day of the answers."""
    plan = CommentPlan()
    for item in items:
        held = known_now.held.get(slug_of(item))
        docket = known_now.dockets.get(str(item.docket)) if item.docket else None
        if docket is None:
            report.skip(item.number, item.file, "stands in no docket that is followed")
        elif item.withdrawn:
            end(item, held, day, plan, report)
        elif not (printed := printed_organization(item, report)):
            continue
        elif not (who := who_is(printed, known_now.names)):
            report.comments_asked_about += 1
            plan.asked[normal_form(printed)].append(item)
        else:
            organization = known_now.organizations[who]
            rule = known_now.rule_of(item, docket, documents)
            state(item, held, reaction_of(item, docket, organization, rule), plan, report)
    return plan


def printed_organization(item: ApiComment, report: RegulationsReport) -> str:
    """The organisation's name as printed; empty, with the reason reported, where there is none."""
    if item.organization is UNKNOWN:
        reason = "a list gives no organisation; the answer to this comment alone does"
    elif not item.organization or not normal_form(str(item.organization)):
        reason = "names no organisation"
    elif day_of(item) is None:
        reason = "has neither a day of receipt nor one of posting"
    else:
        return str(item.organization)
    report.skip(item.number, item.file, reason)
    return ""


def day_of(item: ApiComment) -> date | None:
    """The Eastern day on which a comment was received, else that of its posting."""
    instant: datetime | None = known(item.received) or known(item.posted)
    return eastern_day(instant) if instant else None


def reaction_of(
    item: ApiComment, docket: Docket, organization: Organization, rule: Rule | None
) -> Reaction:
    """An unsaved reaction without its source. It states no position until a person says so."""
    return Reaction(
        slug=slug_of(item),
        organization=organization,
        docket=docket,
        rule=rule,
        about="" if rule else f"Docket {docket.number}",
        title=known(item.title) or f"Comment {item.number}",
        stance=Reaction.Stance.NO_STANCE,
        summary="",
        quote=known(item.text) or "",
        note=note_of(item),
        valid_from=day_of(item),
    )


def note_of(item: ApiComment) -> str:
    """What a reader has to know of how the comment was taken in."""
    notes = ["A comment in the docket; its stance has not been read."]
    if person := " ".join(str(n) for n in (item.first_name, item.last_name) if n):
        notes.append(f"Submitted by {person}.")
    if item.attachments:
        notes.append(f"Attached files that were not read: {item.attachments}.")
    if item.duplicates:
        notes.append(f"regulations.gov counts {item.duplicates} duplicates of it.")
    if not item.received:
        notes.append("The day is that of posting; when it was received is not given.")
    return " ".join(notes)


def state(
    item: ApiComment,
    held: Reaction | None,
    wanted: Reaction,
    plan: CommentPlan,
    report: RegulationsReport,
) -> None:
    """Record a comment that is new or reads otherwise; what a person changed is left alone."""
    if held is None:
        report.reactions_new += 1
        plan.written.append(Statement(item, wanted, None))
    elif held.valid_until is not None:
        report.skip(item.number, item.file, "was withdrawn, says the record; the answer does not")
    elif held.recorded.kind != Revision.Kind.IMPORT or says_the_same(held, wanted):
        report.reactions_unchanged += 1
    else:
        report.reactions_changed += 1
        plan.written.append(Statement(item, wanted, held))


def says_the_same(held: Reaction, wanted: Reaction) -> bool:
    columns = ("organization_id", "rule_id", "docket_id", "quote", "note", "valid_from")
    same = all(getattr(held, column) == getattr(wanted, column) for column in columns)
    return same and normal_form(held.title) == normal_form(wanted.title)


def end(
    item: ApiComment, held: Reaction | None, day: date, plan: CommentPlan, report: RegulationsReport
) -> None:
    """A withdrawn comment ends on the Eastern day of the change; the words stay in the record."""
    if held is None:
        report.skip(item.number, item.file, "was withdrawn")
    elif held.valid_until is not None:
        report.reactions_unchanged += 1
    else:
        modified = known(item.modified)
        report.reactions_ended += 1
        ended: Reaction = copy(held)
        ended.valid_until = eastern_day(modified) if modified else day
        reason = known(item.why_withdrawn)
        ended.note = f"{held.note} Withdrawn{f': {reason}' if reason else ''}.".strip()
        plan.ended.append(Statement(item, ended, held))


def check_losses(plan: CommentPlan, held: Mapping[str, Reaction], *, accept_losses: bool) -> None:
    """Raise Refused when comments would vanish beyond reason: a person has to look."""
    standing = sum(row.valid_until is None for row in held.values())
    lost = len(plan.ended)
    if accept_losses or not is_beyond_reason(lost, standing, alarm=SMALLEST_ALARM):
        return
    msg = (
        f"These answers would end {lost} of {standing} comments as withdrawn. So many are more "
        f"likely an error of the source, so nothing was changed. If it is right, import them "
        f"with --accept-losses."
    )
    raise Refused(msg)


def questions(plan: CommentPlan) -> list[tuple[Proposal, str]]:
    """One question for each unknown name, with the comments that bear it; and its file."""
    found = []
    for form, items in plan.asked.items():
        printed = str(items[0].organization)
        numbers = [item.number for item in items]
        bearing = "a comment bears" if len(items) == 1 else f"{len(items)} comments bear"
        question = Proposal(
            key=f"identity:organization:{form}"[:200],
            kind=Proposal.Kind.IDENTITY,
            subject_kind="docket",
            subject_id=str(items[0].docket),
            title=f"Who is “{printed}”, whose name {bearing}?",
            evidence={"name": printed, "comments": numbers[:QUOTED], "count": len(numbers)},
        )
        found.append((question, items[0].file))
    return found


def documents_commented(
    documents: list[DocketDocument], stated: Mapping[str, str]
) -> dict[str, str]:
    """By regulations.gov's number, that of the Federal Register: held, and as answers say."""
    return {d.number: d.fr_number for d in documents if d.fr_number} | dict(stated)
