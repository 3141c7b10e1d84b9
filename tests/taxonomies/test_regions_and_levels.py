"""The places, industries, levels and programmes: codes agree with each other, quotes with the sources."""

from __future__ import annotations

import csv
import re
from collections import Counter
from pathlib import Path

import pytest

DATA = Path(__file__).parents[2] / "taxonomies" / "data"
REGIONS = DATA / "regions" / "2026.11"
LEVELS = DATA / "levels" / "2026.11"
SOURCES = DATA / "sources" / "2026.11"
FIELDS = REGIONS / ".." / ".." / "catalogue" / "zhejiang-2017" / "fields.csv"

Row = dict[str, str]

#: Districts, counties and county-level cities in force, as the province's cities have them since April 2021.
DISTRICTS_PER_CITY = {
    "330100": 13,
    "330200": 10,
    "330300": 12,
    "330400": 7,
    "330500": 5,
    "330600": 6,
    "330700": 9,
    "330800": 6,
    "330900": 4,
    "331000": 9,
    "331100": 9,
}

#: Codes that are easily got wrong: the Hangzhou changes of 2021 and counties that became cities or districts.
KNOWN_CODES = {
    "330102": "上城区",
    "330105": "拱墅区",
    "330106": "西湖区",
    "330108": "滨江区",
    "330109": "萧山区",
    "330110": "余杭区",
    "330111": "富阳区",
    "330112": "临安区",
    "330113": "临平区",
    "330114": "钱塘区",
    "330122": "桐庐县",
    "330127": "淳安县",
    "330182": "建德市",
    "330212": "鄞州区",
    "330383": "龙港市",
    "331083": "玉环市",
    "330782": "义乌市",
    "331127": "景宁畲族自治县",
}

KINDS = {"talent-programme", "team-programme", "platform", "fund", "award", "card"}


def read(path: Path) -> list[Row]:
    """Return the rows of one CSV file."""
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file, strict=True))


def values(cell: str) -> list[str]:
    """Return the values of a cell, which `|` separates."""
    return cell.split("|") if cell else []


def labels(row: Row) -> list[str]:
    """Return every label of a row."""
    names = [row["label_zh"], row["label_en"]]
    return names + values(row["aliases_zh"]) + values(row.get("aliases_en", ""))


def compared(label: str) -> str:
    """Return a label as labels are compared: lower case, no blanks."""
    return re.sub(r"\s", "", label).lower()


def clashes(rows: list[Row], key: str) -> list[tuple[str, set[str]]]:
    """Return the labels that belong to more than one row."""
    owners: dict[str, set[str]] = {}
    for row in rows:
        for label in labels(row):
            owners.setdefault(compared(label), set()).add(row[key])
    return [(label, owned) for label, owned in owners.items() if len(owned) > 1]


def source(name: str) -> str:
    """Return a source document, line ends as they are."""
    return (SOURCES / name).read_bytes().decode("utf-8")


@pytest.fixture(scope="module")
def regions() -> dict[str, Row]:
    return {row["code"]: row for row in read(REGIONS / "regions.csv")}


def current_districts(regions: dict[str, Row]) -> list[Row]:
    return [
        row for row in regions.values() if row["level"] == "district" and not row["valid_until"]
    ]


class TestRegions:
    def test_codes_are_six_digits_and_unique(self) -> None:
        codes = [row["code"] for row in read(REGIONS / "regions.csv")]
        assert [code for code in codes if not re.fullmatch(r"33\d{4}", code)] == []
        assert [code for code, count in Counter(codes).items() if count > 1] == []

    def test_one_province_eleven_cities(self, regions: dict[str, Row]) -> None:
        assert [row["code"] for row in regions.values() if row["level"] == "province"] == ["330000"]
        cities = sorted(row["code"] for row in regions.values() if row["level"] == "city")
        assert cities == [f"33{number:02}00" for number in range(1, 12)]

    def test_ninety_districts_in_force(self, regions: dict[str, Row]) -> None:
        current = current_districts(regions)
        assert len(current) == 90
        assert Counter(row["parent"] for row in current) == DISTRICTS_PER_CITY

    def test_known_codes(self, regions: dict[str, Row]) -> None:
        assert {code: regions[code]["label_zh"] for code in KNOWN_CODES} == KNOWN_CODES

    def test_a_code_begins_with_its_parents(self, regions: dict[str, Row]) -> None:
        for row in regions.values():
            match row["level"]:
                case "province":
                    assert row["parent"] == ""
                case "city":
                    assert row["parent"] == "330000"
                    assert row["code"].endswith("00")
                case "district":
                    assert regions[row["parent"]]["level"] == "city"
                    assert row["code"][:4] == row["parent"][:4]
                case other:
                    pytest.fail(
                        f"{row['code']}: level {other!r} is not one of province, city, district"
                    )

    def test_the_third_pair_tells_districts_counties_and_cities_apart(
        self, regions: dict[str, Row]
    ) -> None:
        kinds = {"区": range(1, 21), "县": range(21, 81), "市": range(81, 100)}
        for row in regions.values():
            if row["level"] == "district":
                assert int(row["code"][4:]) in kinds[row["label_zh"][-1]], row["code"]

    def test_former_regions_have_a_date_and_a_successor_in_force(
        self, regions: dict[str, Row]
    ) -> None:
        former = [row for row in regions.values() if row["valid_until"] or row["successor"]]
        assert len(former) == 15
        for row in former:
            assert re.fullmatch(r"\d{4}(-\d\d-\d\d)?", row["valid_until"]), row["code"]
            assert regions[row["successor"]]["level"] == row["level"]
            assert not regions[row["successor"]]["valid_until"], row["code"]

    def test_the_former_districts_that_people_still_write(self, regions: dict[str, Row]) -> None:
        successors = {
            row["label_zh"]: row["successor"] for row in regions.values() if row["successor"]
        }
        assert successors["下城区"] == "330105"
        assert successors["江干区"] == "330102"
        assert successors["江东区"] == "330212"

    def test_no_label_names_two_places(self, regions: dict[str, Row]) -> None:
        places = [*regions.values(), *read(REGIONS / "elsewhere.csv")]
        places += [row | {"code": row["id"]} for row in read(REGIONS / "zones.csv")]
        assert clashes(places, "code") == []

    def test_short_forms_that_are_ordinary_words_are_no_labels(
        self, regions: dict[str, Row]
    ) -> None:
        every = {label for row in regions.values() for label in labels(row)}
        assert every.isdisjoint({"上城", "下城", "云和", "路桥", "三门", "文成", "开化", "浦江"})

    def test_zones_lie_in_a_region_in_force(self, regions: dict[str, Row]) -> None:
        zones = read(REGIONS / "zones.csv")
        assert len({row["id"] for row in zones}) == len(zones)
        assert [row["id"] for row in zones if row["region"] not in regions] == []
        assert [row["id"] for row in zones if regions[row["region"]]["valid_until"]] == []

    def test_cities_elsewhere_are_outside_the_province(self) -> None:
        codes = [row["code"] for row in read(REGIONS / "elsewhere.csv")]
        assert len(set(codes)) == len(codes) >= 45
        assert [code for code in codes if not re.fullmatch(r"(?!33)\d{4}00", code)] == []


class TestIndustries:
    def test_ids_unique_and_regions_in_force(self, regions: dict[str, Row]) -> None:
        rows = read(REGIONS / "industries.csv")
        assert len({row["id"] for row in rows}) == len(rows)
        assert [row["id"] for row in rows if row["region"] not in regions] == []
        assert [row["id"] for row in rows if regions[row["region"]]["valid_until"]] == []

    def test_one_row_per_place_industry_and_passage(self) -> None:
        rows = read(REGIONS / "industries.csv")
        keys = [
            (row["place_zh"], row["industry_zh"], row["document"], row["quote"]) for row in rows
        ]
        assert [key for key, count in Counter(keys).items() if count > 1] == []

    def test_quotes_and_headings_are_verbatim(self) -> None:
        for row in read(REGIONS / "industries.csv"):
            text = source(row["document"])
            assert row["quote"] and row["quote"] in text, row["id"]
            assert row["heading"] and row["heading"] in text, row["id"]

    def test_the_industry_stands_in_the_quote_and_the_place_in_the_document(self) -> None:
        for row in read(REGIONS / "industries.csv"):
            assert compared(row["industry_zh"]) in compared(row["quote"]), row["id"]
            assert compared(row["place_zh"]) in compared(source(row["document"])), row["id"]

    def test_fields_are_the_catalogues(self) -> None:
        known = {row["code"] for row in read(FIELDS)}
        for row in read(REGIONS / "industries.csv"):
            assert set(values(row["fields"])) <= known, row["id"]

    def test_all_thirteen_hangzhou_districts_of_box_13(self, regions: dict[str, Row]) -> None:
        printed = {
            row["region"]
            for row in read(REGIONS / "industries.csv")
            if row["document"].startswith("001")
        }
        hangzhou = {row["code"] for row in current_districts(regions) if row["parent"] == "330100"}
        assert printed == hangzhou | {"330100"}


class TestLevels:
    def test_education_has_six_ranks_in_order(self) -> None:
        rows = read(LEVELS / "education.csv")
        assert [(row["id"], int(row["rank"])) for row in rows] == [
            ("lower-secondary", 0),
            ("upper-secondary", 1),
            ("associate", 2),
            ("bachelor", 3),
            ("master", 4),
            ("doctor", 5),
        ]

    def test_professional_titles_rise_strictly(self) -> None:
        ranks = [int(row["rank"]) for row in read(LEVELS / "professional_titles.csv")]
        assert ranks == sorted(set(ranks))

    def test_skill_grades_and_titles_are_two_ladders(self) -> None:
        rows = read(LEVELS / "professional_titles.csv")
        ladders = {"skill": range(1, 11), "title": range(11, 21)}
        assert {row["id"].split("-")[0] for row in rows} == set(ladders)
        assert [
            row["id"] for row in rows if int(row["rank"]) not in ladders[row["id"].split("-")[0]]
        ] == []

    @pytest.mark.parametrize(
        "name", ["education.csv", "professional_titles.csv", "talent_tiers.csv", "programmes.csv"]
    )
    def test_no_label_belongs_to_two_rows(self, name: str) -> None:
        rows = read(LEVELS / name)
        assert len({row["id"] for row in rows}) == len(rows)
        assert clashes(rows, "id") == []

    @pytest.mark.parametrize(
        "name", ["professional_titles.csv", "talent_tiers.csv", "programmes.csv"]
    )
    def test_quotes_are_verbatim(self, name: str) -> None:
        for row in read(LEVELS / name):
            assert bool(row["document"]) == bool(row["quote"]), row["id"]
            if row["document"]:
                assert row["quote"] in source(row["document"]), row["id"]

    @pytest.mark.parametrize("name", ["talent_tiers.csv", "programmes.csv"])
    def test_tiers_and_programmes_cite_a_document_that_prints_them(self, name: str) -> None:
        for row in read(LEVELS / name):
            assert row["document"], row["id"]
            unquoted = re.sub(r"[“”]", "", compared(source(row["document"])))
            assert re.sub(r"[“”]", "", compared(row["label_zh"])) in unquoted, row["id"]

    @pytest.mark.parametrize("name", ["talent_tiers.csv", "programmes.csv"])
    def test_a_definition_is_a_clause_of_the_document(self, name: str) -> None:
        for row in read(LEVELS / name):
            if row["definition"] != "not_defined_here":
                assert row["definition"] and row["definition"] in source(row["document"]), row["id"]

    def test_no_tier_is_defined_in_the_sources(self) -> None:
        assert {row["definition"] for row in read(LEVELS / "talent_tiers.csv")} == {
            "not_defined_here"
        }

    def test_programme_kinds(self) -> None:
        assert {row["kind"] for row in read(LEVELS / "programmes.csv")} == KINDS


@pytest.mark.parametrize(
    "path", [*REGIONS.glob("*.csv"), *LEVELS.glob("*.csv")], ids=lambda path: path.name
)
def test_files_are_plain_csv(path: Path) -> None:
    content = path.read_bytes()
    assert (
        content.endswith(b"\n") and b"\r" not in content and not content.startswith(b"\xef\xbb\xbf")
    )
    for row in read(path):
        assert None not in row and None not in row.values()
        for name, cell in row.items():
            blank = cell != cell.strip() or re.search(r"\s\||\|\s|\|\||^\||\|$", cell)
            assert not blank, f"{path.name}: {name} of {next(iter(row.values()))}"
