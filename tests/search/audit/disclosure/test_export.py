"""Audit rows in, what may leave of them out."""

from __future__ import annotations

from datetime import date

import pytest

from search.audit.disclosure.dimensions import Dimension
from search.audit.disclosure.errors import DisclosureError
from search.audit.disclosure.export import Measure, audit_export
from search.audit.disclosure.ledger import ReleaseLedger
from search.audit.disclosure.measures import Derived
from search.audit.disclosure.rule import Rule

ROLE = Dimension("role", {"1": "ai", "2": "ai", "3": "energy", "ai": "all", "energy": "all"})
REGION = Dimension.flat("region", ["330100", "330200"], root="330000")
MEASURES = (Measure("demand", "employers"), Measure("seekers_declared"))
DERIVED = (
    Derived("gap", "difference", ("demand", "seekers_declared")),
    Derived("ratio", "ratio", ("demand", "seekers_declared")),
)
ROWS = [
    {"role": role, "region": region, "demand": d, "employers": e, "seekers_declared": s}
    for role, region, d, e, s in [
        ("1", "330100", 61, 12, 31),
        ("1", "330200", 43, 8, 28),
        ("2", "330100", 57, 9, 4),
        ("2", "330200", 33, 5, 44),
        ("3", "330100", 29, 6, 23),
        ("3", "330200", 71, 2, 50),
    ]
]


def line(export, role, region):
    (found,) = (row for row in export.rows if row.coordinates == {"role": role, "region": region})
    return found


def test_every_cell_of_the_lattice_has_a_row_with_codes():
    export = audit_export(ROWS, (ROLE, REGION), MEASURES, derived=DERIVED)

    assert len(export.rows) == export.notes.cells == 6 * 3
    whole = line(export, "1", "330100")
    assert whole.values["demand"] == 60
    assert whole.codes["demand"] == "released"
    few = line(export, "2", "330100")
    assert few.values["seekers_declared"] is few.values["gap"] is few.values["ratio"] is None
    assert few.codes["gap"] == few.codes["seekers_declared"] == "suppressed"
    assert export.reasons["seekers_declared"]["2", "330100"] == "few-persons"
    assert export.reasons["demand"]["3", "330200"] == "few-employers"
    assert export.notes.rule == Rule()
    for name in ("demand", "seekers_declared", "gap", "ratio"):
        hidden = sum(row.values[name] is None for row in export.rows)
        assert export.notes.suppressed[name] == hidden > 0


def test_derived_figures_are_made_of_what_leaves():
    export = audit_export(ROWS, (ROLE, REGION), MEASURES, derived=DERIVED)
    made = 0
    for row in export.rows:
        demand, seekers = row.values["demand"], row.values["seekers_declared"]
        if demand is None or seekers is None:
            assert row.values["gap"] is row.values["ratio"] is None
        else:
            assert row.values["gap"] == demand - seekers
            assert row.values["ratio"] == round(demand / seekers, 2)
            made += 1
    assert made


def test_the_rows_do_not_say_why_a_figure_is_hidden():
    export = audit_export(ROWS, (ROLE, REGION), MEASURES, derived=DERIVED)
    codes = {code for row in export.rows for code in row.codes.values()}
    assert codes == {"released", "suppressed"}


def test_a_later_day_repeats_figures_that_changed_little():
    book = ReleaseLedger(Rule(), (ROLE, REGION))
    first = audit_export(ROWS, (ROLE, REGION), MEASURES, ledger=book, as_of=date(2026, 3, 1))
    later = [{**row, "demand": row["demand"] + 3} for row in ROWS]
    second = audit_export(
        later,
        (ROLE, REGION),
        MEASURES,
        derived=DERIVED,
        ledger=first.ledger,
        as_of=date(2026, 4, 1),
    )

    assert line(second, "1", "330100").values["demand"] == 60
    assert line(second, "1", "330100").codes["demand"] == "held"
    assert line(second, "1", "330100").codes["gap"] == "held"
    assert second.notes.held["demand"] > 0
    assert len(second.ledger.releases) == 4
    assert book.releases == ()


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"role": "9"}, "row 2: role is '9'"),
        ({"role": None}, "row 2: role is None"),
        ({"role": ["1"]}, "row 2: role is"),
        ({"demand": -1}, "row 2: demand is -1"),
        ({"demand": 1.5}, "row 2: demand is 1.5"),
        ({"demand": True}, "row 2: demand is True"),
        ({"employers": None}, "row 2: employers is None"),
        ({"region": "330100"}, "row 2: .* was given before"),
    ],
)
def test_a_bad_row_is_named(change, message):
    rows = [ROWS[0], {**ROWS[1], **change}, *ROWS[2:]]
    with pytest.raises(DisclosureError, match=message):
        audit_export(rows, (ROLE, REGION), MEASURES)


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        ({"measures": ()}, "at least one measure"),
        ({"measures": (Measure("demand"), Measure("demand"))}, "two figures"),
        ({"derived": (Derived("gap", "difference", ("demand", "hires")),)}, "hires"),
        ({"ledger": ReleaseLedger(Rule(), (ROLE, REGION))}, "as_of"),
        (
            {
                "ledger": ReleaseLedger(Rule(), (ROLE, REGION)),
                "as_of": date(2026, 3, 1),
                "rule": Rule(k_persons=5),
            },
            "rule of its own",
        ),
    ],
)
def test_a_bad_request_says_what_is_wrong(wrong, message):
    request = {"measures": MEASURES, **wrong}
    with pytest.raises(DisclosureError, match=message):
        audit_export(ROWS, (ROLE, REGION), **request)


def test_no_rows_is_a_table_of_nobody():
    export = audit_export([], (ROLE, REGION), MEASURES)
    assert all(row.values["demand"] is None for row in export.rows)
