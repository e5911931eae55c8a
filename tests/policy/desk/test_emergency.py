"""Publishing without a second look: loud, mailed, shown on the page, and looked at afterwards."""

import logging

import pytest
from django.core import mail
from django.test import Client
from pytest_django import DjangoCaptureOnCommitCallbacks
from pytest_django.fixtures import Settings

from policy.actions.desk.drafts import start_change
from policy.actions.desk.emergency import addresses, publish_emergency
from policy.actions.desk.review import Refused, review_change
from policy.domain.roles import Role
from policy.models import Change, User
from tests.people import account, signed_in
from tests.policy.desk.world import AT, contents, days, submitted, words
from tests.site_map import shown

pytestmark = pytest.mark.django_db
Team = dict[str, User]
BEFORE = ["2025-01-15 2025-05-15"]
BANNER = "Published without a second look: Comments extended, by Otto Other"


def urgent(team: Team, because: str = "A court ordered it") -> Change:
    change = start_change(words(), by=team["other"], at=AT)
    return publish_emergency(change, version=1, because=because, by=team["other"], at=AT)


def test_the_page_asks_for_the_reason_before_it_publishes(team: Team) -> None:
    change = start_change(words(), by=team["other"], at=AT)
    client, address = signed_in(team["other"]), f"/desk/changes/{change.pk}/emergency/"
    page = shown(address, client.get(address))
    assert "Nobody else has checked it" in page.main
    assert "Day 2025-05-15 2027-06-16" in page.rows
    assert days() == BEFORE
    refused = client.post(address, {"version": "1", "because": " "})
    assert refused.status_code == 409
    assert days() == BEFORE
    done = client.post(address, {"version": "1", "because": "A court ordered it"})
    assert done.status_code == 302
    assert days() != BEFORE
    trail = change.contributions.latest("pk")
    assert (trail.step, trail.note) == ("publish at once", "A court ordered it")


def test_the_page_says_where_it_is_too_late_for_an_emergency(team: Team) -> None:
    change = submitted(team)
    address = f"/desk/changes/{change.pk}/emergency/"
    page = shown(address, signed_in(team["other"]).get(address))
    assert "This change is submitted: publish at once is for one that is draft" in page.main


def test_what_was_typed_stands_there_again_after_a_refusal(team: Team) -> None:
    change = start_change(words(), by=team["other"], at=AT)
    answer = signed_in(team["other"]).post(
        f"/desk/changes/{change.pk}/emergency/", {"version": "9", "because": "A court"}
    )
    assert answer.status_code == 409
    assert shown("", answer).texts("//textarea[@name='because']") == ["A court"]


def test_without_a_reason_nothing_is_published(team: Team) -> None:
    change = start_change(words(), by=team["other"], at=AT)
    before = contents()
    with pytest.raises(Refused, match="Say why it cannot wait"):
        publish_emergency(change, version=1, because=" ", by=team["other"], at=AT)
    assert contents() == before


def test_all_who_may_approve_are_mailed_once_it_is_committed(
    team: Team, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
) -> None:
    boss = account(Role.ADMINISTRATOR, name="Bo Boss")
    gone = account(Role.APPROVER, name="Gus Gone")
    gone.is_active = False
    gone.save()
    with django_capture_on_commit_callbacks(execute=True):
        change = urgent(team)
        assert mail.outbox == []
    [sent] = mail.outbox
    assert sent.bcc == [team["other"].email, team["second"].email, boss.email]
    assert sent.bcc == addresses()
    assert sent.subject == "Published without a second look: Comments extended"
    assert "Why at once: A court ordered it" in sent.body
    assert f"/desk/changes/{change.pk}/" in sent.body


def test_what_was_not_published_is_not_mailed(
    team: Team, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
) -> None:
    change = start_change(words(), by=team["author"], at=AT)
    with (
        django_capture_on_commit_callbacks(execute=True),
        pytest.raises(Refused, match="Only an approver"),
    ):
        publish_emergency(change, version=1, because="x", by=team["author"], at=AT)
    assert mail.outbox == []


def test_a_mail_server_that_is_away_undoes_no_publication(
    team: Team,
    settings: Settings,
    caplog: pytest.LogCaptureFixture,
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 1
    with (
        caplog.at_level(logging.ERROR),
        django_capture_on_commit_callbacks(execute=True),
    ):
        urgent(team)
    assert days() != BEFORE
    assert "the mail “Published without a second look" in caplog.text


def test_a_banner_stands_on_every_page_of_the_desk_until_it_is_reviewed(team: Team) -> None:
    change = urgent(team)
    addresses = ("/desk/", "/desk/?view=proposals", f"/desk/changes/{change.pk}/", "/desk/holds/")
    client = signed_in(team["analyst"])
    for address in addresses:
        assert BANNER in shown(address, client.get(address)).text
    review_change(change, note="Right.", by=team["second"], at=AT)
    for address in addresses:
        assert BANNER not in shown(address, client.get(address)).text


def test_readers_see_no_banner_and_no_desk(team: Team, client: Client) -> None:
    urgent(team)
    assert BANNER not in shown("", client.get("/")).text


@pytest.mark.parametrize("address", ["/rules/ai-diffusion/", "/deadlines/ai-diffusion-comment/"])
def test_the_page_concerned_says_that_it_is_under_review(
    team: Team, client: Client, address: str
) -> None:
    sentence = "A part of this page was published without a second look, and is under review"
    assert sentence not in shown(address, client.get(address)).main
    change = urgent(team)
    assert sentence in shown(address, client.get(address)).main
    review_change(change, note="Right.", by=team["second"], at=AT)
    assert sentence not in shown(address, client.get(address)).main


def test_other_pages_say_nothing_of_it(team: Team, client: Client) -> None:
    urgent(team)
    assert "without a second look" not in shown("", client.get("/tiers/kh/")).main


def test_the_review_is_kept_with_what_was_found(team: Team) -> None:
    change = urgent(team)
    answer = signed_in(team["second"]).post(
        f"/desk/changes/{change.pk}/review/", {"note": "The order says so."}
    )
    assert answer.status_code == 302
    change.refresh_from_db()
    assert change.reviewed_by == team["second"]
    assert change.contributions.latest("pk").note == "The order says so."
