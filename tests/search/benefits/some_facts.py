"""Facts of every kind, whatever the shipped conditions ask for."""

from __future__ import annotations

from collections import defaultdict
from random import Random

from hypothesis import strategies as st

from search.benefits.facts import FactValue, Members, OneOf
from taxonomies.benefit_files import load_benefits
from taxonomies.benefits import FACTS, leaves
from taxonomies.facts import FactKind

LEAVES = [leaf for benefit in load_benefits() for leaf in leaves(benefit.conditions)]
#: Every value that a shipped condition names, plus one it does not.
_NAMED: defaultdict[str, set[str]] = defaultdict(lambda: {"other"})
for _leaf in LEAVES:
    _NAMED[_leaf.fact].update(
        _leaf.value if isinstance(_leaf.value, tuple) else (str(_leaf.value),)
    )


def _value(fact: str, chance: Random) -> FactValue:
    named = sorted(_NAMED[fact])
    match FACTS[fact]:
        case FactKind.FLAG:
            return chance.random() < 0.5
        case FactKind.NUMBER:
            return chance.randint(1, 92)
        case FactKind.CODE:
            return chance.choice(named)
        case FactKind.TEXT:
            return chance.choice(["Java高级软件工程师", "裁缝"])
        case FactKind.REGION:
            codes = ["330000", "330100", "330400", "330402", "310000"]
            if chance.random() < 0.5:
                return chance.choice(codes)
            return OneOf(frozenset(chance.sample(codes, chance.randint(1, 5))))
        case FactKind.MEMBERS:
            signs = {name: chance.choice("+-?") for name in named}
            return Members(
                frozenset(name for name, sign in signs.items() if sign == "+"),
                frozenset(name for name, sign in signs.items() if sign == "-"),
            )


def _world(seed: int) -> dict[str, FactValue]:
    chance = Random(seed)
    return {fact: _value(fact, chance) for fact in FACTS}


#: A value for every fact. There are hundreds: drawn one by one they would be too much to shrink.
all_facts = st.integers(0, 2**32).map(_world)

#: Names of facts: all that some measures ask for, so that conditions are decided, and some more.
some_names = st.builds(
    lambda ids, more: (
        {
            leaf.fact
            for benefit in load_benefits()
            if benefit.id in ids
            for leaf in leaves(benefit.conditions)
        }
        | more
    ),
    st.sets(st.sampled_from([benefit.id for benefit in load_benefits()]), max_size=5),
    st.sets(st.sampled_from(sorted(FACTS)), max_size=20),
)
