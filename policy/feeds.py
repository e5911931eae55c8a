"""What changed, as Atom feeds: of everything, of one subject, and of a selection of deadlines."""

from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.contrib.syndication.views import Feed
from django.db.models import QuerySet
from django.http import Http404, HttpRequest
from django.urls import reverse
from django.utils.feedgenerator import Atom1Feed
from django.utils.html import escape

from policy.domain.due import EVERYTHING
from policy.domain.invites import NO_ADVICE, clean
from policy.domain.partial_dates import day_text
from policy.domain.selections import PARTS, Selection
from policy.models import Event, Revision
from policy.queries.news import event_id, event_url, news_about
from policy.queries.subjects import Followed, find_subject

NEWEST = 50
BEFORE_THE_RECORD = datetime.fromisoformat("2025-01-01T00:00:00+00:00")


@dataclass(frozen=True)
class Asked:
    """A feed that was asked for: its subject, and the path at which it lies."""

    subject: Followed
    path: str

    @property
    def of_all_deadlines(self) -> bool:
        """Whether it is the feed of the deadlines page with nothing selected."""
        return is_everything(self.subject) and self.path == reverse("policy:feed-deadlines")

    @property
    def rows(self) -> QuerySet[Event]:
        rows = news_about((self.subject.kind, self.subject.id))
        return rows.filter(subject_kind="deadline") if self.of_all_deadlines else rows

    @property
    def title(self) -> str:
        if self.of_all_deadlines:
            return "Earmark: every deadline"
        name = "every change" if is_everything(self.subject) else self.subject.label
        return clean(f"Earmark: {name}")


class SteadyAtom(Atom1Feed):
    """Atom whose empty feed is as old as the record, not new at each reading."""

    def latest_post_date(self) -> datetime:
        if self.items:
            return super().latest_post_date()
        newest = Revision.objects.order_by("-number").first()
        return newest.recorded_at if newest else BEFORE_THE_RECORD


class SubjectFeed(Feed):  # type: ignore[type-arg]  # Django's own takes no parameters
    """The newest changes to one subject. An entry keeps its id, whatever is recorded later."""

    feed_type = SteadyAtom
    author_name = "Earmark"
    subtitle = f"Changes to the record as they were recorded. {NO_ADVICE}"

    def get_object(self, request: HttpRequest, subject: str = "", subject_id: str = "") -> Asked:
        if not subject:
            selection = Selection.of(**{name: request.GET.get(name, "") for name in PARTS})
            subject, subject_id = selection.subject
        found = find_subject(subject, subject_id)
        if found is None:
            msg = "nothing of that name has a feed"
            raise Http404(msg)
        return Asked(found, request.path if is_everything(found) else feed_path(found))

    def title(self, asked: Asked) -> str:
        return asked.title

    def link(self, asked: Asked) -> str:
        return f"{settings.SITE_URL}{asked.subject.url}"

    def feed_url(self, asked: Asked) -> str:
        return f"{settings.SITE_URL}{asked.path}"

    def feed_guid(self, asked: Asked) -> str:
        return self.feed_url(asked)

    def items(self, asked: Asked) -> QuerySet[Event]:
        return asked.rows.order_by("-revision_id", "-pk")[:NEWEST]

    def item_title(self, item: Event) -> str:
        return clean(item.title)

    def item_description(self, item: Event) -> str:
        """HTML, as Atom's summary has it."""
        return "".join(f"<p>{escape(clean(line))}</p>" for line in lines_of(item))

    def item_link(self, item: Event) -> str:
        return event_url(item)

    def item_guid(self, item: Event) -> str:
        return event_id(item)

    def item_updateddate(self, item: Event) -> datetime:
        return item.revision.recorded_at

    def item_pubdate(self, item: Event) -> datetime:
        return item.revision.recorded_at

    def item_categories(self, item: Event) -> list[str]:
        return [item.get_kind_display()]


def is_everything(subject: Followed) -> bool:
    return (subject.kind, subject.id) == EVERYTHING


def lines_of(event: Event) -> list[str]:
    """What an entry says below its title: the law's day, the detail, and the source."""
    cited = f"Source: {event.source}: {event.source.title}" if event.source else ""
    day = f"In force: {day_text(event.day)}" if event.day else ""
    return [line for line in (day, event.detail, cited, NO_ADVICE) if line]


def feed_path(subject: Followed) -> str:
    """Where the feed of one subject lies; that of everything has several addresses."""
    if subject.kind == "search":
        return f"{reverse('policy:feed-deadlines')}?{subject.id}"
    return reverse("policy:feed", args=[subject.kind, subject.id])
