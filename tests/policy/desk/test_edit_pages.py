"""The form of a change: every kind renders, saves and validates by the same code."""

from typing import Any

import pytest
from django import forms
from django.http import QueryDict
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from policy.actions.desk.drafts import Item, start_change, words_of, write_change
from policy.actions.desk.kinds import desk_kinds
from policy.forms_desk import ChangeForm
from policy.models import Change, DeadlineDate, User
from tests.people import signed_in
from tests.policy.desk.world import AT, days, new_date, published, words
from tests.site_map import Shown, shown

pytestmark = pytest.mark.django_db
Team = dict[str, User]
KINDS = sorted(desk_kinds())
KINDS_AND_ACTS = [(slug, act) for slug in KINDS for act in desk_kinds()[slug].acts]
HTMX = {"HX-Request": "true", "HX-Target": "items"}


@pytest.fixture
def editor(team: Team) -> Client:
    return signed_in(team["author"])


def opened(client: Client, url: str, status: int = 200, **more: Any) -> Shown:
    response = client.get(url, **more)
    assert response.status_code == status, response.status_code
    return shown(url, response)


def posted(client: Client, url: str, data: dict[str, Any], status: int = 200, **more: Any) -> Shown:
    response = client.post(url, data, **more)
    assert response.status_code == status, (response.status_code, response.content[:2000])
    return shown(url, response)


def form_data(page: Shown) -> dict[str, str]:
    """What a browser would send of the form as it stands, without a button."""
    data: dict[str, str] = {}
    for field in page.all("//form[@id='change-form']//*[@name]"):
        name = str(field.get("name"))
        if field.tag == "textarea":
            data[name] = str(field.text or "").lstrip("\n")
        elif field.tag == "select":
            selected = field.xpath(".//option[@selected]") or field.xpath(".//option")[:1]
            data[name] = str(selected[0].get("value")) if selected else ""
        elif field.tag == "input" and field.get("type") == "checkbox":
            if field.get("checked") is not None:
                data[name] = "on"
        elif field.tag == "input":
            data[name] = str(field.get("value") or "")
    data.pop("add", None)
    return data


def draft(team: Team, *items: Item, **others: Any) -> Change:
    return start_change(words(*items, **others), by=team["author"], at=AT)


# --- every kind


@pytest.mark.parametrize("slug", KINDS)
def test_every_kind_has_a_form_with_a_label_for_each_field(editor: Client, slug: str) -> None:
    page = opened(editor, f"/desk/new/?kind={slug}")
    kind = desk_kinds()[slug]
    assert page.texts("//h2")[0] == kind.title
    for name in kind.form_fields(kind.acts[0]):
        [field] = page.all(f"//*[@name='item-0-{name}']")
        labels = page.all(
            f"//label[@for='{field.get('id')}'] | //label[.//*[@id='{field.get('id')}']]"
        )
        assert labels, name
        assert page.by_id(f"live_item-0-{name}").get("aria-live") == "polite"
        assert f"live_item-0-{name}" in str(field.get("aria-describedby"))


@pytest.mark.parametrize(("slug", "act"), KINDS_AND_ACTS)
def test_every_kind_and_act_is_saved_as_typed_and_shown_again(
    editor: Client, slug: str, act: str
) -> None:
    kind = desk_kinds()[slug]
    typed = {f"item-0-{n}": typed_in(f, n) for n, f in kind.form_fields(act).items()}
    data = {"title": "T", "items": "1", "kind-0": slug, "act-0": act, **typed}
    response = editor.post("/desk/save/", data)
    assert response.status_code == 302, response.content[:500]
    change = Change.objects.get()
    [item] = change.items.all()
    assert (item.kind, item.act) == (slug, act)
    page = opened(editor, f"/desk/changes/{change.pk}/edit/")
    again = ChangeForm.from_post(query_of(form_data(page))).words
    assert again == words_of(change)


def typed_in(field: forms.Field, name: str) -> str:
    """Something that nobody can read, or the last of the choices."""
    if isinstance(field, forms.ChoiceField):
        return str(choices_of(field)[-1][0])
    return f"typed {name}"


def choices_of(field: forms.ChoiceField) -> list[Any]:
    found: Any = field.choices
    return list(found)


def query_of(data: dict[str, str]) -> QueryDict:
    query = QueryDict(mutable=True)
    query.update(data)
    return query


@pytest.mark.parametrize("slug", KINDS)
def test_every_kind_says_what_is_missing_when_it_is_handed_over(editor: Client, slug: str) -> None:
    kind = desk_kinds()[slug]
    data = {"items": "1", "kind-0": slug, "act-0": kind.acts[0], "do": "submit"}
    page = posted(editor, "/desk/save/", data, status=400)
    [notice] = page.texts("//*[@role='alert']")
    assert "Not submitted" in notice
    assert "Say why: history shows the reason for good." in notice
    assert "Every fact cites a source" in notice
    assert f"{kind.title}, " in notice
    assert Change.objects.get().state == "draft"


@pytest.mark.parametrize("slug", [k for k in KINDS if "set" in desk_kinds()[k].acts])
def test_a_first_day_that_is_none_gets_its_sentence_in_every_kind(
    editor: Client, slug: str
) -> None:
    name = "item-0-valid_from"
    data = {"_field": name, "items": "1", "kind-0": slug, "act-0": "set", name: "soon"}
    page = posted(editor, "/desk/check/", data)
    [live] = page.texts(f"//*[@id='live_{name}']")
    assert live.startswith("“soon” is not a date; write it as 2025-05-14")


# --- what it begins with


def test_an_edit_begins_with_the_values_in_force(editor: Client) -> None:
    page = opened(editor, "/desk/new/?kind=date&of=ai-diffusion-comment")
    data = form_data(page)
    assert data["item-0-deadline"] == "ai-diffusion-comment"
    assert (data["item-0-day"], data["item-0-basis"]) == ("2025-05-15", "printed")
    assert data["item-0-valid_from"] == "2025-01-15"
    assert data["title"] == "Date of a deadline: Comments due"
    assert "Thursday, 15 May 2025" in page.text
    assert not Change.objects.exists()


def test_a_key_that_the_record_lacks_is_typed_in_all_the_same(editor: Client) -> None:
    data = form_data(opened(editor, "/desk/new/?kind=group&of=kh,d5"))
    assert (data["item-0-country"], data["item-0-scheme"]) == ("kh", "d5")
    assert data["item-0-group"] == ""


def test_what_the_record_says_now_stands_beside_what_is_typed(team: Team, editor: Client) -> None:
    change = draft(team, new_date(day="2027-06-16"))
    page = opened(editor, f"/desk/changes/{change.pk}/edit/")
    assert "Now in the record: 2025-05-15" in page.texts("//*[@id='live_item-0-day']")[0]


@pytest.mark.parametrize(
    "url", ["/desk/new/?kind=nothing", "/desk/changes/99/edit/", "/desk/pick/nothing/"]
)
def test_what_is_not_there_is_not_found(editor: Client, url: str) -> None:
    assert editor.get(url).status_code == 404


def test_the_choice_lists_what_the_role_may_write(team: Team) -> None:
    every = opened(signed_in(team["author"]), "/desk/new/").texts("//main//li")
    voices = opened(signed_in(team["analyst"]), "/desk/new/").texts("//main//li")
    assert "Legal force of a provision" in every
    assert "Legal force of a provision" not in voices
    assert {"Reaction of an organisation", "Claim and verdict"} <= set(voices)


# --- items


def item_slugs(page: Shown) -> list[str]:
    return [str(e.get("value")) for e in page.all("//input[starts-with(@name, 'kind-')]")]


@pytest.mark.parametrize("headers", [{}, HTMX], ids=["without script", "htmx"])
def test_items_are_added_and_removed_without_a_write(
    editor: Client, headers: dict[str, str]
) -> None:
    data = form_data(opened(editor, "/desk/new/?kind=date&of=ai-diffusion-comment"))
    data |= {"do": "add", "add": "milestone", "why": "Both at once"}
    page = posted(editor, "/desk/save/", data, headers=headers)
    assert item_slugs(page) == ["date", "milestone"]
    whole = opened(editor, "/desk/new/?kind=date&of=ai-diffusion-comment")
    second = {**form_data(whole), "items": "2", "kind-1": "milestone", "act-1": "set"}
    page = posted(editor, "/desk/save/", {**second, "do": "remove-0"}, headers=headers)
    assert item_slugs(page) == ["milestone"]
    assert not Change.objects.exists()


def test_what_was_typed_beside_it_stays_when_an_item_is_added(editor: Client) -> None:
    data = form_data(opened(editor, "/desk/new/?kind=date&of=ai-diffusion-comment"))
    data |= {"do": "add", "add": "milestone", "why": "A reason", "source": "no such", "quote": "q"}
    again = form_data(posted(editor, "/desk/save/", data))
    assert (again["why"], again["source"], again["quote"]) == ("A reason", "no such", "q")
    assert again["item-0-day"] == "2025-05-15"


def test_another_act_has_other_fields(editor: Client) -> None:
    data = form_data(opened(editor, "/desk/new/?kind=date&of=ai-diffusion-comment"))
    page = posted(editor, "/desk/save/", {**data, "act-0": "end", "do": "shape"})
    names = set(form_data(page))
    assert "item-0-last_day" in names
    assert "item-0-day" not in names


def test_a_typed_key_is_filled_in_from_the_record(editor: Client) -> None:
    data = form_data(opened(editor, "/desk/new/?kind=date"))
    assert data["item-0-day"] == ""
    data |= {"item-0-deadline": "ai-diffusion-comment", "do": "fill-0"}
    assert form_data(posted(editor, "/desk/save/", data))["item-0-day"] == "2025-05-15"


# --- checking while somebody types


def checked(client: Client, name: str, **typed: str) -> Shown:
    data = {"items": "1", "kind-0": "date", "act-0": "set", "_field": name, **typed}
    return posted(client, "/desk/check/", data, headers={"HX-Request": "true"})


def test_only_the_field_that_is_typed_in_is_answered(editor: Client) -> None:
    page = checked(editor, "item-0-day", **{"item-0-day": "2025-02-30", "item-0-at": "late"})
    assert page.texts("//*[starts-with(@id, 'live_')]") == [
        "“2025-02-30” is not a day of the calendar."
    ]
    assert not Change.objects.exists()


def test_a_counted_period_shows_its_receipt_as_it_is_typed(editor: Client) -> None:
    typed = {"item-0-counted_from": "2025-01-15", "item-0-counted_days": "120"}
    page = checked(editor, "item-0-counted_days", **typed)
    [receipt] = page.texts("//*[@id='receipts_item-0']//p")
    assert receipt.startswith(
        "Computed. Day 1 is 16 January 2025; day 120 is Thursday, 15 May 2025"
    )
    assert "Must be received by 23:59:59 Eastern on Thursday, 15 May 2025." in receipt


def test_a_printed_saturday_is_never_rolled(team: Team, editor: Client) -> None:
    # 15 March 2025 is a Saturday; 2025-02305 prints it.
    values = {"item-0-day": "2025-03-15", "item-0-basis": "printed"}
    page = checked(editor, "item-0-day", **values)
    [receipt] = page.texts("//*[@id='receipts_item-0']//p")
    assert "The document prints Saturday, 15 March 2025; a printed date is never moved." in receipt
    published(team, new_date(day="2025-03-15", counted_from="2025-02-06", counted_days="30"))
    assert days()[-1] == "2026-11-20 2025-03-15"
    row = DeadlineDate.objects.known(None).latest("valid_from")
    assert (str(row.day), row.basis) == ("2025-03-15", "printed")


def test_an_identity_is_called_by_its_name_once_it_is_found(editor: Client) -> None:
    name = "item-0-deadline"
    assert "Comments due" in checked(editor, name, **{name: "ai-diffusion-comment"}).text
    page = checked(editor, name, **{name: "ai-diff"})
    assert "The record holds no deadline “ai-diff”; choose one." in page.text


def test_an_instant_of_publication_is_eastern_and_shown_in_utc(editor: Client) -> None:
    page = checked(editor, "publish_at", publish_at="2026-11-30 09:00")
    assert "14:00 UTC on Monday, 30 November 2026" in page.text
    page = checked(editor, "publish_at", publish_at="2027-03-14 02:30")
    assert "the Eastern clock skips 02:30" in page.text


def test_a_field_that_nobody_offered_is_not_answered(editor: Client) -> None:
    data = {"items": "1", "kind-0": "date", "act-0": "set"}
    for name in ("item-7-day", "item-0-none", "none"):
        assert editor.post("/desk/check/", {**data, "_field": name}).content.count(b"live_") == 0
    assert editor.post("/desk/check/", {"items": "1", "kind-0": "none"}).status_code == 204


# --- saving


def test_a_draft_is_saved_with_what_was_typed(editor: Client) -> None:
    data = form_data(opened(editor, "/desk/new/?kind=date&of=ai-diffusion-comment"))
    data |= {"item-0-day": "2027-0", "source": "the-extension", "why": "So it says"}
    response = editor.post("/desk/save/", data)
    change = Change.objects.get()
    assert response.headers["Location"] == f"/desk/changes/{change.pk}/edit/"
    again = form_data(opened(editor, f"/desk/changes/{change.pk}/edit/"))
    assert (again["item-0-day"], again["source"], again["why"]) == (
        "2027-0", "the-extension", "So it says",
    )  # fmt: skip


def autosaved(client: Client, data: dict[str, str]) -> Any:
    return client.post("/desk/autosave/", data, headers={"HX-Request": "true"})


def test_an_autosave_makes_the_draft_once_and_says_when(editor: Client) -> None:
    data = form_data(opened(editor, "/desk/new/?kind=date&of=ai-diffusion-comment"))
    response = autosaved(editor, data)
    change = Change.objects.get()
    assert response.headers["HX-Replace-Url"] == f"/desk/changes/{change.pk}/edit/"
    page = shown("/", response)
    assert page.text.startswith("Saved 10:00:00")
    fields = {str(e.get("name")): str(e.get("value")) for e in page.all("//input")}
    assert fields == {"change": str(change.pk), "version": "1"}
    data |= fields | {"why": "A reason"}
    assert "HX-Replace-Url" not in autosaved(editor, data).headers
    change.refresh_from_db()
    assert (change.version, change.why) == (2, "A reason")


def test_saving_the_same_again_writes_nothing(team: Team, editor: Client) -> None:
    change = draft(team)
    data = form_data(opened(editor, f"/desk/changes/{change.pk}/edit/"))
    autosaved(editor, data)
    change.refresh_from_db()
    # The form knows fields that the draft had left out.
    once = change.version
    data["version"] = str(once)
    autosaved(editor, data)
    change.refresh_from_db()
    assert change.version == once


def test_an_autosave_never_overwrites_what_another_wrote(team: Team, editor: Client) -> None:
    change = draft(team)
    data = form_data(opened(editor, f"/desk/changes/{change.pk}/edit/"))
    write_change(change, words(title="Theirs"), version=1, by=team["other"], at=AT)
    page = shown("/", autosaved(editor, data | {"title": "Mine"}))
    assert "Otto Other has changed this since you opened it" in page.text
    assert page.texts("//button") == ["Compare and save"]
    assert Change.objects.get().title == "Theirs"


def test_what_is_submitted_is_saved_checked_and_handed_over(team: Team, editor: Client) -> None:
    change = draft(team)
    data = form_data(opened(editor, f"/desk/changes/{change.pk}/edit/"))
    response = editor.post("/desk/save/", {**data, "title": "Anew", "do": "submit"})
    assert response.status_code == 302
    change.refresh_from_db()
    assert (change.state, change.title) == ("submitted", "Anew")
    assert editor.get(f"/desk/changes/{change.pk}/edit/").status_code == 302
    assert editor.post("/desk/save/", data).status_code == 302
    change.refresh_from_db()
    assert change.title == "Anew"


def test_what_says_nothing_new_is_saved_but_not_submitted(team: Team, editor: Client) -> None:
    published(team)
    change = draft(team)
    data = form_data(opened(editor, f"/desk/changes/{change.pk}/edit/"))
    page = posted(editor, "/desk/save/", {**data, "do": "submit"}, status=400)
    assert "The record says all of this already" in page.texts("//*[@role='alert']")[0]
    again = form_data(page)
    change.refresh_from_db()
    assert (change.state, again["version"]) == ("draft", str(change.version))


def test_a_citation_is_read_as_its_source(editor: Client, team: Team) -> None:
    from policy.models import Document, Source

    source = Source.objects.get(slug="the-rule")
    Document.objects.create(number="2025-00636", source=source)
    data = form_data(opened(editor, "/desk/new/?kind=date&of=ai-diffusion-comment"))
    editor.post("/desk/save/", {**data, "source": " 2025-00636 "})
    assert Change.objects.get().source == source


# --- who may


@pytest.mark.parametrize(
    ("method", "url"),
    [
        ("get", "/desk/new/"),
        ("get", "/desk/new/?kind=date"),
        ("post", "/desk/save/"),
        ("post", "/desk/check/"),
        ("post", "/desk/autosave/"),
        ("get", "/desk/pick/rule/"),
        ("get", "/desk/sources/new/"),
        ("get", "/desk/sources/the-rule/"),
    ],
)
def test_nobody_without_an_account_writes_here(
    team: Team, client: Client, method: str, url: str
) -> None:
    assert getattr(client, method)(url).status_code in (302, 403)
    assert not Change.objects.exists()


def test_an_analyst_saves_no_law(team: Team) -> None:
    data = {"items": "1", "kind-0": "date", "act-0": "set", "title": "Law"}
    assert signed_in(team["analyst"]).post("/desk/save/", data).status_code == 403
    assert not Change.objects.exists()


def test_the_pages_of_the_editor_stay_out_of_caches_and_search_engines(editor: Client) -> None:
    response = editor.get("/desk/new/")
    assert "no-store" in response.headers["Cache-Control"]
    assert response.headers["X-Robots-Tag"] == "noindex, nofollow"


# --- what a page costs


def test_the_form_of_a_change_costs_a_bounded_number_of_queries(
    team: Team, editor: Client, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    change = draft(team, new_date(), new_date())
    with django_assert_max_num_queries(45):
        editor.get(f"/desk/changes/{change.pk}/edit/")
