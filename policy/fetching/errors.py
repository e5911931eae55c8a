"""What can go wrong while asking a source, each with a sentence that a person reads."""


class FetchError(Exception):
    """A question that got no answer that can be used."""


class RetryLater(FetchError):
    """The source is busy, away or not ready; the same question may do later.

    ``after`` is how many seconds the source asks to wait, where it says so.
    """

    def __init__(self, sentence: str, after: float | None = None) -> None:
        super().__init__(sentence)
        self.after = after


class Unreachable(RetryLater):
    """There is no way to the source: asking again at once would only make everyone wait."""


class NotReady(RetryLater):
    """The source answers, but its answers do not fit together yet; all are asked for anew."""


class Permanent(FetchError):
    """The source answers, but not with what was asked for; a person has to look."""


class Unsafe(FetchError):
    """Nothing was taken: the address or the answer lies outside what is allowed."""
