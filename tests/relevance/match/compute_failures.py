"""Check the match collection, and write failures.tsv from facts and requirements.

    python tests/relevance/match/compute_failures.py           # check only
    python tests/relevance/match/compute_failures.py --write   # check, then write failures.tsv

failures.tsv has a line `jid<TAB>pid<TAB>requirement` for every requirement that a person fails, over
ALL pairs; requirement is skill:NAME, years, education or city. What a profile does not state (null in
facts.jsonl) fails nothing, except a skill: a skill that a profile neither states nor plainly implies is
not had. Standard library only; reads no other file of the project.
"""

# ruff: noqa: T201 (a script that prints its counts)
from __future__ import annotations

import json
import re
import sys
from collections import Counter, defaultdict
from pathlib import Path

HERE = Path(__file__).resolve().parent
LEVELS = ("lower-secondary", "upper-secondary", "associate", "bachelor", "master", "doctor")
EVERYDAY = {
    "本科": "bachelor",
    "大专": "associate",
    "硕士": "master",
    "Bachelor's degree": "bachelor",
    "Master's degree": "master",
}
VACANCY = [
    "jid",
    "title",
    "text",
    "must_skills",
    "nice_skills",
    "city",
    "min_years",
    "min_education",
    "headcount",
]
CANDIDATE = ["pid", "lang", "headline", "summary", "skills", "years_experience", "education", "city",
    "desired_roles", "work_history"]  # fmt: skip
WORK = ["title", "employer", "start", "end", "summary"]
CITY = {
    "Hangzhou": "杭州",
    "Ningbo": "宁波",
    "Shanghai": "上海",
    "Huzhou": "湖州",
    "Suzhou": "苏州",
}


def read(name: str) -> list[dict]:
    return [json.loads(line) for line in (HERE / name).read_text(encoding="utf-8").splitlines()]


def failures(need: dict, person: dict) -> list[str]:
    """Return what `person` (a line of facts) fails of `need` (a line of requirements)."""
    failed = [f"skill:{name}" for name in need["skills"] if name not in person["skills"]]
    if None not in (need["years"], person["years"]) and person["years"] < need["years"]:
        failed.append("years")
    levels = [LEVELS.index(side["education"]) for side in (person, need) if side["education"]]
    if len(levels) == 2 and levels[0] < levels[1]:
        failed.append("education")
    if need["city_required"] and person["city"] and person["city"] != need["city"]:
        failed.append("city")
    return failed


def language(text: str) -> str:
    """A Latin word counts as two characters; a text of which 30 % or more is Latin is mixed."""
    han = len(re.findall("[\u4e00-\u9fff]", text))
    latin = 2 * len(re.findall("[A-Za-z][A-Za-z+#./-]*", text))
    if han < 0.15 * (han + latin):  # an English text, at most with a Chinese title or two
        return "en"
    return "mixed" if latin / (han + latin) >= 0.3 else "zh"


def check_shapes(vacancies: list[dict], candidates: list[dict], facts: dict, needs: dict) -> None:
    for v in vacancies:
        assert list(v) == VACANCY, v["jid"]
        assert (
            v["min_education"] is None
            or v["min_education"] in LEVELS
            or v["min_education"] in EVERYDAY
        ), v["jid"]
        need = needs[v["jid"]]
        assert not need["city_required"] or need["city"] == CITY.get(v["city"], v["city"]), v["jid"]
        for part, value in need["source"].items():
            quotes = value.values() if part == "skills" else [value]
            assert all(q in (None, "field") or q in v["text"] for q in quotes), (v["jid"], part)
            assert part == "skills" or (value is None) == (need[part] is None), (v["jid"], part)
        assert sorted(need["source"]["skills"]) == need["skills"], v["jid"]
        if need["source"]["years"] == "field":
            assert v["min_years"] == need["years"], v["jid"]
        else:
            assert v["min_years"] is None, v["jid"]
        if need["source"]["education"] == "field":
            assert EVERYDAY.get(v["min_education"], v["min_education"]) == need["education"], v[
                "jid"
            ]
        else:
            assert v["min_education"] is None, v["jid"]
        assert len(v["must_skills"]) <= sum(
            q == "field" for q in need["source"]["skills"].values()
        ), v["jid"]
    for c in candidates:
        assert list(c) == CANDIDATE and c["lang"] in ("zh", "en"), c["pid"]
        assert (language(c["headline"] + c["summary"]) == "en") == (c["lang"] == "en"), c["pid"]
        assert c["education"] is None or c["education"] in LEVELS, c["pid"]
        for job in c["work_history"]:
            assert list(job) == WORK and re.fullmatch(r"20\d\d-(0[1-9]|1[0-2])", job["start"]), c[
                "pid"
            ]
            assert job["end"] is None or job["start"] <= job["end"] <= "2026-11", c["pid"]
        fact = facts[c["pid"]]
        for key, field in (
            ("years", "years_experience"),
            ("education", "education"),
            ("city", "city"),
        ):
            stated = CITY.get(c[field], c[field]) if key == "city" else c[field]
            assert stated is None or stated == fact[key], (c["pid"], key)
            assert (fact["stated_in"][key] == "field") == (stated is not None), (c["pid"], key)
            assert (fact["stated_in"][key] == "none") == (fact[key] is None), (c["pid"], key)


def main() -> None:
    vacancies, candidates = read("vacancies.jsonl"), read("candidates.jsonl")
    facts = {f["pid"]: f for f in read("facts.jsonl")}
    needs = {n["jid"]: n for n in read("requirements.jsonl")}
    assert len(vacancies) == 48 and len(candidates) == 120
    assert [v["jid"] for v in vacancies] == list(needs) and [c["pid"] for c in candidates] == list(
        facts
    )
    check_shapes(vacancies, candidates, facts, needs)

    failed = {(j, p): failures(n, f) for j, n in needs.items() for p, f in facts.items()}
    grades: dict[str, dict[str, int]] = defaultdict(dict)
    for line in (HERE / "qrels.tsv").read_text(encoding="utf-8").splitlines():
        jid, zero, pid, grade = line.split()
        assert (
            zero == "0"
            and jid in needs
            and pid in facts
            and pid not in grades[jid]
            and grade in "0123"
        ), line
        assert grade == "0" or not failed[jid, pid], (line, failed[jid, pid])
        grades[jid][pid] = int(grade)
    for jid in needs:
        row = grades[jid]
        near = [p for p, g in row.items() if g == 0 and len(failed[jid, p]) == 1]
        assert sum(g >= 1 for g in row.values()) >= 5, (jid, "fewer than 5 with a grade")
        assert sum(g >= 2 for g in row.values()) >= 2, (jid, "fewer than 2 good ones")
        assert 3 in row.values(), (jid, "no grade 3")
        assert len(near) >= 2, (jid, "fewer than 2 near misses", near)
    split = json.loads((HERE / "split.json").read_text(encoding="utf-8"))
    assert sorted(split["development"] + split["holdout"]) == sorted(needs)
    assert len(split["development"]) == len(split["holdout"]) == 24

    print("vacancies", dict(Counter(language(v["title"] + v["text"]) for v in vacancies)))
    print("candidates", dict(Counter(language(c["headline"] + c["summary"]) for c in candidates)))
    for name, jids in split.items():
        print(
            name,
            dict(Counter(language(v["title"] + v["text"]) for v in vacancies if v["jid"] in jids)),
        )
    print(
        "grades", dict(sorted(Counter(g for row in grades.values() for g in row.values()).items()))
    )
    print("unused", [p for p in facts if not any(row.get(p) for row in grades.values())])
    print(
        "null",
        {
            k: sum(c[k] is None for c in candidates)
            for k in ("years_experience", "education", "city")
        },
    )
    print("failing pairs", sum(map(bool, failed.values())), "of", len(failed))
    passing = Counter(j for (j, _), f in failed.items() if not f)
    print("people who fail nothing, a vacancy:", sorted(passing.values()))
    if "--write" in sys.argv:
        lines = [f"{j}\t{p}\t{r}\n" for (j, p), rows in failed.items() for r in rows]
        (HERE / "failures.tsv").write_text("".join(lines), encoding="utf-8")
        print(
            "failures.tsv",
            len(lines),
            "lines",
            dict(Counter(x.split("\t")[2].split(":")[0].strip() for x in lines)),
        )


if __name__ == "__main__":
    main()
