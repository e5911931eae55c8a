"""What an import leaves to a person: raised once, and never a fact."""

import pytest

from policy.actions.proposals import propose
from policy.actions.revisions import new_revision
from policy.models import Proposal, Revision
from tests.policy.facts_world import AT, source

pytestmark = pytest.mark.django_db


def revision() -> Revision:
    with new_revision(by="tests", kind=Revision.Kind.IMPORT, reason="A test", at=AT) as made:
        return made


def proposal(key: str, made: Revision, title: str = "Comments by 14 March 2025") -> Proposal:
    return Proposal(
        key=key,
        kind=Proposal.Kind.DATE,
        subject_kind="document",
        subject_id="2025-00711",
        title=title,
        evidence={"words": "must be received by BIS no later than March 14, 2025"},
        source=source(),
        revision=made,
    )


def test_the_same_evidence_imported_again_proposes_nothing() -> None:
    first = propose([proposal("a", revision()), proposal("b", revision())])
    again = propose([proposal("a", revision(), "Otherwise worded"), proposal("c", revision())])
    assert [p.key for p in first] == ["a", "b"]
    assert [p.key for p in again] == ["c"]
    assert Proposal.objects.get(key="a").title == "Comments by 14 March 2025"


def test_what_a_person_judged_stays_judged() -> None:
    raised, judged = revision(), revision()
    propose([proposal("a", raised)])
    Proposal.objects.filter(key="a").update(state=Proposal.State.ACCEPTED, closed=judged)
    assert propose([proposal("a", revision())]) == []
    assert not Proposal.objects.open().exists()
    assert Proposal.objects.open(raised.number).exists()
    assert not Proposal.objects.open(judged.number).exists()
    assert not Proposal.objects.open(raised.number - 1).exists()


def test_one_key_twice_in_one_import_is_one_proposal() -> None:
    made = revision()
    assert len(propose([proposal("a", made), proposal("a", made)])) == 1


def test_more_proposals_than_one_statement_can_name_are_raised_once() -> None:
    made = revision()
    many = [proposal(f"key-{number}", made) for number in range(2500)]
    assert len(propose(many)) == 2500
    assert propose(many) == []
