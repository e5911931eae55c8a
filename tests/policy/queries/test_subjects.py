"""What can be followed: each kind found by its id, named, linked, and matched to deadlines."""

from datetime import date

import pytest
from django.test import Client

from policy.models import Deadline
from policy.queries.subjects import described, find_subject, subjects_of
from tests.policy.alerts import world

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("record")]

ZHIPU = "beijing-zhipu-huazhang-technology-co-ltd"


@pytest.mark.parametrize(
    ("kind", "subject_id", "label", "url"),
    [
        ("everything", "", "everything closing", "/deadlines/"),
        ("rule", "ai-diffusion", "Framework for Artificial", "/rules/ai-diffusion/"),
        ("docket", "BIS-2025-0001", "docket BIS-2025-0001", "/dockets/BIS-2025-0001/"),
        ("country", "my", "Malaysia", "/tiers/my/"),
        ("entity", ZHIPU, "Beijing Zhipu Huazhang Technology", f"/entities/{ZHIPU}/"),
        ("kind", "comment", "every date of the kind “Comments due”", "/deadlines/?kind=comment"),
        ("search", "q=chips", "deadlines with the words “chips”", "/deadlines/?q=chips"),
        (
            "search",
            "rule=ai-diffusion&q=Framework&kind=comment",
            "deadlines of the kind “Comments due” of",
            "/deadlines/?kind=comment&q=framework&rule=ai-diffusion",
        ),
    ],
)
def test_a_subject_has_a_label_and_a_page(
    client: Client, kind: str, subject_id: str, label: str, url: str
) -> None:
    subject = find_subject(kind, subject_id)
    assert subject
    assert subject.label.startswith(label)
    assert subject.url == url
    assert client.get(url).status_code == 200


@pytest.mark.parametrize(
    ("kind", "subject_id"),
    [
        ("rule", "no-such-rule"),
        ("docket", "BIS-2099-0001"),
        ("country", "xx"),
        ("entity", "nobody"),
        ("kind", "no-such-kind"),
        ("kind", "published"),
        ("search", ""),
        ("search", "page=2"),
        ("search", "kind=no-such-kind"),
        ("search", "rule=no-such-rule"),
        ("search", "q=" + "+".join(f"word{n}" for n in range(60))),
        ("backup", "1"),
        ("planet", "mars"),
    ],
)
def test_what_the_record_does_not_hold_cannot_be_followed(kind: str, subject_id: str) -> None:
    assert find_subject(kind, subject_id) is None


def test_a_search_has_one_id_however_it_is_typed() -> None:
    typed = ["q=AI+Chips&kind=comment", "kind=comment&q=ai++chips"]
    found = {subject.id for query in typed if (subject := find_subject("search", query))}
    assert found == {"kind=comment&q=ai+chips"}


def test_a_deadline_belongs_to_its_rule_docket_kind_and_the_searches_that_find_it() -> None:
    deadline = Deadline.objects.select_related("rule", "docket").get(slug="ai-diffusion-comment")
    searches = ["q=intelligence", "kind=effective", "q=nothing+of+this", "kind=comment&q=bis-2025"]
    assert subjects_of(deadline, [*searches, "page=2", ""]) == {
        ("everything", ""),
        ("rule", "ai-diffusion"),
        ("docket", "BIS-2025-0001"),
        ("kind", "comment"),
        ("search", "q=intelligence"),
        ("search", "kind=comment&q=bis-2025"),
    }


def test_a_deadline_without_a_docket_belongs_to_none() -> None:
    deadline = world.deadline("no-docket")
    deadline.docket = None
    assert "docket" not in {kind for kind, _ in subjects_of(deadline)}


def test_a_search_finds_what_its_page_shows(client: Client) -> None:
    """The page and the planner ask one matcher."""
    query = "kind=comment&q=artificial"
    content = client.get(f"/deadlines/?{query}").content.decode()
    shown = {slug for slug in all_slugs() if f'id="deadline-{slug}"' in content}
    deadlines = Deadline.objects.select_related("rule", "docket")
    found = {d.slug for d in deadlines if ("search", query) in subjects_of(d, [query])}
    assert shown
    assert shown == found & shown
    assert found - shown == {slug for slug in found if not has_dates(slug)}


def all_slugs() -> list[str]:
    return list(Deadline.objects.values_list("slug", flat=True))


def has_dates(slug: str) -> bool:
    begun = Deadline.objects.filter(slug=slug, dates__superseded=None)
    return begun.exclude(dates__valid_from__gt=date(2026, 11, 23)).exists()


def test_the_words_of_a_deadline_are_its_own_and_those_of_its_rule_and_docket() -> None:
    deadline = Deadline.objects.select_related("rule", "docket").get(slug="ai-diffusion-comment")
    words = described(deadline).words
    assert deadline.label in words
    assert deadline.rule.title in words
    assert "BIS-2025-0001" in words


@pytest.mark.parametrize(
    ("query", "link"),
    [
        ("kind=comment", "subject=kind&id=comment"),
        ("rule=ai-diffusion", "subject=rule&id=ai-diffusion"),
        ("q=Chips", "subject=search&id=q%3Dchips"),
        ("kind=comment&q=chips", "subject=search&id=kind%3Dcomment%26q%3Dchips"),
    ],
)
def test_the_list_of_deadlines_offers_mails_on_what_it_shows(
    client: Client, query: str, link: str
) -> None:
    content = client.get(f"/deadlines/?{query}").content.decode()
    assert f"/subscribe/?{link.replace('&', '&amp;')}" in content
    assert client.get(f"/subscribe/?{link}").status_code == 200


@pytest.mark.parametrize("query", ["", "when=ahead", "kind=published", "kind=no-such-kind"])
def test_it_offers_none_on_what_cannot_be_followed(client: Client, query: str) -> None:
    content = client.get(f"/deadlines/?{query}").content.decode()
    assert "Get e-mails on this selection" not in content


@pytest.mark.parametrize(
    ("page", "link"),
    [
        ("/dockets/BIS-2025-0001/", "subject=docket&amp;id=BIS-2025-0001"),
        (f"/entities/{ZHIPU}/", f"subject=entity&amp;id={ZHIPU}"),
        ("/rules/ai-diffusion/", "subject=rule&amp;id=ai-diffusion"),
        ("/tiers/my/", "subject=country&amp;id=my"),
    ],
)
def test_a_page_offers_mails_on_its_subject_and_the_form_opens(
    client: Client, page: str, link: str
) -> None:
    assert link in client.get(page).content.decode()
    assert client.get(f"/subscribe/?{link.replace('&amp;', '&')}").status_code == 200
