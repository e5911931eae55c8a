"""A desk at work on the starting record: something in every view, for eyes and for browsers."""

from dataclasses import replace
from datetime import timedelta

from policy.actions.alerts.plan import plan_alerts
from policy.actions.desk.drafts import Item, Words, start_change, write_change
from policy.actions.desk.emergency import publish_emergency
from policy.actions.desk.holds import place_hold
from policy.actions.desk.kinds import kind_of
from policy.actions.desk.review import approve_change, submit_change
from policy.actions.desk.source_texts import store_text
from policy.models import Change, Claim, Source, User
from tests.instants import TODAY as AT
from tests.policy.desk.world import people

SOURCE, RULE = "2025-00636", "ai-diffusion"
DEADLINE = "ai-diffusion-comment"
# Under hold too, and of no change until a test writes one.
LATER = "ai-diffusion-compliance-guidelines"
TEXT = (
    "DATES: This rule is effective January 13, 2025.\n"
    "Comments must be received by BIS no later than May 15, 2025."
)


def words(title: str, *items: Item, why: str = "The document says so.") -> Words:
    quote = "Comments must be received by BIS no later than May 15, 2025."
    return Words(title=title, why=why, source=SOURCE, quote=quote, items=items)


def moved(day: str = "2027-02-01") -> Item:
    values = {"deadline": DEADLINE, "day": day, "basis": "printed", "act": "reopened"}
    return Item("date", values={**values, "valid_from": "2026-11-20"})


def judged() -> Item:
    """Another verdict, and another reason, on a claim of the record."""
    claim = Claim.objects.known(None).filter(rule__slug=RULE).order_by("slug").first()
    assert claim is not None
    values = kind_of("claim").values_of(claim)
    why = f"{values['why']} The press release of 13 May 2025 does not change that."
    return Item("claim", values={**values, "why": why, "valid_from": "2026-11-20"})


def group(country: str = "my") -> Item:
    values = {"country": country, "scheme": "diffusion", "group": "supplement-5-a"}
    return Item("group", values={**values, "valid_from": "2026-11-20"})


def submit(change: Change, by: User) -> Change:
    return submit_change(change, version=change.version, by=by, at=AT)


def make_desk() -> dict[str, User]:
    """Changes in every state, a hold, and an emergency that nobody has looked at."""
    team = people()
    store_text(Source.objects.get(slug=SOURCE), TEXT, how="pasted", by=team["author"], at=AT)
    plan_alerts(at=AT)
    make_waiting(team["author"])
    make_scheduled(team)
    start_change(words("A draft without a day", moved("")), by=team["second"], at=AT)
    other = team["other"]
    urgent = start_change(words("Malaysia moves to the first group", group()), by=other, at=AT)
    because = "The order takes effect today."
    publish_emergency(urgent, version=1, because=because, by=other, at=AT)
    cambodia = words("Cambodia moves to the first group", group("kh"))
    submit(start_change(cambodia, by=team["author"], at=AT), team["author"])
    for deadline, case in ((DEADLINE, "26-101"), (LATER, "26-102")):
        because = f"Case {case} is pending."
        place_hold(("deadline", deadline), because=because, by=team["second"], at=AT)
    return team


def make_waiting(author: User) -> None:
    """Two items, written twice, that wait for a second pair of eyes."""
    title = "The comment period is reopened"
    change = start_change(words(title, moved(), judged()), by=author, at=AT)
    again = words(title, moved(), judged(), why="A notice reopens it.")
    submit(write_change(change, again, version=1, by=author, at=AT), author)


def make_scheduled(team: dict[str, User]) -> None:
    later = words("Reopened for longer", moved("2027-03-01"))
    later = replace(later, publish_at=AT + timedelta(days=2))
    change = submit(start_change(later, by=team["author"], at=AT), team["author"])
    approve_change(change, version=1, by=team["second"], at=AT)
