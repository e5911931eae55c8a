"""Proposals of imports: judged with their evidence, one by one or together."""

from datetime import date
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from django.test import Client

from policy.actions.desk.builders import BUILDERS, item_of
from policy.actions.desk.conflicts import close_conflict
from policy.actions.desk.drafts import words_of
from policy.actions.desk.proposals import NotJudged, accept_proposals, reject_proposals
from policy.actions.desk.review import (
    Refused,
    approve_change,
    discard_change,
    restore_change,
    submit_change,
    take_back,
)
from policy.actions.proposals import propose
from policy.models import (
    Change,
    Conflict,
    Deadline,
    Document,
    Proposal,
    ProposalRejection,
    Provision,
    Revision,
    Rule,
    Source,
    User,
)
from policy.permissions import NotPermitted
from tests.people import signed_in
from tests.policy.desk.world import AT, contents, days, new_date, published
from tests.site_map import shown

pytestmark = pytest.mark.django_db
Team = dict[str, User]
NUMBER = "2027-00001"
WORDS = "The comment period is extended until June 16, 2027."


@pytest.fixture
def document(team: Team) -> Document:
    """The document of the rule, with the day on which it was published."""
    source = Source.objects.get(slug="the-rule")
    source.published, source.citation = date(2026, 11, 20), "91 FR 1"
    source.save()
    found = Document.objects.create(number=NUMBER, source=source)
    Rule.objects.filter(slug="ai-diffusion").update(document=found)
    return found


def proposal(kind: str = "date", number: int = 1, **others: Any) -> Proposal:
    evidence = {"kind": "comments", "day": f"2027-06-{number:02}", "words": WORDS}
    own = {
        "subject_kind": "document",
        "subject_id": NUMBER,
        "title": f"Comments due: {number} June 2027",
        "evidence": evidence,
        "source": Source.objects.get(slug="the-rule"),
    }
    key = f"{kind}:{number}"
    return Proposal.objects.create(
        key=key, kind=kind, revision=Revision.objects.latest(), **{**own, **others}
    )


def accepted(team: Team, *found: Proposal) -> Change:
    return accept_proposals(found, by=team["author"], at=AT)


def only_item(change: Change) -> tuple[str, str, dict[str, Any]]:
    [item] = words_of(change).items
    return item.kind, item.act, {name: value for name, value in item.values.items() if value}


def test_a_date_read_in_a_document_becomes_a_draft_with_its_words(
    team: Team, document: Document
) -> None:
    change = accepted(team, proposal(number=16))
    assert only_item(change) == (
        "date",
        "set",
        {
            "deadline": "ai-diffusion-comment",
            "day": "2027-06-16",
            "basis": "printed",
            "valid_from": "2026-11-20",
        },
    )
    assert (change.state, change.quote, change.why) == ("draft", WORDS, "")
    assert change.source == document.source


def test_the_proposal_is_closed_by_the_revision_that_publishes_its_answer(
    team: Team, document: Document
) -> None:
    found = proposal(number=16)
    change = accepted(team, found)
    found.refresh_from_db()
    assert found.state == "open"
    Change.objects.filter(pk=change.pk).update(why="The document says so.")
    change.refresh_from_db()
    change = submit_change(change, version=1, by=team["author"], at=AT)
    approve_change(change, version=1, by=team["second"], at=AT)
    found.refresh_from_db()
    assert found.closed is not None
    assert (found.state, found.closed.change) == ("accepted", change)
    assert days()[-1] == "2026-11-20 2027-06-16"


@pytest.mark.parametrize(
    ("kind", "others", "expected"),
    [
        ("date", {"evidence": {"kind": "hearing", "day": "2027-06-16"}}, {"day": "2027-06-16"}),
        ("date", {"evidence": {"kind": "reference"}}, {"basis": "printed"}),
        (
            "date",
            {
                "subject_kind": "deadline",
                "subject_id": "ai-diffusion-comment",
                "evidence": {"day": "2027-01-01"},
            },
            {"deadline": "ai-diffusion-comment", "basis": "reported", "day": "2027-01-01"},
        ),
        ("unread", {"evidence": {"words": "some time"}}, {"basis": "printed"}),
        (
            "status",
            {"evidence": {"provisions": ["§ 1"], "until": "2027-02-01"}},
            {"state": "stayed", "last_day": "2027-02-01", "provision": "ai-diffusion-all"},
        ),
        (
            "status",
            {"evidence": {"provisions": ["§ 2"], "until": None}},
            {"state": "stayed"},
        ),
        (
            "identity",
            {"evidence": {"name": "Semiconductor Industry Association"}},
            {
                "name": "Semiconductor Industry Association",
                "slug": "semiconductor-industry-association",
            },
        ),
        (
            "act",
            {"evidence": {"act": "corrects", "targets": [NUMBER]}},
            {"rule": "ai-diffusion", "role": "corrects", "document_source": "the-rule"},
        ),
        (
            "act",
            {"evidence": {"act": "delays", "targets": ["91 FR 1"], "day": "2027-03-01"}},
            {"day": "2027-03-01", "act": "delayed", "deadline": "effective"},
        ),
        ("act", {"evidence": {"act": "removes", "targets": ["9 FR 9"]}}, {}),
        (
            "difference",
            {
                "subject_kind": "docket",
                "subject_id": "BIS-2027-0001",
                "evidence": {"day": "2027-06-01", "other_day": "2027-06-02"},
            },
            {"day": "2027-06-01", "basis": "reported"},
        ),
    ],
)
def test_a_draft_begins_with_what_the_evidence_holds(
    team: Team, document: Document, kind: str, others: dict[str, Any], expected: dict[str, Any]
) -> None:
    rule = Rule.objects.get(slug="ai-diffusion")
    Provision.objects.update(cite="§ 1")
    Deadline.objects.create(slug="effective", kind="effective", label="Effective", rule=rule)
    change = accepted(team, proposal(kind, **others))
    _, _, values = only_item(change)
    assert values.items() >= expected.items()


def test_nothing_is_guessed_where_two_deadlines_may_be_meant(
    team: Team, document: Document
) -> None:
    rule = Rule.objects.get(slug="ai-diffusion")
    Deadline.objects.create(slug="another", kind="comment", label="Another", rule=rule)
    assert "deadline" not in only_item(accepted(team, proposal()))[2]


def test_every_kind_of_proposal_has_a_builder() -> None:
    assert BUILDERS.keys() == set(Proposal.Kind)


@pytest.mark.usefixtures("team")
def test_a_suspected_removal_is_the_end_of_the_listing_on_a_day_that_is_not_known() -> None:
    found = proposal("removal", subject_kind="entity", subject_id="sea-glass-llc")
    item = item_of(found)
    assert item
    assert (item.kind, item.act) == ("listing", "end")
    assert item.values == {"entity": "sea-glass-llc", "last_day": ""}


def test_what_the_desk_does_not_write_is_not_taken_up(team: Team) -> None:
    found = proposal("difference", subject_kind="docket", evidence={"before": 3, "count": 2})
    assert item_of(found) is None
    before = contents()
    with pytest.raises(NotJudged, match="The desk writes nothing that answers this"):
        accepted(team, found)
    assert contents() == before


def test_several_that_are_alike_become_one_change(team: Team, document: Document) -> None:
    found = [proposal(number=n) for n in (1, 2, 3)]
    change = accepted(team, *found)
    assert [i.values["day"] for i in change.items.all()] == [f"2027-06-0{n}" for n in (1, 2, 3)]
    assert (change.title, change.quote) == (f"3 answers on {NUMBER}", WORDS)
    assert set(change.proposals.all()) == set(found)


@pytest.mark.parametrize(
    "other", [{"kind": "act"}, {"subject_id": "2027-00002"}, {"subject_kind": "docket"}]
)
def test_what_is_not_alike_is_not_judged_together(team: Team, other: dict[str, str]) -> None:
    found = [proposal(), proposal(**{"number": 2, **other})]  # type: ignore[arg-type]
    before = contents()
    with pytest.raises(NotJudged, match="of one kind on one document"):
        accept_proposals(found, by=team["author"], at=AT)
    with pytest.raises(NotJudged, match="of one kind on one document"):
        reject_proposals(found, because="x", by=team["author"], at=AT)
    assert contents() == before
    assert not ProposalRejection.objects.exists()


def test_several_are_rejected_with_one_reason(team: Team) -> None:
    found = [proposal(number=n) for n in (1, 2)]
    reject_proposals(found, because="Both are examples.", by=team["author"], at=AT)
    assert not Proposal.objects.open().exists()
    rejections = ProposalRejection.objects.all()
    assert {r.because for r in rejections} == {"Both are examples."}
    assert {r.by for r in rejections} == {team["author"]}


def test_what_was_rejected_stays_rejected_when_it_is_imported_again(team: Team) -> None:
    found = proposal()
    reject_proposals([found], because="An example.", by=team["author"], at=AT)
    again = Proposal(
        key=found.key,
        kind="date",
        subject_kind="document",
        subject_id=NUMBER,
        title="Again",
        revision=Revision.objects.latest(),
    )
    assert propose([again]) == []


def test_an_open_question_as_known_before_is_still_one_after_its_rejection(team: Team) -> None:
    found = proposal()
    known = Revision.objects.latest().number
    published(team, new_date())
    reject_proposals([found], because="An example.", by=team["author"], at=AT)
    assert list(Proposal.objects.open(known)) == [found]
    assert list(Proposal.objects.open()) == []


@pytest.mark.parametrize("judge", ["accept", "reject"])
def test_a_proposal_is_judged_once(team: Team, document: Document, judge: str) -> None:
    def judged() -> Any:
        if judge == "accept":
            return accepted(team, found)
        return reject_proposals([found], because="x", by=team["author"], at=AT)

    found = proposal()
    reject_proposals([found], because="An example.", by=team["author"], at=AT)
    with pytest.raises(NotJudged, match="is rejected already"):
        judged()


def test_two_do_not_take_up_the_same(team: Team, document: Document) -> None:
    found = proposal()
    change = accepted(team, found)
    with pytest.raises(NotJudged, match=f"Change {change.pk} answers this already; it is draft"):
        accept_proposals([found], by=team["second"], at=AT)
    with pytest.raises(NotJudged, match="answers this already"):
        reject_proposals([found], because="x", by=team["second"], at=AT)
    discard_change(change, by=team["author"], at=AT)
    assert accept_proposals([found], by=team["second"], at=AT).state == "draft"


def test_none_chosen_is_a_sentence(team: Team) -> None:
    with pytest.raises(NotJudged, match="Choose at least one"):
        accepted(team)
    with pytest.raises(NotJudged, match="Say why"):
        reject_proposals([proposal()], because=" ", by=team["author"], at=AT)


def test_an_analyst_judges_no_proposal(team: Team) -> None:
    for act in (
        lambda: accept_proposals([proposal(number=1)], by=team["analyst"], at=AT),
        lambda: reject_proposals([proposal(number=2)], because="x", by=team["analyst"], at=AT),
    ):
        with pytest.raises(NotPermitted):
            act()


@pytest.mark.parametrize(
    ("sql", "sentence"),
    [
        ("UPDATE policy_proposal SET state = 'open' WHERE state = 'rejected'", "judged once"),
        ("UPDATE policy_proposal SET state = 'rejected' WHERE state = 'open'", "with a reason"),
        ("UPDATE policy_proposalrejection SET because = 'x'", "is kept"),
        ("DELETE FROM policy_proposalrejection", "is kept"),
    ],
)
def test_the_database_bends_no_judgement(team: Team, sql: str, sentence: str) -> None:
    reject_proposals([proposal()], because="An example.", by=team["author"], at=AT)
    proposal(number=2)
    with (
        pytest.raises(IntegrityError, match=sentence),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(sql)


def test_the_page_of_a_proposal_shows_its_words_and_what_a_draft_begins_with(
    team: Team, document: Document
) -> None:
    found = proposal(number=16)
    page = shown("", signed_in(team["author"]).get(f"/desk/proposals/{found.pk}/"))
    assert WORDS in page.main
    assert "deadline ai-diffusion-comment".replace(" ", "") in page.main.replace(" ", "")
    buttons = page.texts("//section[contains(@class, 'desk-steps')]//button")
    assert {"Take it up as a draft", "Reject"} <= set(buttons)
    analyst = shown("", signed_in(team["analyst"]).get(f"/desk/proposals/{found.pk}/"))
    assert analyst.texts("//section[contains(@class, 'desk-steps')]//button") == []


def test_it_is_judged_by_buttons_with_those_that_are_alike(team: Team, document: Document) -> None:
    first, second, third = (proposal(number=n) for n in (1, 2, 3))
    client = signed_in(team["author"])
    page = shown("", client.get(f"/desk/proposals/{first.pk}/"))
    assert len(page.all("//input[@type='checkbox']")) == 4
    chosen = {"proposal": [first.pk, second.pk]}
    answer = client.post("/desk/proposals/accept/", chosen)
    change = Change.objects.get()
    assert answer["Location"] == f"/desk/changes/{change.pk}/"
    refused = client.post("/desk/proposals/reject/", {**chosen, "because": "x"})
    assert refused.status_code == 409
    assert "answers this already" in shown("", refused).main
    done = client.post("/desk/proposals/reject/", {"proposal": third.pk, "because": "An example."})
    assert done["Location"] == f"/desk/proposals/{third.pk}/"
    after = shown("", client.get(f"/desk/proposals/{third.pk}/"))
    assert "An example. by Ada Author" in after.main


@pytest.mark.parametrize("data", [{}, {"proposal": "x"}, {"proposal": "999"}])
def test_judging_nothing_is_a_sentence(team: Team, data: dict[str, str]) -> None:
    for act in ("accept", "reject"):
        answer = signed_in(team["author"]).post(f"/desk/proposals/{act}/", {**data, "because": "x"})
        assert answer.status_code == 409
        assert "Choose at least one proposal" in shown("", answer).main


def test_the_public_page_lists_what_is_open_and_not_what_was_rejected(
    team: Team, client: Client
) -> None:
    proposal(number=1)
    reject_proposals([proposal(number=2)], because="x", by=team["author"], at=AT)
    text = shown("", client.get("/questions/")).main
    assert "1 June 2027" in text
    assert "2 June 2027" not in text


def dispute() -> None:
    Conflict.objects.create(
        slug="c",
        about="the effective day",
        one_says="1 May",
        other_says="2 May",
        governs="Neither",
        valid_from=date(2026, 11, 1),
        source=Source.objects.get(slug="the-rule"),
        rule=Rule.objects.get(slug="ai-diffusion"),
        recorded=Revision.objects.latest(),
    )


def test_a_second_press_makes_no_second_change_and_leads_to_the_first(team: Team) -> None:
    dispute()
    client = signed_in(team["author"])
    for expected in (302, 409):
        answer = client.post("/desk/conflicts/c/", {"governs": "The first: it is printed."})
        assert answer.status_code == expected
    change = Change.objects.get()
    page = shown("", answer)
    assert f"Change {change.pk} settles it already; it is submitted." in page.main
    assert page.texts(f"//main//a[@href='/desk/changes/{change.pk}/']") == [str(change)]
    assert page.texts("//textarea") == []


def test_a_conflict_is_settled_anew_once_the_first_change_is_given_up(team: Team) -> None:
    dispute()
    author = team["author"]
    first = close_conflict("c", governs="The first.", by=author, at=AT)
    first = discard_change(take_back(first, by=author, at=AT), by=author, at=AT)
    second = close_conflict("c", governs="The second.", by=author, at=AT)
    assert second.settles == "c"
    sentence = f"Change {second.pk} settles the same conflict meanwhile; it is submitted"
    with pytest.raises(Refused, match=sentence):
        restore_change(first, by=author, at=AT)


def test_the_database_lets_no_two_changes_settle_one_conflict(team: Team) -> None:
    dispute()
    close_conflict("c", governs="The first.", by=team["author"], at=AT)
    with pytest.raises(IntegrityError), transaction.atomic():
        Change.objects.create(
            title="x", author=team["other"], created_at=AT, based_on=1, settles="c"
        )


def test_a_conflict_is_settled_by_a_change_that_another_approves(team: Team) -> None:
    dispute()
    client = signed_in(team["author"])
    page = shown("", client.get("/desk/conflicts/c/"))
    assert "1 May" in page.main
    assert client.post("/desk/conflicts/c/", {"governs": " "}).status_code == 409
    answer = client.post("/desk/conflicts/c/", {"governs": "The first: it is printed."})
    change = Change.objects.get()
    assert answer["Location"] == f"/desk/changes/{change.pk}/"
    approve_change(change, version=1, by=team["second"], at=AT)
    assert "It is settled." in shown("", client.get("/desk/conflicts/c/")).main
    again = client.post("/desk/conflicts/c/", {"governs": "The second."})
    assert again.status_code == 409
    assert client.get("/desk/conflicts/none/").status_code == 404
    analyst = signed_in(team["analyst"]).post("/desk/conflicts/c/", {"governs": "x"})
    assert analyst.status_code == 403
