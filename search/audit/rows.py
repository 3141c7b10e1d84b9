"""From records and counts to the lines of an audit."""

from __future__ import annotations

from collections.abc import Iterable

from search.audit.causes import line_causes
from search.audit.counted import Counted, unmet_vacancies
from search.audit.figures import FieldRow, RoleRow, UnlinkedRow
from search.audit.inputs import OutcomeStage, VacancyFact
from search.audit.lines import SUITABLE, suitable_pairs
from search.audit.measures.age import VacancyAge, vacancy_age
from search.audit.measures.demand import Demand, demand
from search.audit.measures.fill import Fill, fill_rate
from search.audit.measures.funnel import Funnel
from search.audit.measures.ratio import Assessment, Ratio, assessed, gap
from search.audit.measures.supply import Supply
from search.audit.measures.tension import Tension, tension
from search.audit.measures.unmet import Unmet, empty_searches
from search.audit.places import WHOLE

_NOBODY = Supply(0, 0.0, 0, 0)


def role_rows(data: Counted) -> tuple[RoleRow, ...]:
    """Return a line for every role as a whole, and for every place where there is something to count."""
    rows = []
    for role in sorted(data.declared):
        places = {WHOLE, *data.declared[role], *data.qualified[role]}
        for held in (data.lines.open, data.lines.advertised, data.lines.searches):
            places |= {region for number, region in held if number == role}
        rows += [_role_row(data, role, region) for region in sorted(places)]
    return tuple(rows)


def field_rows(data: Counted) -> tuple[FieldRow, ...]:
    """Return a line for every field as a whole, and for every place where there is something to count."""
    rows = []
    for name, roles in data.fields.items():
        declared, qualified = data.declared_of_field[name], data.qualified_of_field[name]
        places = {WHOLE, *declared, *qualified}
        for held in (data.lines.open, data.lines.searches):
            places |= {region for number, region in held if number in set(roles)}
        for region in sorted(places):
            vacancies = [one for role in roles for one in data.lines.open.get((role, region), ())]
            posts, wished = demand(vacancies), declared.get(region, _NOBODY)
            able = qualified.get(region, _NOBODY)
            rows.append(
                FieldRow(
                    field=name,
                    region=region,
                    demand=posts,
                    declared=wished,
                    qualified=able,
                    ratio_declared=_ratio(data, posts, wished),
                    ratio_qualified=_ratio(data, posts, able),
                    gap_declared=gap(posts.posts, wished.people),
                    gap_qualified=gap(posts.posts, able.people),
                    unmet=_unmet(data, roles, region),
                )
            )
    return tuple(rows)


def unlinked_rows(data: Counted) -> tuple[UnlinkedRow, ...]:
    """Return open demand without a role, by place."""
    return tuple(
        UnlinkedRow(region, demand(vacancies))
        for (role, region), vacancies in sorted(
            data.lines.open.items(), key=lambda item: item[0][1]
        )
        if role is None
    )


def _role_row(data: Counted, role: int, region: str) -> RoleRow:
    thresholds = data.prepared.thresholds
    vacancies = data.lines.open.get((role, region), [])
    posts = demand(vacancies)
    declared = data.declared[role].get(region, _NOBODY)
    qualified = data.qualified[role].get(region, _NOBODY)
    age = vacancy_age(vacancies, data.prepared.as_of, thresholds.long_days)
    fill = _fill(data, role, region)
    unmet = _unmet(data, (role,), region)
    of_declared, of_qualified = _ratio(data, posts, declared), _ratio(data, posts, qualified)
    troubled = [data.causes[one.id] for one in vacancies if one.id in data.causes]
    return RoleRow(
        role=role,
        region=region,
        demand=posts,
        declared=declared,
        qualified=qualified,
        ratio_declared=of_declared,
        ratio_qualified=of_qualified,
        gap_declared=gap(posts.posts, declared.people),
        gap_qualified=gap(posts.posts, qualified.people),
        age=age,
        funnel=_funnel(data, vacancies, posts.posts),
        fill=fill,
        unmet=unmet,
        causes=line_causes(posts.posts, troubled, thresholds),
        tension=_tension(data, posts, of_declared, of_qualified, age, fill, unmet),
    )


def _ratio(data: Counted, posts: Demand, people: Supply) -> Ratio:
    thresholds = data.prepared.thresholds
    return assessed(
        posts.posts,
        people.people,
        minimum_posts=thresholds.minimum_posts,
        minimum_people=thresholds.minimum_people,
    )


def _fill(data: Counted, role: int, region: str) -> Fill | None:
    vacancies = data.lines.advertised.get((role, region), [])
    return fill_rate(vacancies, data.lines.outcomes, data.period)


def _unmet(data: Counted, roles: Iterable[int], region: str) -> Unmet:
    held, empty = [], 0
    for role in roles:
        held += unmet_vacancies(data, data.lines.open.get((role, region), ()))
        empty += empty_searches(data.lines.searches.get((role, region), ()), data.period)
    return Unmet(sum(vacancy.posts for vacancy in held), len(held), empty)


def _funnel(data: Counted, vacancies: Iterable[VacancyFact], posts: int) -> Funnel:
    qualification = data.prepared.qualification
    counts = qualification.counts
    matched = qualified = possible = recorded = known = suitable = hired = 0
    for vacancy in vacancies:
        row = qualification.rows[vacancy.id]
        matched += int(counts.matched[row])
        qualified += int(counts.matched_qualified[row])
        possible += int(counts.possible[row])
        told = [
            one for one in data.lines.outcomes.get(vacancy.id, ()) if one.on <= data.prepared.as_of
        ]
        if told:
            recorded += 1
            known += int(counts.matched_qualified[row])
            suitable += len(suitable_pairs(told, SUITABLE))
            hired += len(suitable_pairs(told, frozenset({OutcomeStage.HIRED})))
    some = bool(recorded)
    return Funnel(
        posts=posts,
        matched=matched,
        qualified=qualified,
        possible=possible,
        recorded=recorded,
        qualified_recorded=known,
        shortlisted=suitable if some else None,
        hired=hired if some else None,
    )


def _tension(
    data: Counted,
    posts: Demand,
    of_declared: Ratio,
    of_qualified: Ratio,
    age: VacancyAge,
    fill: Fill | None,
    unmet: Unmet,
) -> Tension:
    ratios = {"posts_per_declared": of_declared, "posts_per_qualified": of_qualified}
    values: dict[str, float | None] = {name: ratio.value for name, ratio in ratios.items()}
    values["median_days_open"] = age.median_days
    values["share_open_long"] = age.share_long
    values["share_unmet"] = unmet.posts / posts.posts if posts.posts else None
    values["unfilled"] = None if fill is None else 1 - fill.rate
    nobody = frozenset(
        name for name, ratio in ratios.items() if ratio.state is Assessment.NO_SEEKERS
    )
    is_assessable = of_declared.state is not Assessment.NOT_ASSESSABLE
    return tension(values, nobody, data.prepared.thresholds, is_assessable=is_assessable)
