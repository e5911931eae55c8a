"""When a list that shrinks is more likely damaged than amended."""

# A real revision has never ended more than a few entries in a hundred of a list.
LARGEST_LOSS = 0.10


def is_beyond_reason(lost: int, standing: int, *, alarm: int) -> bool:
    """Whether a person has to look before ``lost`` of ``standing`` entries end.

    Fewer than ``alarm`` may go from a small list without its being damaged.
    """
    return lost >= alarm and lost > standing * LARGEST_LOSS
