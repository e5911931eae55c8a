"""A source that is asked on a schedule, as its app registers it."""

from dataclasses import dataclass

from policy.domain.freshness import Rhythm


@dataclass(frozen=True)
class Channel:
    """A source that is asked on a schedule.

    ``run`` is the dotted name of a function that takes a ``Fetching`` and gives a ``Taken``.
    ``import_command`` is how a file is imported where there is no network. ``needs`` names a
    setting without which the source cannot be asked.
    """

    slug: str
    title: str
    rhythm: Rhythm
    run: str
    site: str
    import_command: str
    needs: str = ""
