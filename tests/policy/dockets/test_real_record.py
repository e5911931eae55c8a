"""Answers on the dockets that the starting record holds, against the dates that it holds."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.test import Client
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from policy.actions.docket_plan import RegulationsReport
from policy.actions.import_regulations import import_regulations
from policy.models import (
    Alert,
    Conflict,
    CountryGroup,
    DeadlineDate,
    Docket,
    DocketDocument,
    Document,
    Event,
    Organization,
    Proposal,
    Reaction,
    Rule,
    Snapshot,
)
from policy.queries.dockets import DocketPage, docket_page, resume_from
from policy.sources.inputs import InputFile
from tests.policy.dockets.answers import (
    DOCKET,
    Item,
    brief,
    comment,
    docket,
    document,
    listing,
    one,
)
from tests.policy.queries.readings import reading

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("record")]
AT = datetime(2026, 11, 20, 14, tzinfo=UTC)
PRODUCTS = "BIS-2024-0055"


def take_in(*files: InputFile, at: datetime = AT) -> RegulationsReport:
    return import_regulations(files=files, at=at, by="tests")


def of_products(number: str, end: str, **changes: str) -> Item:
    """A document of the docket whose period another rule extended."""
    return document(
        f"{PRODUCTS}-0001",
        docketId=PRODUCTS,
        frDocNum=number,
        commentStartDate="2024-12-05T05:00:00Z",
        commentEndDate=end,
        **changes,
    )


def page_of(number: str, on: str = "", known: str = "") -> DocketPage:
    return docket_page(Docket.objects.get(number=number), reading(on, known))


def dates() -> list[tuple[str, date | None]]:
    rows = DeadlineDate.objects.known(None).order_by("deadline__slug", "valid_from")
    return list(rows.values_list("deadline__slug", "day"))


def test_the_printed_date_of_the_diffusion_rule_is_confirmed() -> None:
    before = dates()
    report = take_in(listing(document()), one(docket(), name="docket.json"))
    assert (report.periods_confirmed, report.conflicts, report.questions) == (1, 0, 0)
    assert dates() == before


@pytest.mark.parametrize("number", ["2024-28270", "2025-00711", "2025-02655"])
def test_an_extended_date_is_confirmed_whichever_document_bears_it(number: str) -> None:
    before = dates()
    report = take_in(listing(of_products(number, "2025-03-15T03:59:59Z")))
    assert (report.periods_confirmed, report.conflicts, report.questions) == (1, 0, 0)
    assert dates() == before


def test_the_day_that_the_record_lacks_is_a_question_and_no_fact() -> None:
    before = dates()
    report = take_in(listing(of_products("2024-28270", "2025-02-04T04:59:59Z")))
    assert (report.periods_confirmed, report.conflicts, report.questions) == (0, 0, 1)
    question = Proposal.objects.get()
    assert question.title == "Comments due, as regulations.gov gives it: 3 February 2025"
    assert question.subject_id == "foreign-direct-product-2024-comment"
    assert dates() == before


def test_a_day_late_as_the_date_in_utc_would_be_is_a_conflict() -> None:
    """What a reader who cut the instant off would have believed."""
    before = dates()
    late = document(commentEndDate="2025-05-17T03:59:59Z")
    report = take_in(listing(late))
    assert (report.periods_confirmed, report.conflicts) == (0, 1)
    found = Conflict.objects.known(None).get(slug=f"{DOCKET.lower()}-0001-comment-end")
    assert found.rule is not None
    assert found.rule.slug == "ai-diffusion"
    assert dates() == before


def test_a_conflict_stands_on_the_page_of_the_rule(client: Client) -> None:
    take_in(listing(document(commentEndDate="2025-05-17T03:59:59Z")))
    text = client.get("/rules/ai-diffusion/").content.decode()
    assert "end of the comment period" in text
    assert f"16 May 2025, at regulations.gov ({DOCKET}-0001)." in text


def test_an_import_sends_no_mail_and_changes_no_other_fact() -> None:
    groups, rules = CountryGroup.objects.count(), Rule.objects.count()
    take_in(listing(document()), one(comment(), name="c.json"))
    assert not Alert.objects.exists()
    assert (CountryGroup.objects.count(), Rule.objects.count()) == (groups, rules)


def test_every_organisation_of_the_record_is_known_by_each_of_its_names() -> None:
    organizations = list(Organization.objects.all())
    files = []
    for place, organization in enumerate(organizations):
        for n, name in enumerate([organization.name, *organization.other_names]):
            number = f"{DOCKET}-{place:03}{n:02}"
            files.append(one(comment(number, organization=name), name=f"{number}.json"))
    report = take_in(*files)
    assert len(organizations) > 10
    assert (report.reactions_new, report.comments_asked_about) == (len(files), 0)
    made = Reaction.objects.known(None).filter(docket__number=DOCKET)
    assert set(made.values_list("stance", flat=True)) == {"no-stance"}
    for place, organization in enumerate(organizations):
        [slug] = {r.organization.slug for r in made if r.slug.startswith(slug_start(place))}
        assert slug == organization.slug


def slug_start(place: int) -> str:
    return f"comment-{DOCKET.lower()}-{place:03}"


def test_a_reaction_that_a_person_entered_is_left_alone() -> None:
    entered = Reaction.objects.known(None).get(slug="iaps-2025-05")
    take_in(one(comment(organization=entered.organization.name)))
    again = Reaction.objects.known(None).get(slug="iaps-2025-05")
    assert again.pk == entered.pk
    assert Reaction.objects.known(None).filter(organization=entered.organization).count() == 2


def test_the_page_holds_what_was_known_then_and_nothing_later() -> None:
    assert page_of(DOCKET).facts == page_of(DOCKET, known="2026-11-19").facts
    before = len(page_of(DOCKET).facts)
    take_in(
        listing(document(), name="a.json"),
        listing(brief(), total=812, name="b.json"),
        one(comment(), name="c.json"),
        one(comment(f"{DOCKET}-0050", organization="Acme"), name="d.json"),
    )
    page = page_of(DOCKET)
    assert len(page.facts) == before + 3
    assert [q.subject_id for q in page.questions] == [DOCKET]
    assert all(fact.source_id for fact in page.facts)
    then = page_of(DOCKET, known="2026-11-19")
    assert (len(then.facts), then.questions) == (before, [])
    past = page_of(DOCKET, on="2025-01-14")
    assert (past.reading.documents, past.reading.count, past.reactions) == ((), None, [])


def test_the_page_of_a_docket_lists_its_rules_and_their_dates() -> None:
    page = page_of(PRODUCTS)
    assert {rule.slug for rule in page.rules} == {
        "foreign-direct-product-2024",
        "due-diligence-2025",
    }
    assert {d.deadline.docket.number for d in page.deadlines if d.deadline.docket} == {PRODUCTS}
    assert {d.iso for d in page.deadlines} == {"2025-03-14"}


def test_the_periods_of_a_docket_stand_in_the_order_of_their_ends() -> None:
    ends = {"0002": "2025-06-01", "0003": "2025-08-01", "0004": "2025-07-01"}
    items = [
        document(f"{DOCKET}-{n}", frDocNum=None, commentEndDate=f"{end}T03:59:59Z")
        for n, end in ends.items()
    ]
    without_end = document(f"{DOCKET}-0005", frDocNum=None, commentEndDate=None)
    take_in(listing(*items, without_end))
    page = page_of(DOCKET)
    assert len(page.reading.documents) == 4
    shown = [one.current.number[-4:] for one in page.reading.with_periods]
    assert shown == ["0003", "0004", "0002"]


def test_a_document_without_a_day_of_posting_is_in_force_since_before_the_first_source() -> None:
    take_in(listing(document(postedDate=None)))
    found = DocketDocument.objects.get()
    assert (found.valid_from, found.since) == (None, None)
    assert len(page_of(DOCKET, on="1999-01-01").reading.documents) == 1


def test_an_import_resumes_where_the_newest_one_ended() -> None:
    assert resume_from() is None
    take_in(listing(document()))
    assert resume_from() == "2025-01-15 08:11:12"
    take_in(one(comment()))
    assert resume_from() == "2025-05-16 11:20:00"
    earlier = document(f"{DOCKET}-0009", frDocNum=None)
    take_in(listing(earlier))
    assert resume_from() == "2025-05-16 11:20:00"


def test_events_of_a_first_import_are_a_baseline_and_later_comments_are_news() -> None:
    take_in(one(comment()))
    take_in(one(comment(f"{DOCKET}-0050")), at=AT + timedelta(hours=1))
    events = Event.objects.filter(subject_kind="reaction", revision__recorded_at__gte=AT)
    assert [(e.subject_id[-4:], e.baseline) for e in events.order_by("revision")] == [
        ("0042", True),
        ("0050", False),
    ]


def test_a_federal_register_document_is_not_made_from_what_regulations_gov_calls_one() -> None:
    before = Document.objects.count()
    take_in(listing(document(frDocNum="2099-99999")))
    assert Document.objects.count() == before
    assert DocketDocument.objects.get().fr_number == "2099-99999"


PARTS = (
    listing(document(), name="a.json"),
    listing(document(withdrawn=True, lastModifiedDate="2025-06-02T12:00:00Z"), name="b.json"),
    listing(brief(), total=812, name="c.json"),
    one(comment(), name="d.json"),
    one(comment(f"{DOCKET}-0050", organization="Acme"), name="e.json"),
)


@settings(
    max_examples=12, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None
)
@given(order=st.permutations(PARTS))
def test_files_of_one_folder_say_the_same_in_any_order(order: list[InputFile]) -> None:
    already = Snapshot.objects.filter(topic="regulations-gov").exists()
    report = take_in(*order)
    assert (report.revision is None) == already
    found = DocketDocument.objects.known(None).get()
    assert (found.withdrawn, found.last_comment_day) == (True, date(2025, 5, 15))
    assert Reaction.objects.known(None).filter(docket__number=DOCKET).count() == 1
    assert Proposal.objects.filter(kind="identity").count() == 1
