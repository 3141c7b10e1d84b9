"""What may be answered for a fact: the values that conditions name, with their names in both languages."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache

from search.benefits.knowing import ROLE_CATALOGUE
from search.text.lexicon import label_key
from taxonomies.benefit_files import load_benefits
from taxonomies.benefits import Benefit, named_values
from taxonomies.catalogue import load_catalogue
from taxonomies.facts import Label, load_facts, load_terms
from taxonomies.industries import load_industries
from taxonomies.levels import load_programmes, load_talent_tiers


@dataclass(frozen=True, slots=True)
class Option:
    """One value of a fact and what it is called."""

    value: str
    label: Label


@cache
def options(fact: str) -> tuple[Option, ...]:
    """Return the values of a fact that some measure asks for, in the order of their list or of the text."""
    return _options(fact, load_benefits())


def find_value(fact: str, said: str) -> str | None:
    """Return the value of a fact that a name or id stands for; None where none does."""
    named = {label_key(said)} - {""}
    for option in (*options(fact), *_listed(load_facts()[fact].source)):
        if option.value == said or named & {label_key(option.label.zh), label_key(option.label.en)}:
            return option.value
    return None


def _options(fact: str, benefits: Iterable[Benefit]) -> tuple[Option, ...]:
    named = {value for benefit in benefits for value in named_values(benefit.conditions, fact)}
    source = load_facts()[fact].source
    listed = {option.value: option for option in _listed(source)}
    if source == "catalogues":
        listed |= {tie.value: tie for tie in _catalogues(benefits)}
    if source is not None:
        found = [listed[value] for value in listed if value in named]
        return tuple(found)
    terms = load_terms()
    return tuple(
        Option(value, Label(zh=value, en=terms.get(value, value))) for value in sorted(named)
    )


def _listed(source: str | None) -> tuple[Option, ...]:
    match source:
        case "industries":
            return tuple(
                Option(code, Label(zh=one.zh, en=one.en)) for code, one in load_industries().items()
            )
        case "tiers":
            return tuple(
                Option(one.id, Label(zh=one.label.zh, en=one.label.en))
                for one in load_talent_tiers()
            )
        case "programmes":
            return tuple(
                Option(one.id, Label(zh=one.label.zh, en=one.label.en)) for one in load_programmes()
            )
        case "fields":
            return tuple(
                Option(field.code, Label(zh=field.name.zh, en=field.name.en))
                for field in load_catalogue().fields
            )
        case _:
            return ()


def _catalogues(benefits: Iterable[Benefit]) -> tuple[Option, ...]:
    ties: Mapping[str, Option] = {
        benefit.catalogue.id: Option(benefit.catalogue.id, benefit.catalogue.name)
        for benefit in benefits
        if benefit.catalogue
    }
    annex = load_catalogue().document["annex"]
    return (*ties.values(), Option(ROLE_CATALOGUE, Label(zh=annex, en=annex)))
