"""All measures and catalogues that an installation knows: those shipped, and those its offices added."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property, lru_cache
from pathlib import Path

from search.benefits.facts import Facts, FactValue, OneOf
from search.benefits.knowing import known
from search.benefits.screening import Screened, screen, usefulness
from search.benefits.standing import Standing, in_force
from search.benefits.verdicts import Truth
from taxonomies.benefit_files import load_benefits
from taxonomies.benefits import Benefit, leaves, named_values
from taxonomies.catalogue import load_catalogue
from taxonomies.industries import wider
from taxonomies.office_benefits import load_versions
from taxonomies.office_catalogues import OfficeCatalogue, load_catalogues


@dataclass(frozen=True, eq=False)
class Book:
    """The measures by id, each with its versions, the oldest first, and the catalogues that are held."""

    versions: Mapping[str, tuple[Benefit, ...]]
    catalogues: tuple[OfficeCatalogue, ...] = ()
    _by_role: dict[object, tuple[Screened, ...]] = field(
        default_factory=dict, init=False, repr=False
    )

    def benefits(self, as_of: date) -> tuple[Benefit, ...]:
        """Return the version of every measure that counts on a day, ordered by id.

        That is the newest one in force then; where none is, the newest.
        """
        return tuple(_version(self.versions[key], as_of) for key in sorted(self.versions))

    @cached_property
    def _asked(self) -> frozenset[str]:
        """The facts that some version of some measure asks for."""
        return frozenset(
            leaf.fact
            for versions in self.versions.values()
            for benefit in versions
            for leaf in leaves(benefit.conditions)
        )

    def known(self, facts: Facts, as_of: date) -> dict[str, FactValue]:
        """Return facts with what follows from them on a day."""
        return known(facts, [held for held in self.catalogues if held.holds_on(as_of)])

    def screen(self, facts: Facts, as_of: date) -> tuple[Screened, ...]:
        """Return every measure with its standing, the most useful first. See `screening.screen`."""
        found = screen(self.benefits(as_of), self.known(facts, as_of), as_of)
        return tuple(sorted(found, key=usefulness))

    def one(self, benefit_id: str, as_of: date) -> Screened:
        """Return a measure with its standing while nothing is known.

        Raises:
            KeyError: there is none of this id.
        """
        (found,) = screen([_version(self.versions[benefit_id], as_of)], {}, as_of)
        return found

    def for_role(
        self, role_number: int, region_codes: Iterable[str] = (), *, as_of: date
    ) -> tuple[Screened, ...]:
        """Return the measures that a role of the catalogue raises, the most useful first.

        Measures of another place or of industries that have nothing to do with the role's field are left
        out; ended, planned and encouraged ones are kept and say so.

        Args:
            role_number: the row of the catalogue.
            region_codes: the places of the query, any of which will do; none means none is known.
            as_of: the day whose standing is asked for.

        Raises:
            FactError: a region code has not six digits.
            TypeError: `as_of` carries a time of day.
        """
        places = frozenset(region_codes)
        facts = self.known(
            {"role.number": role_number, "place.region": OneOf(places) if places else None}, as_of
        )
        near = _near(role_number)
        # Where no measure asks for the row itself, the rows of a field share an answer.
        known = frozenset((name, value) for name, value in facts.items() if name in self._asked)
        key = (known, near, as_of)
        if key not in self._by_role:
            if len(self._by_role) >= KEPT:
                self._by_role.clear()
            concerned = [one for one in self.benefits(as_of) if _concerns(one, near)]
            found = screen(concerned, dict(known), as_of)
            fitting = [one for one in found if one.standing is not Standing.DOES_NOT_APPLY]
            self._by_role[key] = tuple(sorted(fitting, key=usefulness))
        return self._by_role[key]


#: Answers of `for_role` that are kept.
KEPT = 512
#: The later documents (001, 002) speak of the digital economy where 000 speaks of the information economy.
#: Neither says that one is part of the other: so this decides what is shown, never a condition.
_ALSO_SHOWN = frozenset({"digital-economy"})


def _near(role_number: int) -> frozenset[str]:
    """Return the industries to whose measures a role leads."""
    role = load_catalogue().role(role_number)
    return (wider((role.field.code,)) | _ALSO_SHOWN) if role else frozenset()


def _concerns(benefit: Benefit, industries: frozenset[str]) -> bool:
    named = named_values(benefit.conditions, "employer.industry")
    return not named or not industries.isdisjoint(named)


def _version(versions: tuple[Benefit, ...], as_of: date) -> Benefit:
    current = [one for one in versions if in_force(one.period, as_of) is not Truth.FALSE]
    return (current or versions)[-1]


def open_book(folder: Path | None = None) -> Book:
    """Return the measures shipped with Bole, and those below a folder; a change there shows at once.

    An office's version of a shipped measure is its next version.

    Raises:
        BenefitFileError: a file was damaged.
    """
    if folder is None or not folder.is_dir():
        return _shipped()
    return _opened(folder, _state(folder))


@lru_cache(maxsize=1)
def _shipped() -> Book:
    return Book({benefit.id: (benefit,) for benefit in load_benefits()})


@lru_cache(maxsize=4)
def _opened(folder: Path, _state: tuple[tuple[str, int], ...]) -> Book:
    versions = dict(_shipped().versions)
    for key, more in load_versions(folder / "benefits").items():
        versions[key] = (*versions.get(key, ()), *more)
    return Book(versions, load_catalogues(folder / "catalogues"))


def _state(folder: Path) -> tuple[tuple[str, int], ...]:
    """Return what changes whenever a file is added: versions are never rewritten."""
    return tuple(
        sorted(
            (str(path), path.stat().st_mtime_ns) for path in folder.glob("*/*/*") if path.is_file()
        )
    )
