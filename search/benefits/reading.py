"""Facts as people and programs write them: nested or dotted names, ids or names in either language.

{"place": "嘉兴", "person": {"newly_hired": true, "tiers": ["高层次人才"]}, "role": {"title": "Java高级软件工程师"}}
"""

from __future__ import annotations

import difflib
from collections.abc import Callable, Iterator, Mapping, Sequence

from search.benefits.facts import FactError, FactValue, Members, OneOf
from search.benefits.options import find_value, options
from search.text.lexicon import label_key
from taxonomies.benefits import FACTS
from taxonomies.facts import FactKind
from taxonomies.regions import load_elsewhere, load_regions

#: Short ways of writing a fact.
_SHORT = {"place": "place.region", "region": "place.region", "role": "role.number"}
_YES = {"true", "yes", "是", "有", "1", "y"}
_NO = {"false", "no", "否", "无", "没有", "0", "n"}
_Reader = Callable[[str, str], str]
_MEMBERS = ("held", "lacking")


def read_facts(given: Mapping[str, object]) -> dict[str, FactValue]:
    """Read facts; null and the empty text mean that nothing is known.

    Args:
        given: dotted names, or objects by subject; see the head of this module.

    Raises:
        FactError: a name is no fact, or a value does not fit it; the message says what does.
    """
    found: dict[str, FactValue] = {}
    for name, value in _flat(given):
        if value is None or value == "" or value == []:
            continue
        if name in FACTS:
            found[name] = _read(name, value)
        else:
            near = difflib.get_close_matches(name, FACTS, n=3)
            hint = f"did you mean {' or '.join(near)}?" if near else "they are listed by"
            raise FactError(
                f"no fact is called {name!r}; {hint} "
                "GET /v1/benefits/facts (or `bole benefits facts`) lists them all",
                known=near or list(FACTS)[:5],
            )
    return found


def _flat(given: Mapping[str, object], before: str = "") -> Iterator[tuple[str, object]]:
    for key, value in given.items():
        name = f"{before}{key}"
        is_members = name in FACTS and FACTS[name] is FactKind.MEMBERS
        if isinstance(value, Mapping) and not is_members:
            yield from _flat(value, f"{name}.")
        else:
            yield _SHORT.get(name, name), value


def _read(name: str, value: object) -> FactValue:
    match FACTS[name]:
        case FactKind.FLAG:
            return _flag(name, value)
        case FactKind.NUMBER:
            return _number(name, value)
        case FactKind.CODE:
            return _one_or_several(name, value, _value)
        case FactKind.TEXT:
            return _texts(name, [value])[0]
        case FactKind.REGION:
            return _one_or_several(name, value, _region)
        case FactKind.MEMBERS:
            return _members(name, value)


def _flag(name: str, value: object) -> bool:
    if isinstance(value, bool):
        return value
    word = str(value).strip().lower()
    if word in _YES | _NO:
        return word in _YES
    raise FactError(f"{name} was given {value!r}; it takes true or false", name, "flag")


def _number(name: str, value: object) -> int | float:
    if isinstance(value, int | float) and not isinstance(value, bool):
        return value
    try:
        return int(str(value)) if str(value).strip().lstrip("-").isdigit() else float(str(value))
    except ValueError as error:
        raise FactError(f"{name} was given {value!r}; it takes a number", name, "number") from error


def _one_or_several(name: str, value: object, read: _Reader) -> str | OneOf:
    if isinstance(value, str):
        return read(name, value)
    return OneOf(frozenset(read(name, each) for each in _texts(name, value)))


def _members(name: str, value: object) -> Members:
    if isinstance(value, Mapping):
        unknown = set(value) - set(_MEMBERS)
        if unknown:
            raise FactError(
                f"{name} was given {', '.join(sorted(map(str, unknown)))}; "
                "an object holds `held` and `lacking`, each a list",
                name,
                "members",
            )
        held, lacking = (
            frozenset(_value(name, each) for each in _texts(name, value.get(key) or []))
            for key in _MEMBERS
        )
        try:
            return Members(held, lacking)
        except FactError as error:
            raise FactError(f"{name}: {error}", name, error.fault, error.known) from None
    several = [value] if isinstance(value, str) else _texts(name, value)
    return Members(frozenset(_value(name, each) for each in several))


def _texts(name: str, value: object) -> Sequence[str]:
    if isinstance(value, list | tuple) and all(isinstance(each, str) for each in value):
        return value
    raise FactError(f"{name} was given {value!r}; it takes a text or a list of texts", name, "text")


def _value(name: str, said: str) -> str:
    found = find_value(name, said)
    if found is None:
        known = [f"{one.value} ({one.label.zh})" for one in options(name)]
        near = difflib.get_close_matches(said, known, n=5, cutoff=0.2) or known[:8]
        raise FactError(
            f"{name} was given {said!r}, which no measure asks for; "
            f"it takes for example {', '.join(near)}",
            name,
            "value",
            near,
        )
    return found


def _region(name: str, said: str) -> str:
    regions = {**load_regions(), **load_elsewhere()}
    if said in regions:
        return said
    key = label_key(said)
    for code, region in regions.items():
        names = (region.label.zh, region.label.en, *region.aliases_zh, *region.aliases_en)
        if key in map(label_key, names):
            return code
    raise FactError(
        f"{name} was given {said!r}, which is no region that Bole knows; "
        "give a name or a code of `bole taxonomy regions`",
        name,
        "region",
    )
