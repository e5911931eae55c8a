"""Publishing without a second pair of eyes, loudly.

Approvers and administrators get a mail when the publication has been committed. Should one be
lost, nothing is: the banner on every page of the desk stands until somebody has looked.
"""

from datetime import datetime
from functools import partial

from django.db import transaction

from policy.actions.desk.letters import address_of, write_to
from policy.actions.desk.review import Refused, publish_at_once
from policy.domain.roles import Power, Role, has_power
from policy.models import Change, User

TEXT = """{who} has published a change without a second pair of eyes, as an emergency.

What: {title}
Why at once: {because}
Why the change: {why}

Somebody else who may approve changes has to look at it now:
{url}

The desk shows a banner on all its pages until then.
"""


def publish_emergency(
    change: Change, *, version: int, because: str, by: User, at: datetime
) -> Change:
    """Publish a draft at once; ``because`` says why it cannot wait.

    Raises what ``publish_at_once`` raises, having written nothing.
    """
    if not because.strip():
        msg = "Say why it cannot wait for a second person: whoever reviews it reads that first."
        raise Refused(msg)
    with transaction.atomic():
        done = publish_at_once(change, version=version, by=by, at=at, because=because.strip())
        transaction.on_commit(partial(tell_approvers, done, because.strip(), by))
    return done


def tell_approvers(change: Change, because: str, by: User) -> None:
    """Mail all who may look at it, and the administrators."""
    text = TEXT.format(
        who=by.name,
        title=change.title,
        because=because,
        why=change.why,
        url=address_of(change),
    )
    subject = f"Published without a second look: {change.title}"
    write_to(addresses(), subject=subject, text=text)


def addresses() -> list[str]:
    may = [role.value for role in Role if has_power(role, Power.APPROVE)]
    people = User.objects.filter(is_active=True, role__in=may)
    return list(people.order_by("pk").values_list("email", flat=True))
