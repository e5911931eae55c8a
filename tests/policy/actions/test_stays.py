"""Stays that the eCFR notes: a status where all is certain, else a proposal."""

from datetime import date

import pytest

from policy.models import LegalForce, Proposal, Provision, Rule
from tests.policy.actions.parts_world import (
    SPRING,
    SUMMER,
    import_part,
    know_document,
    revise,
)
from tests.policy.sources.parts import section

pytestmark = pytest.mark.django_db

STAY = (
    "At 90 FR 50857, Nov. 12, 2025, in § 742.1, paragraph (a)(1) was stayed, effective until "
    "Nov. 9, 2026."
)
STAYED = section("742.1", "(a)(1) You may not.", stay=STAY)
PLAIN = section("742.1", "(a)(1) You may not.")
EFFECTIVE = date(2025, 11, 10)


@pytest.fixture
def provision() -> Provision:
    rule = Rule.objects.create(slug="piers", title="Piers", short_title="Piers", kind="rule")
    return Provision.objects.create(slug="p", rule=rule, label="Piers", cite="§ 742.1(a)(1)")


def in_force(provision: Provision) -> LegalForce:
    fact = know_document("2025-00001", volume=90, start_page=1, effective=date(2025, 1, 2))
    with revise() as revision:
        return LegalForce.objects.create(
            provision=provision,
            state=LegalForce.State.IN_FORCE,
            valid_from=date(2025, 1, 2),
            source=fact.source,
            recorded=revision,
        )


def know_the_stay() -> None:
    know_document("2025-19846", volume=90, start_page=50857, effective=EFFECTIVE)


def states(provision: Provision) -> list[tuple[date | None, date | None, str, bool]]:
    rows = LegalForce.objects.known(None).filter(provision=provision).order_by("valid_from")
    return list(rows.values_list("valid_from", "valid_until", "state", "scheduled"))


def test_a_stay_that_names_a_provision_of_the_record_is_its_status(provision: Provision) -> None:
    in_force(provision)
    know_the_stay()
    report = import_part(STAYED)
    assert (report.stays, report.proposals) == (1, 0)
    assert states(provision) == [
        (date(2025, 1, 2), EFFECTIVE, "in-force", False),
        (EFFECTIVE, date(2026, 11, 10), "stayed", False),
        (date(2026, 11, 10), None, "in-force", True),
    ]


def test_the_status_cites_the_document_and_quotes_the_note(provision: Provision) -> None:
    in_force(provision)
    know_the_stay()
    import_part(STAYED)
    stayed = LegalForce.objects.known(None).get(state="stayed")
    assert stayed.source.slug == "2025-19846"
    assert stayed.also is not None and stayed.also.slug == "ecfr-part-742-2026-03-25"
    assert stayed.quote == STAY
    assert "inclusive" in stayed.note


def test_a_stay_that_the_record_already_states_writes_nothing(provision: Provision) -> None:
    in_force(provision)
    know_the_stay()
    import_part(PLAIN)
    import_part(STAYED, day=SUMMER)
    before = LegalForce.objects.count()
    other = STAYED.replace("You may not.", "You may.")
    report = import_part(other, day=date(2026, 8, 1))
    assert (report.amended, report.stays, report.proposals) == (1, 0, 0)
    assert LegalForce.objects.count() == before


@pytest.mark.parametrize(
    ("known", "matched", "words"),
    [
        (False, True, STAY),
        (True, False, STAY),
        (True, True, STAY.replace("paragraph (a)(1) was", "the first sentence was")),
    ],
    ids=["no document", "no provision", "no whole provision"],
)
def test_any_doubt_makes_it_a_proposal(
    provision: Provision, *, known: bool, matched: bool, words: str
) -> None:
    in_force(provision)
    if known:
        know_the_stay()
    if not matched:
        Provision.objects.update(cite="§ 742.9(a)")
    report = import_part(section("742.1", "(a)(1) You may not.", stay=words))
    assert (report.stays, report.proposals) == (0, 1)
    assert [state for _, _, state, _ in states(provision)] == ["in-force"]
    proposal = Proposal.objects.get()
    assert (proposal.kind, proposal.subject_kind, proposal.subject_id) == (
        "status",
        "section",
        "742.1",
    )
    assert proposal.evidence["words"] == words


def test_the_same_note_is_proposed_once() -> None:
    import_part(STAYED, day=SPRING)
    import_part(STAYED.replace("You may", "They may"), day=SUMMER)
    assert Proposal.objects.count() == 1
