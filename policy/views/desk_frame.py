"""What the pages of the desk share: their frame, and how a refusal is shown."""

from django.contrib import messages
from django.http import HttpRequest

from policy.actions.desk.drafts import NotWritable, Outdated
from policy.actions.desk.holds import HoldUnread, NotPossible
from policy.actions.desk.kinds import BadValues
from policy.actions.desk.proposals import NotJudged
from policy.actions.desk.publish import SaysNothing, Stale
from policy.actions.desk.review import Refused
from policy.actions.desk.undo import CannotUndo
from policy.http import ReadingRequest
from policy.models import User

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


class DeskRequest(ReadingRequest):
    """A request by somebody who has signed in."""

    user: User


def status_of(refused: Exception) -> int:
    """400 for what cannot be read, 409 for what does not go together with what there is."""
    return 400 if isinstance(refused, BadValues) else 409


def say(request: HttpRequest, sentence: str) -> None:
    """Tell the person on the next page what was done."""
    messages.success(request, sentence)
