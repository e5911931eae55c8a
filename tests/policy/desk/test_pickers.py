"""What a field suggests, whom a typed name means, and the way to the form from a page."""

from datetime import date

import pytest
from django.db import connection
from django.test import Client, RequestFactory
from django.test.utils import CaptureQueriesContext

from policy.actions.desk.kinds import desk_kinds
from policy.actions.desk.pickers import pickable, public_id_meant, suggestions
from policy.models import (
    Country,
    Deadline,
    DeadlineDate,
    Document,
    DocumentFact,
    Rule,
    Source,
    User,
)
from tests.people import signed_in
from tests.policy.desk.test_edit_pages import opened
from tests.policy.desk.world import put

pytestmark = pytest.mark.django_db
Team = dict[str, User]


@pytest.fixture
def documents(team: Team) -> Document:
    """The rule's document, on pages 4544 to 4590 of volume 90; and a stub that is cited."""
    source = Source.objects.get(slug="the-rule")
    document = Document.objects.create(number="2025-00636", source=source)
    row = DocumentFact(
        document=document, title="A rule", source=source, valid_from=date(2025, 1, 15),
        published=date(2025, 1, 15), volume=90, start_page=4544, end_page=4590,
    )  # fmt: skip
    put(row)
    stub = Source.objects.create(slug="88-fr-73458", kind="federal-register", title="Stub")
    Document.objects.create(cited="88-FR-73458", cited_volume=88, cited_page=73458, source=stub)
    return document


@pytest.mark.parametrize("model", sorted(pickable()))
def test_whatever_a_field_names_can_be_looked_for(team: Team, model: str) -> None:
    found = suggestions(pickable()[model], "a")
    for one in found:
        assert public_id_meant(pickable()[model], one.value) == one.value
    assert len(suggestions(pickable()[model], "")) <= 12


def test_things_are_found_by_public_id_and_by_every_word_of_their_names(team: Team) -> None:
    assert [s.value for s in suggestions(Deadline, "diffusion")] == ["ai-diffusion-comment"]
    [found] = suggestions(Deadline, "comments due")
    assert (found.value, found.label, found.detail) == (
        "ai-diffusion-comment",
        "Comments due",
        "AI",
    )
    assert suggestions(Deadline, "comments never") == []


@pytest.mark.parametrize(
    ("typed", "slug"),
    [
        ("90 FR 4544", "the-rule"),
        ("90 Fed. Reg. 4,560", "the-rule"),
        ("90 FR 4591", "90 FR 4591"),
        ("2025-00636", "the-rule"),
        ("88 FR 73458", "88-fr-73458"),
        ("the-rule", "the-rule"),
        ("no such", "no such"),
        ("", ""),
    ],
)
def test_a_citation_means_the_source_whose_pages_hold_it(
    documents: Document, typed: str, slug: str
) -> None:
    assert public_id_meant(Source, typed) == slug


def test_a_citation_is_the_first_suggestion_and_means_a_document_too(documents: Document) -> None:
    assert suggestions(Source, "90 FR 4544")[0].value == "the-rule"
    assert public_id_meant(Document, "90 FR 4550") == "2025-00636"
    assert suggestions(Document, "The rule")[0].value == "2025-00636"


@pytest.mark.parametrize(
    ("typed", "key"),
    [("kh", "kh"), ("Cambodia", "kh"), ("cambodia", "kh"), ("KHM", "kh"), ("Guinea", "gn")],
)
def test_a_country_is_typed_by_its_name(team: Team, typed: str, key: str) -> None:
    Country.objects.filter(key="kh").update(iso3="KHM")
    Country.objects.create(key="gn", name="Guinea", kind="country")
    Country.objects.create(key="gw", name="Guinea-Bissau", kind="country")
    assert public_id_meant(Country, typed) == key


def test_what_begins_with_the_words_is_suggested_first(team: Team) -> None:
    Country.objects.create(key="gt", name="Guatemala", kind="country")
    Country.objects.create(key="my", name="Malaysia", kind="country")
    assert [s.value for s in suggestions(Country, "mala")] == ["my", "gt"]


def test_what_several_are_called_means_none_of_them(team: Team) -> None:
    Country.objects.create(key="xa", name="North Place", kind="country")
    Country.objects.create(key="xb", name="South Place", kind="country")
    assert public_id_meant(Country, "Place") == "Place"
    assert {s.value for s in suggestions(Country, "Place")} == {"xa", "xb"}


def test_suggestions_are_options_for_the_script_and_a_page_without_it(team: Team) -> None:
    editor = signed_in(team["author"])
    headers = {"HX-Request": "true", "HX-Target": "id_list"}
    options = opened(editor, "/desk/pick/deadline/?q=comm", headers=headers)
    [option] = options.all("//*[@role='option']")
    assert option.get("data-value") == "ai-diffusion-comment"
    page = opened(editor, "/desk/pick/deadline/?q=comm")
    assert "ai-diffusion-comment" in page.main
    assert page.texts("//h1") == ["Find a deadline"]


# --- the way from a page of the record


def test_an_editor_finds_the_way_to_the_form_beside_a_fact(team: Team) -> None:
    page = opened(signed_in(team["author"]), "/deadlines/ai-diffusion-comment/")
    [link] = page.all("//a[@class='edit']")
    assert link.get("href") == "/desk/new/?kind=date&of=ai-diffusion-comment"
    earlier = opened(signed_in(team["author"]), "/deadlines/ai-diffusion-comment/?on=2025-05-14")
    assert [a.get("href") for a in earlier.all("//a[@class='edit']")] == [
        "/desk/new/?kind=date&of=ai-diffusion-comment&on=2025-05-14"
    ]


def test_who_may_not_write_it_is_shown_no_way(team: Team, client: Client) -> None:
    for visitor in (client, signed_in(team["analyst"])):
        assert opened(visitor, "/deadlines/ai-diffusion-comment/").all("//a[@class='edit']") == []


def test_the_way_costs_an_anonymous_reader_no_query(team: Team) -> None:
    from django.template import Context, Template

    row = DeadlineDate.objects.select_related("deadline").get()
    request = RequestFactory().get("/")
    template = Template("{% load desk %}{% edit_link row %}{% edit_link nothing %}")
    with CaptureQueriesContext(connection) as queries:
        context = Context({"row": row, "nothing": None, "request": request})
        shown = template.render(context)
    assert (shown, len(queries)) == ("", 0)


def test_every_kind_of_fact_has_an_address_that_leads_back_to_its_key(team: Team) -> None:
    row = DeadlineDate.objects.get()
    kind = desk_kinds()["date"]
    assert kind.in_force(kind.keyed(kind.public_key(row)), date(2026, 11, 23)) == row
    assert Rule.objects.exists()
