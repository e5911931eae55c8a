"""What the pages of the desk share: their frame, and how a refusal is shown."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib import messages
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.views.decorators.cache import never_cache

from policy.actions.desk.drafts import NotWritable, Outdated
from policy.actions.desk.holds import HoldUnread, NotPossible
from policy.actions.desk.kinds import BadValues
from policy.actions.desk.proposals import NotJudged
from policy.actions.desk.publish import SaysNothing, Stale
from policy.actions.desk.review import Refused
from policy.actions.desk.undo import CannotUndo
from policy.http import ReadingRequest
from policy.models import User

# Neither cited nor exported as a page of the record: it is no part of it.
FRAME = {"permalink": "", "citation_text": "", "export_url": ""}
# What somebody may be told instead of what they asked for; nothing was changed then.
REFUSALS = (
    Refused,
    Stale,
    SaysNothing,
    HoldUnread,
    NotWritable,
    Outdated,
    CannotUndo,
    NotJudged,
    NotPossible,
    BadValues,
)

View = Callable[..., HttpResponseBase]


class DeskRequest(ReadingRequest):
    """A request by somebody who has signed in."""

    user: User


def desk_view(view: View) -> View:
    """For pages of the desk: no cache keeps them, and no search engine lists them."""

    @never_cache
    @wraps(view)
    def wrapped(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        response = view(request, *args, **kwargs)
        response["X-Robots-Tag"] = "noindex, nofollow"
        response["Referrer-Policy"] = "same-origin"
        return response

    return wrapped


def status_of(refused: Exception) -> int:
    """400 for what cannot be read, 409 for what does not go together with what there is."""
    return 400 if isinstance(refused, BadValues) else 409


def say(request: HttpRequest, sentence: str) -> None:
    """Tell the person on the next page what was done."""
    messages.success(request, sentence)
