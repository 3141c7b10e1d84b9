"""What of an audit may leave the office: posts and seekers by role and city, protected, with a ledger.

What leaves of a day is made once: asked again, the same figures come, whatever the records say by then.
A corrected count of the same day would show whom the correction is about.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from search.audit.counted import Counted
from search.audit.disclosure.dimensions import Dimension
from search.audit.disclosure.export import Measure, audit_export
from search.audit.disclosure.ledger import Release, ReleaseLedger
from search.audit.disclosure.protection import ProtectedTable
from search.audit.disclosure.rule import Rule
from search.audit.people import declared_sets, people_of
from search.audit.places import OUTSIDE, UNKNOWN_PLACE, WHOLE, city_of
from search.audit.prepared import role_of
from search.records.models import Vacancy
from taxonomies.catalogue import load_catalogue
from taxonomies.regions import load_regions

if TYPE_CHECKING:
    from api.access import Access
    from api.audit.question import AuditQuestion
    from search.audit.inputs import VacancyFact

POSTS, SEEKERS = "posts", "seekers_declared"
ALL, PROVINCE = "all", "province"
_BATCH = 500


@dataclass(frozen=True)
class PublicFigures:
    """The figures that left.

    Attributes:
        rule: thresholds and rounding.
        posts, seekers: by role (or field, or all) and city (or the province); None where hidden.
        held: cells that repeat the figure of an earlier day, of both.
    """

    rule: Rule
    posts: Mapping[tuple[str, str], int | None]
    seekers: Mapping[tuple[str, str], int | None]
    held: int

    @property
    def cells(self) -> int:
        """How many cells there are of both."""
        return len(self.posts) + len(self.seekers)

    @property
    def hidden(self) -> int:
        """How many of them have no figure."""
        return sum(value is None for held in (self.posts, self.seekers) for value in held.values())

    def gap(self, cell: tuple[str, str]) -> int | None:
        """Return posts less seekers, of the figures that left."""
        posts, seekers = self.posts.get(cell), self.seekers.get(cell)
        return None if posts is None or seekers is None else posts - seekers

    def ratio(self, cell: tuple[str, str]) -> float | None:
        """Return posts per seeker, of the figures that left."""
        posts, seekers = self.posts.get(cell), self.seekers.get(cell)
        return None if posts is None or not seekers else round(posts / seekers, 2)


def dimensions() -> tuple[Dimension, Dimension, Dimension]:
    """Return the publication lattice: roles of posts, roles that people seek, cities."""
    parents = {str(role.number): role.field.code for role in load_catalogue().roles}
    parents |= {
        field.code: ALL for field in load_catalogue().fields if field.code in parents.values()
    }
    cities = [code for code, region in load_regions().items() if region.level == "city"]
    places = dict.fromkeys([*cities, UNKNOWN_PLACE, OUTSIDE], PROVINCE)
    return (
        Dimension("role", parents),
        # Who chose three roles is one person of their field, and of all.
        Dimension("sought", parents, overlapping=True),
        Dimension("city", places),
    )


def released(access: Access, asked: AuditQuestion) -> PublicFigures:
    """Return the figures of a day that may leave; the first time they are written into the ledger.

    Args:
        access: an officer, who decides that they leave.
        asked: of which day; role, field and place are not looked at.

    Raises:
        DisclosureError: the ledger is damaged, or refuses.
    """
    data = access.bole.audits.audit(asked.as_of, asked.period).data
    roles, sought, city = dimensions()

    def act(ledger: ReleaseLedger | None) -> tuple[PublicFigures, ReleaseLedger]:
        ledger = ledger or ReleaseLedger(Rule(), (roles, sought, city))
        tables: dict[str, ProtectedTable] = {}
        for name, axes in ((POSTS, (roles, city)), (SEEKERS, (sought, city))):
            found = _left(ledger, name, asked)
            if found is None:
                is_posts = name == POSTS
                made = audit_export(
                    list(post_rows(access, data) if is_posts else seeker_rows(data)),
                    axes,
                    [Measure(name, "employers" if is_posts else None)],
                    ledger=ledger,
                    as_of=asked.as_of,
                )
                assert made.ledger is not None
                ledger = made.ledger
                found = _left(ledger, name, asked)
            assert found is not None
            tables[name] = found.protected
        return _figures(ledger.rule, tables), ledger

    return access.bole.audit_stores.releases.release(act)


def _left(ledger: ReleaseLedger, name: str, asked: AuditQuestion) -> Release | None:
    """Return what left of a subject of that day."""
    return next(
        (one for one in ledger.releases if (one.subject, one.as_of) == (name, asked.as_of)), None
    )


def _figures(rule: Rule, tables: Mapping[str, ProtectedTable]) -> PublicFigures:
    def plain(table: ProtectedTable) -> dict[tuple[str, str], int | None]:
        return {(place[0], place[1]): value for place, value in table.values.items()}

    held = sum(len(table.held) for table in tables.values())
    return PublicFigures(rule, plain(tables[POSTS]), plain(tables[SEEKERS]), held)


def post_rows(access: Access, data: Counted) -> Iterator[dict[str, object]]:
    """Yield posts and employers of every cell of the lattice that has any, margins included."""
    thresholds = data.prepared.thresholds
    known = {role.number: role.field.code for role in load_catalogue().roles}
    posts: defaultdict[tuple[str, str], int] = defaultdict(int)
    employers: defaultdict[tuple[str, str], set[str]] = defaultdict(set)
    names = _employers(access, [post.vacancy for post in data.prepared.qualification.posts])
    for post in data.prepared.qualification.posts:
        vacancy = post.vacancy
        role = role_of(vacancy, thresholds)
        if role is None or role not in known:
            continue
        for level in (str(role), known[role], ALL):
            for place in (city_of(vacancy.region), PROVINCE):
                posts[level, place] += vacancy.posts
                employers[level, place].add(names.get(vacancy.id, vacancy.owner))
    for (level, place), count in posts.items():
        yield {
            "role": level,
            "city": place,
            POSTS: count,
            "employers": len(employers[level, place]),
        }


def seeker_rows(data: Counted) -> Iterator[dict[str, object]]:
    """Yield the people of every cell of the lattice; of a margin each once."""
    prepared = data.prepared
    population = prepared.qualification.population
    stale = prepared.thresholds.stale_days
    people = people_of(population, declared_sets(population), prepared.as_of, stale)
    roles = load_catalogue().roles
    fields: defaultdict[str, list[int]] = defaultdict(list)
    for role in roles:
        fields[role.field.code].append(role.number)
    groups = {
        **{str(role.number): [role.number] for role in roles},
        **fields,
        ALL: [role.number for role in roles],
    }
    _, sought, city = dimensions()
    for level in sought.values:
        held = people.supplies_of(groups[level])
        for place in city.values:
            supply = held.get(WHOLE if place == PROVINCE else place)
            yield {"sought": level, "city": place, SEEKERS: supply.people if supply else 0}


def _employers(access: Access, vacancies: list[VacancyFact]) -> dict[str, str]:
    """Return what stands for the employer of each vacancy.

    An employer's account is one employer, whatever its postings say; offices, and whoever loaded records
    before there were accounts, post for the employers that they name.
    """
    accounts, store = access.bole.accounts, access.bole.store
    kinds = {one.id: one.kind for one in accounts.organisations()}
    found: dict[str, str] = {}
    for start in range(0, len(vacancies), _BATCH):
        some = [vacancy.id for vacancy in vacancies[start : start + _BATCH]]
        for stored in store.get_many(some).values():
            named = stored.record.employer if isinstance(stored.record, Vacancy) else None
            is_own = kinds.get(stored.owner) == "employer"
            found[stored.id] = (
                stored.owner if is_own or not named else "".join(named.split()).lower()
            )
    return found
