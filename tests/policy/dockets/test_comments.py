"""Comments: a reaction of a known organisation, one question for each unknown name."""

from datetime import UTC, date, datetime
from typing import Any

import pytest

from policy.actions.docket_plan import RegulationsReport
from policy.actions.facts import set_portion
from policy.actions.import_regulations import import_regulations
from policy.actions.revisions import new_revision
from policy.models import (
    Docket,
    Document,
    Event,
    Organization,
    Proposal,
    Reaction,
    Revision,
    Rule,
    Source,
)
from policy.sources.inputs import InputFile
from policy.sources.safe_xml import Refused
from tests.policy.dockets.answers import (
    COMMENT,
    DOCKET,
    FR_NUMBER,
    Item,
    brief,
    comment,
    document,
    listing,
    one,
    without,
)

pytestmark = pytest.mark.django_db
AT = datetime(2026, 10, 1, 14, tzinfo=UTC)
RECEIVED = date(2025, 5, 15)


@pytest.fixture(autouse=True)
def world() -> Docket:
    return make_world()


def make_world() -> Docket:
    Organization.objects.create(slug="nvidia", name="NVIDIA", kind="company")
    found = Docket.objects.create(number=DOCKET)
    make_rule("diffusion", FR_NUMBER)
    return found


def make_rule(slug: str, number: str) -> Rule:
    source = Source.objects.create(slug=number, kind="federal-register", title=slug)
    return Rule.objects.create(
        slug=slug,
        title=slug,
        short_title=slug,
        kind="rule",
        docket=Docket.objects.get(number=DOCKET),
        document=Document.objects.create(number=number, source=source),
    )


def take_in(*items: Item, **options: Any) -> RegulationsReport:
    files: list[InputFile] = [one(item, name=f"{n}.json") for n, item in enumerate(items)]
    return import_regulations(files=files, at=AT, by="tests", **options)


def standing() -> Reaction:
    found: Reaction = Reaction.objects.known(None).get()
    return found


def reasons(report: RegulationsReport) -> list[str]:
    return [row["reason"] for row in report.skipped]


def test_a_comment_of_a_known_organisation_is_its_reaction_without_a_stance() -> None:
    report = take_in(comment())
    found = standing()
    assert report.reactions_new == 1
    assert (found.organization.slug, found.docket.number) == ("nvidia", DOCKET)  # type: ignore[union-attr]
    assert found.rule is not None
    assert found.rule.slug == "diffusion"
    assert (found.stance, found.stance_printed) == ("no-stance", "")
    assert found.quote == "The rule would harm exports.\nSee “Annex A”."
    assert found.valid_from == RECEIVED
    assert found.source.url == f"https://www.regulations.gov/comment/{COMMENT}"
    assert "Submitted by Alex Example." in found.note
    assert Event.objects.get(subject_kind="reaction").baseline


@pytest.mark.parametrize("printed", ["nvidia", "N.V.I.D.I.A.", " NVIDIA\n", "<b>NVIDIA</b>"])
def test_a_name_may_be_set_otherwise(printed: str) -> None:
    assert take_in(comment(organization=printed)).reactions_new == 1


@pytest.mark.parametrize("printed", ["NVIDIA Corp", "NVIDIA users", "Nvidja", "Not NVIDIA"])
def test_another_name_is_somebody_nobody_knows(printed: str) -> None:
    report = take_in(comment(organization=printed))
    assert (report.reactions_new, report.comments_asked_about, report.questions) == (0, 1, 1)
    assert not Reaction.objects.exists()


def test_an_unknown_name_is_one_question_however_many_comments_bear_it() -> None:
    numbers = [f"{DOCKET}-{n:04}" for n in range(60)]
    report = take_in(*(comment(number, organization="Acme, Inc.") for number in numbers))
    assert (report.comments_asked_about, report.questions) == (60, 1)
    [question] = Proposal.objects.all()
    assert question.kind == Proposal.Kind.IDENTITY
    assert question.title == "Who is “Acme, Inc.”, whose name 60 comments bear?"
    assert question.evidence["count"] == 60
    assert question.evidence["comments"] == numbers[:50]


def test_once_a_person_has_named_it_the_same_answer_makes_the_reaction() -> None:
    unknown = comment(organization="NVIDIA Corporation")
    take_in(unknown)
    Organization.objects.filter(slug="nvidia").update(other_names=["NVIDIA Corporation"])
    report = take_in(unknown)
    assert (report.reactions_new, report.questions) == (1, 0)


def test_a_name_that_two_bear_is_asked_about() -> None:
    Organization.objects.create(slug="other", name="Other", kind="company", other_names=["Nvidia"])
    assert take_in(comment()).questions == 1


@pytest.mark.parametrize(
    ("item", "reason"),
    [
        (brief(), "a list gives no organisation; the answer to this comment alone does"),
        (comment(organization=None), "names no organisation"),
        (comment(organization="!"), "names no organisation"),
        (
            comment(receiveDate=None, postedDate=None),
            "has neither a day of receipt nor one of posting",
        ),
        (comment(withdrawn=True), "was withdrawn"),
    ],
)
def test_what_makes_no_reaction_is_skipped_with_the_reason(item: Item, reason: str) -> None:
    report = take_in(item)
    assert reasons(report) == [reason]
    assert report.revision is None


def test_the_day_of_posting_stands_in_and_the_note_says_so() -> None:
    take_in(without(comment(), "receiveDate"))
    found = standing()
    assert found.valid_from == date(2025, 5, 16)
    assert "when it was received is not given" in found.note


def test_attachments_and_duplicates_are_named_and_not_read() -> None:
    file = one(comment(duplicateComments=12), attachments=2)
    import_regulations(files=[file], at=AT, by="tests")
    assert "Attached files that were not read: 2." in standing().note
    assert "regulations.gov counts 12 duplicates of it." in standing().note


def test_of_several_rules_the_one_whose_document_is_commented_on_is_meant() -> None:
    make_rule("second", "2025-11111")
    take_in(comment(), document(f"{DOCKET}-0009", frDocNum="2025-11111"))
    assert standing().rule is None
    assert standing().about == f"Docket {DOCKET}"
    take_in(comment(commentOnDocumentId=f"{DOCKET}-0009"))
    found = standing()
    assert found.rule is not None
    assert (found.rule.slug, found.about) == ("second", "")


def test_a_withdrawn_comment_ends_on_the_day_of_the_change_and_its_words_stay() -> None:
    take_in(comment())
    gone = comment(withdrawn=True, reasonWithdrawn="Asked for", modifyDate="2025-07-02T03:00:00Z")
    assert take_in(gone).reactions_ended == 1
    found = standing()
    assert (found.valid_from, found.valid_until) == (RECEIVED, date(2025, 7, 1))
    assert found.quote.startswith("The rule would harm")
    assert found.note.endswith("Withdrawn: Asked for.")
    assert take_in(gone).revision is None
    assert reasons(take_in(comment())) == ["was withdrawn, says the record; the answer does not"]


def test_a_list_suffices_to_end_a_withdrawn_comment() -> None:
    take_in(comment())
    report = take_in(brief(withdrawn=True, lastModifiedDate="2025-07-02T16:00:00Z"))
    assert report.reactions_ended == 1
    assert standing().valid_until == date(2025, 7, 2)


def test_a_comment_withdrawn_on_the_day_of_its_receipt_was_never_in_force() -> None:
    take_in(comment())
    take_in(comment(withdrawn=True, modifyDate="2025-05-15T20:00:00Z"))
    assert not Reaction.objects.known(None).exists()
    closed = Reaction.objects.get()
    assert closed.closed_because == "The comment was withdrawn."


def test_many_withdrawals_at_once_stop_for_a_person() -> None:
    numbers = [f"{DOCKET}-{n:04}" for n in range(20)]
    take_in(*(comment(number) for number in numbers))
    gone = [comment(n, withdrawn=True, modifyDate="2025-07-02T16:00:00Z") for n in numbers[:5]]
    with pytest.raises(Refused, match="would end 5 of 20 comments"):
        take_in(*gone)
    assert not Reaction.objects.known(None).filter(valid_until__isnull=False).exists()
    assert take_in(*gone, accept_losses=True).reactions_ended == 5


def test_a_comment_that_reads_otherwise_supersedes_the_earlier_reading() -> None:
    take_in(comment())
    assert take_in(comment(comment="Other words.")).reactions_changed == 1
    assert standing().quote == "Other words."
    assert Reaction.objects.count() == 2


def test_a_stance_that_a_person_gave_is_never_undone() -> None:
    take_in(comment())
    judged = standing()
    judged.pk, judged._state.adding = None, True
    judged.stance = "opposes"
    with new_revision(by="a", kind=Revision.Kind.RECORD, reason="Read", at=AT) as revision:
        set_portion(judged, revision=revision, because="Read")
    report = take_in(comment(comment="Other words."))
    assert (report.reactions_unchanged, report.revision) == (1, None)
    assert standing().stance == "opposes"


def test_a_list_and_the_comment_itself_are_read_as_one_thing() -> None:
    files = [one(comment(), name="a.json"), listing(brief(), total=812, name="b.json")]
    report = import_regulations(files=files, at=AT, by="tests")
    assert (report.comments, report.reactions_new, report.comment_counts) == (2, 1, 1)
    assert reasons(report) == ["stands again in another answer"]


def test_a_script_in_a_comment_is_words_or_nothing() -> None:
    take_in(comment(comment="<script>alert(1)</script>We &lt;oppose&gt; it."))
    assert standing().quote == "We <oppose> it."


def test_every_comment_is_accounted_for() -> None:
    names = ["NVIDIA", "Acme", None, "NVIDIA"]
    items = [comment(f"{DOCKET}-{n:04}", organization=names[n % 4]) for n in range(40)]
    files = [one(found, name=f"{n}.json") for n, found in enumerate(items)]
    listed = listing(*(brief(f"{DOCKET}-{n:04}") for n in range(45)), name="list.json")
    report = import_regulations(files=[*files, listed], at=AT, by="tests")
    assert report.comments == 85
    made = report.reactions_new + report.reactions_changed + report.reactions_unchanged
    assert (made, report.comments_asked_about, len(report.skipped)) == (20, 10, 55)
    assert made + report.comments_asked_about + len(report.skipped) == report.comments
