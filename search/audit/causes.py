"""Why posts stay open, from the platform's own matches: causes per post, then per line of role and place.

Sources of the list: shortage drivers (long and short training gap, suitability gap; Jobs and Skills
Australia), complementary causes (training-job link, area mismatch, working conditions; Dares, France),
labour shortage against skills shortage (EURES). These offices ask employers; we derive causes from who
qualifies. They do not exclude each other.

A post is in trouble when fewer than k people qualify, are or would go there, and do not wish for more
than it offers; or when it has been open for long. For such a post:

- none_qualified: nobody qualifies anywhere, and no single dropped condition would let k people qualify.
- one_blocking_requirement: fewer than k qualify, and k or more would if one condition were dropped.
- elsewhere: k or more qualify anywhere; fewer than k of them here, those of unknown place included.
- pay: k or more qualify here, and fewer than k of them wish for no more than it offers.
- unclear_posting: the posting does not say what the work is or what is asked for.
- undetermined: in trouble, and none of these.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from search.audit.inputs import ConditionAspect, RequiredCondition
from search.audit.qualification import Qualification, holders
from search.audit.thresholds import Thresholds

#: Posts shown as evidence of a cause in a figure; drilling down gives all.
EXAMPLES = 5


class CauseKind(StrEnum):
    """What keeps a post open, in the order in which it is told."""

    NONE_QUALIFIED = "none_qualified"
    ONE_BLOCKING_REQUIREMENT = "one_blocking_requirement"
    ELSEWHERE = "elsewhere"
    PAY = "pay"
    UNCLEAR_POSTING = "unclear_posting"
    UNDETERMINED = "undetermined"


@dataclass(frozen=True, slots=True)
class ConditionCount:
    """A condition, by its handle, and how many people it is about."""

    condition: str
    people: int


@dataclass(frozen=True, slots=True)
class PostCauses:
    """One post in trouble and the evidence.

    Attributes:
        vacancy_id: of the post.
        posts: that it stands for.
        kinds: what keeps it open, in the order of `CauseKind`.
        qualified: people who meet every condition.
        anywhere: people who meet every condition but those of place.
        here: of these, who is or would go there; `here_unknown` those of whom that is not known.
        above_pay: of these two, who wishes for more than it offers.
        without: per blocking condition, who would qualify if it were dropped; most first.
        holders: where nobody qualifies, how many meet each condition by itself; fewest first.
        flags: what the posting leaves out.
    """

    vacancy_id: str
    posts: int
    kinds: tuple[CauseKind, ...]
    qualified: int
    anywhere: int
    here: int
    here_unknown: int
    above_pay: int
    without: tuple[ConditionCount, ...] = ()
    holders: tuple[ConditionCount, ...] = ()
    flags: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Blocking:
    """A named requirement: the open posts of a line that it alone keeps from having k people."""

    condition: str
    posts: int
    vacancies: int


@dataclass(frozen=True, slots=True)
class Cause:
    """A cause of one line.

    Attributes:
        kind: which.
        posts: open posts that it touches.
        vacancies: postings that they stand in.
        share: of the line's open posts.
        blocking: for one blocking requirement, which ones, most posts first; else empty.
        examples: evidence, the vacancies with most posts first.
    """

    kind: CauseKind
    posts: int
    vacancies: int
    share: float
    blocking: tuple[Blocking, ...]
    examples: tuple[PostCauses, ...]


def post_causes(
    qualification: Qualification, as_of: date, thresholds: Thresholds
) -> dict[str, PostCauses]:
    """Return the causes of every post that is in trouble, by vacancy id."""
    counted: dict[RequiredCondition, int] = {}

    def hold(condition: RequiredCondition) -> int:
        if condition not in counted:
            counted[condition] = holders(qualification.population, condition)
        return counted[condition]

    found = (
        _causes(numbers, row, qualification, as_of, thresholds, hold)
        for numbers in [_numbers(qualification)]
        for row in range(len(qualification.posts))
    )
    return {one.vacancy_id: one for one in found if one is not None}


def line_causes(
    posts_of_line: int, troubled: Iterable[PostCauses], thresholds: Thresholds
) -> tuple[Cause, ...]:
    """Return the causes that touch at least the threshold's share of a line's open posts.

    Args:
        posts_of_line: D.
        troubled: its posts that are in trouble.
        thresholds: `cause_share`.
    """
    held = sorted(troubled, key=lambda one: (-one.posts, one.vacancy_id))
    causes = []
    for kind in CauseKind:
        touched = [one for one in held if kind in one.kinds]
        posts = sum(one.posts for one in touched)
        share = posts / posts_of_line if posts_of_line else 0.0
        if touched and share >= thresholds.cause_share:
            blocking = _blocking(touched) if kind is CauseKind.ONE_BLOCKING_REQUIREMENT else ()
            examples = tuple(touched[:EXAMPLES])
            causes.append(Cause(kind, posts, len(touched), share, blocking, examples))
    return tuple(causes)


def _blocking(touched: Iterable[PostCauses]) -> tuple[Blocking, ...]:
    posts: dict[str, int] = {}
    vacancies: dict[str, int] = {}
    for one in touched:
        for named in one.without:
            posts[named.condition] = posts.get(named.condition, 0) + one.posts
            vacancies[named.condition] = vacancies.get(named.condition, 0) + 1
    order = sorted(posts, key=lambda condition: (-posts[condition], condition))
    return tuple(Blocking(name, posts[name], vacancies[name]) for name in order)


def _numbers(qualification: Qualification) -> Mapping[str, list[int]]:
    counts = qualification.counts
    names = ("qualified", "anywhere", "here", "here_unknown", "above")
    return {name: getattr(counts, name).tolist() for name in names}


def _causes(
    numbers: Mapping[str, list[int]],
    row: int,
    qualification: Qualification,
    as_of: date,
    thresholds: Thresholds,
    hold: Callable[[RequiredCondition], int],
) -> PostCauses | None:
    vacancy, enough = qualification.posts[row].vacancy, thresholds.enough
    qualified, anywhere, here, here_unknown, above = (column[row] for column in numbers.values())
    reach = here + here_unknown
    days = vacancy.days_open(as_of)
    is_long = days is not None and days > thresholds.long_days
    if reach - above >= enough and not is_long:
        return None
    without = _without(qualification, row, enough) if qualified < enough else ()
    checks = {
        CauseKind.NONE_QUALIFIED: not anywhere and not without,
        CauseKind.ONE_BLOCKING_REQUIREMENT: bool(without),
        CauseKind.ELSEWHERE: anywhere >= enough > reach,
        CauseKind.PAY: reach >= enough > reach - above,
        CauseKind.UNCLEAR_POSTING: not vacancy.is_clear,
    }
    kinds = tuple(kind for kind, holds in checks.items() if holds) or (CauseKind.UNDETERMINED,)
    is_none = CauseKind.NONE_QUALIFIED in kinds
    alone = [ConditionCount(one.handle, hold(one)) for one in vacancy.required] if is_none else []
    return PostCauses(
        vacancy_id=vacancy.id,
        posts=vacancy.posts,
        kinds=kinds,
        qualified=qualified,
        anywhere=anywhere,
        here=here,
        here_unknown=here_unknown,
        above_pay=above,
        without=without,
        holders=tuple(sorted(alone, key=lambda one: (one.people, one.condition))),
        flags=vacancy.flags,
    )


def _without(qualification: Qualification, row: int, enough: int) -> tuple[ConditionCount, ...]:
    """Return the conditions, those of place apart, without which enough people would qualify."""
    found = _dropped(qualification, row, enough)
    return tuple(sorted(found, key=lambda one: (-one.people, one.condition)))


def _dropped(qualification: Qualification, row: int, enough: int) -> Iterator[ConditionCount]:
    required = qualification.posts[row].vacancy.required
    # Rows of `dropped` may be wider: there is nothing beyond the last condition.
    for condition, people in zip(
        required, qualification.counts.dropped[row].tolist(), strict=False
    ):
        is_place = condition.aspect is ConditionAspect.PLACE and not condition.banned
        if people >= enough and not is_place:
            yield ConditionCount(condition.handle, people)
