"""Facts of every kind, whatever the shipped conditions ask for."""

from __future__ import annotations

from hypothesis import strategies as st

from search.benefits.facts import FactValue, Members, OneOf
from taxonomies.benefit_files import load_benefits
from taxonomies.benefits import FACTS, leaves
from taxonomies.facts import FactKind

# Every value that a shipped condition names, plus one it does not.
LEAVES = [leaf for benefit in load_benefits() for leaf in leaves(benefit.conditions)]


def _values(fact: str) -> st.SearchStrategy[FactValue]:
    named: set[str] = {"other"}
    for leaf in LEAVES:
        if leaf.fact == fact:
            named.update(leaf.value if isinstance(leaf.value, tuple) else [str(leaf.value)])
    match FACTS[fact]:
        case FactKind.FLAG:
            return st.booleans()
        case FactKind.NUMBER:
            return st.integers(1, 92)
        case FactKind.CODE:
            return st.sampled_from(sorted(named))
        case FactKind.TEXT:
            return st.sampled_from(["Java高级软件工程师", "裁缝"])
        case FactKind.REGION:
            codes = st.sampled_from(["330000", "330100", "330400", "330402", "310000"])
            return codes | st.frozensets(codes, min_size=1).map(OneOf)
        case FactKind.MEMBERS:
            return st.fixed_dictionaries({name: st.sampled_from("+-?") for name in named}).map(
                lambda signs: Members(
                    frozenset(name for name, sign in signs.items() if sign == "+"),
                    frozenset(name for name, sign in signs.items() if sign == "-"),
                )
            )


all_facts = st.fixed_dictionaries({fact: _values(fact) for fact in FACTS})
