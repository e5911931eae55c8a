"""Who may take which step with a change, as a truth table."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from policy.domain.workflow import TABLE, Actor, Standing, State, Step, Who, refusal

AUTHOR, CO_EDITOR, SECOND, THIRD = 1, 2, 3, 4
WRITERS = frozenset({AUTHOR, CO_EDITOR})

# From each state, the steps that lead on from it, and where to.
PICTURE = {
    State.DRAFT: {
        Step.SUBMIT: State.SUBMITTED,
        Step.DISCARD: State.DISCARDED,
        Step.PUBLISH_AT_ONCE: State.APPLIED,
    },
    State.RETURNED: {
        Step.SUBMIT: State.SUBMITTED,
        Step.DISCARD: State.DISCARDED,
        Step.PUBLISH_AT_ONCE: State.APPLIED,
    },
    State.SUBMITTED: {
        Step.TAKE_BACK: State.DRAFT,
        Step.RETURN: State.RETURNED,
        Step.APPROVE: State.APPROVED,
    },
    State.APPROVED: {Step.RETURN: State.RETURNED, Step.APPLY: State.APPLIED},
    State.APPLIED: {Step.REVIEW: State.APPLIED},
    State.DISCARDED: {Step.RESTORE: State.DRAFT},
}


def standing(state: State, *, emergency: bool = False, reviewed: bool = False) -> Standing:
    return Standing(state, AUTHOR, WRITERS, emergency, reviewed)


def actor(who: int, *, write: bool = True, approve: bool = True) -> Actor:
    return Actor(who, may_write=write, may_approve=approve)


def test_the_table_is_the_picture() -> None:
    drawn = {state: {s: r.end for s, r in TABLE.items() if state in r.start} for state in State}
    assert drawn == PICTURE


@pytest.mark.parametrize("state", State)
@pytest.mark.parametrize("step", Step)
def test_a_step_is_possible_from_its_states_alone(state: State, step: Step) -> None:
    change = standing(state, emergency=state is State.APPLIED)
    assert (refusal(step, change, actor(SECOND)) is None) == (step in PICTURE[state])


@pytest.mark.parametrize(
    ("who", "approve", "sentence"),
    [
        (AUTHOR, True, "You are the author of this change: a second person has to look at it."),
        (CO_EDITOR, True, "You have a part in this change: another person has to look at it."),
        (SECOND, False, "Only an approver may do this."),
        (SECOND, True, None),
        (THIRD, True, None),
    ],
)
@pytest.mark.parametrize(
    ("step", "state"),
    [
        (Step.APPROVE, State.SUBMITTED),
        (Step.RETURN, State.SUBMITTED),
        (Step.RETURN, State.APPROVED),
        (Step.REVIEW, State.APPLIED),
    ],
)
def test_nobody_is_the_second_pair_of_eyes_for_their_own_words(
    step: Step, state: State, who: int, approve: bool, sentence: str | None
) -> None:
    change = standing(state, emergency=state is State.APPLIED)
    found = refusal(step, change, actor(who, approve=approve))
    assert (found or "").startswith(sentence or "")
    assert (found is None) == (sentence is None)


@pytest.mark.parametrize("step", [s for s, r in TABLE.items() if r.who is Who.WRITER])
def test_a_step_of_the_writers_needs_a_role_that_writes(step: Step) -> None:
    [start, *_] = TABLE[step].start
    refused = refusal(step, standing(start), actor(THIRD, write=False))
    assert refused == "Your role may not write changes of this kind."
    assert refusal(step, standing(start), actor(THIRD)) is None


@pytest.mark.parametrize(
    ("emergency", "reviewed", "possible"),
    [(True, False, True), (True, True, False), (False, False, False)],
)
def test_only_an_emergency_is_reviewed_and_once(
    emergency: bool, reviewed: bool, possible: bool
) -> None:
    change = standing(State.APPLIED, emergency=emergency, reviewed=reviewed)
    assert (refusal(Step.REVIEW, change, actor(SECOND)) is None) is possible


@given(
    state=st.sampled_from(list(State)),
    author=st.integers(1, 5),
    others=st.frozensets(st.integers(1, 5)),
    who=st.integers(1, 5),
)
def test_whoever_wrote_a_word_of_it_never_approves_it(
    state: State, author: int, others: frozenset[int], who: int
) -> None:
    change = Standing(state, author, others | {author})
    if who in change.writers:
        assert refusal(Step.APPROVE, change, actor(who)) is not None
