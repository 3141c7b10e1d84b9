"""Read the training material: pairs of texts that mean the same, by source.

Nothing of `dev/` is read but the corpus of the occupation standard, which may be trained on; ESCO's descriptions
of occupations are left out because they are the queries of a development set.
"""

from __future__ import annotations

import csv
import gzip
import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from taxonomies.catalogue import load_catalogue
from taxonomies.skills import load_skills

_OWN = Path(__file__).parent / "data"
_MARKUP = re.compile(r"[`*_]+|:[a-z]+:|<[^>]*>")
_NO_MEANING = re.compile(
    r"^(surname|variant of|old variant|see |CL:|abbr\.|used in |\(bound form\))"
)
_SENTENCE = range(8, 260)


@dataclass(frozen=True, slots=True)
class Pair:
    """Two texts that mean the same.

    Attributes:
        left: one text.
        right: the other.
        key: what both are about; two pairs of one batch are about different things.
    """

    left: str
    right: str
    key: str


@dataclass(slots=True)
class Material:
    """All that is trained on.

    Attributes:
        pairs: by source.
        groups: by source, then by key: texts of which any two mean nearly the same; left and right.
    """

    pairs: dict[str, list[Pair]] = field(default_factory=dict)
    groups: dict[str, dict[str, tuple[list[str], list[str]]]] = field(default_factory=dict)

    def texts(self) -> Iterator[str]:
        """Yield every text, some of them more than once."""
        for pairs in self.pairs.values():
            for pair in pairs:
                yield pair.left
                yield pair.right
        for groups in self.groups.values():
            for left, right in groups.values():
                yield from left
                yield from right


def load(shared: Path) -> Material:
    """Read everything.

    Args:
        shared: folder with `training/` and `dev/`.
    """
    training = shared / "training"
    onet = _onet_titles(training)
    own = _own_titles(training)
    material = Material()
    material.pairs["own titles"] = [
        Pair(zh, en, code) for code, rows in own.items() for zh, en in rows if en
    ]
    material.groups["own titles, any of the occupation"] = {
        code: (
            [zh for zh, _ in rows],
            [en for _, en in rows if en] + onet.get(code, [])[:1],
        )
        for code, rows in own.items()
    }
    material.groups["own titles, Chinese"] = _with_itself(
        {code: [zh for zh, _ in rows] for code, rows in own.items()}
    )
    material.groups["O*NET titles"] = _with_itself(onet)
    material.groups["ESCO labels"] = _with_itself(_esco_labels(training))
    material.groups["skills"] = _skills()
    material.groups["catalogue"] = _catalogue()
    material.pairs["descriptions"] = [*_onet_texts(training), *_esco_skills(training)]
    material.pairs["occupation standard"] = list(_standard(shared))
    material.pairs["dictionary"] = list(_dictionary(training))
    material.pairs["sentences"] = list(_sentences(training))
    material.pairs["role texts"] = list(_role_texts(own))
    return material


def _with_itself(groups: dict[str, list[str]]) -> dict[str, tuple[list[str], list[str]]]:
    distinct = {key: list(dict.fromkeys(texts)) for key, texts in groups.items()}
    return {key: (texts, texts) for key, texts in distinct.items() if len(texts) > 1}


def _lines(path: Path) -> Iterator[list[str]]:
    with gzip.open(path, "rt", encoding="utf-8") as file:
        for line in file:
            yield line.rstrip("\n").split("\t")


def _rows(path: Path) -> Iterator[dict[str, str]]:
    with gzip.open(path, "rt", encoding="utf-8", newline="") as file:
        yield from csv.DictReader(file)


def _own_titles(training: Path) -> dict[str, list[tuple[str, str]]]:
    titles: defaultdict[str, list[tuple[str, str]]] = defaultdict(list)
    for path in sorted(_OWN.glob("titles_*.tsv")):
        for line in path.read_text(encoding="utf-8").splitlines()[1:]:
            code, zh, en = line.split("\t")
            titles[code].append((zh, en))
    for line in (training / "own/onet-titles-zh.txt").read_text(encoding="utf-8").splitlines():
        if line:
            code, names = line.split("|")
            code = code if "." in code else f"{code}.00"
            known = {zh for zh, _ in titles[code]}
            titles[code] += [(zh, "") for zh in names.split("/") if zh not in known]
    return dict(titles)


def _onet_titles(training: Path) -> dict[str, list[str]]:
    titles = {
        code: [title]
        for code, title, _ in list(_lines(training / "onet/occupation-data.txt.gz"))[1:]
    }
    for code, title, short, _ in list(_lines(training / "onet/alternate-titles.txt.gz"))[1:]:
        titles[code].append(title)
        if short != "n/a":
            titles[code].append(short)
    return titles


def _onet_texts(training: Path) -> Iterator[Pair]:
    titles: dict[str, str] = {}
    for code, title, description in list(_lines(training / "onet/occupation-data.txt.gz"))[1:]:
        titles[code] = title
        # Thrice: a description says more than one task of twenty.
        yield from [Pair(title, description, code)] * 3
    for row in list(_lines(training / "onet/task-statements.txt.gz"))[1:]:
        yield Pair(titles[row[0]], row[2], row[0])


def _esco_labels(training: Path) -> dict[str, list[str]]:
    labels = {
        row["conceptUri"]: [row["preferredLabel"], *filter(None, row["altLabels"].split("\n"))]
        for row in _rows(training / "esco/occupations_en.csv.gz")
    }
    for row in _rows(training / "esco/digitalSkillsCollection_en.csv.gz"):
        alternatives = re.split(r"\n| \| ", row["altLabels"])
        labels[row["conceptUri"]] = [row["preferredLabel"], *filter(None, alternatives)]
    return labels


def _esco_skills(training: Path) -> Iterator[Pair]:
    for row in _rows(training / "esco/digitalSkillsCollection_en.csv.gz"):
        yield Pair(row["preferredLabel"], row["description"], row["conceptUri"])


def _standard(shared: Path) -> Iterator[Pair]:
    path = shared / "dev/occupation-aliases-zh/corpus.tsv"
    for line in path.read_text(encoding="utf-8").splitlines():
        code, title, definition, tasks, _ = line.split("\t")
        yield Pair(title, definition, code)
        if tasks:
            yield Pair(title, tasks, code)


def _dictionary(training: Path) -> Iterator[Pair]:
    for word, gloss, _ in _lines(training / "cc-cedict.zh-en.tsv.gz"):
        if not _NO_MEANING.match(gloss):
            yield Pair(word, gloss, word)


def _sentences(training: Path) -> Iterator[Pair]:
    for path in sorted((training / "parallel").glob("*.tsv.gz")):
        for number, (en, zh, *_) in enumerate(_lines(path)):
            pair = Pair(_MARKUP.sub("", zh), _MARKUP.sub("", en), f"{path.name} {number}")
            if len(pair.right) in _SENTENCE and len(pair.left) > 3:
                yield pair


def _skills() -> dict[str, tuple[list[str], list[str]]]:
    return {
        skill.id: ([skill.label.zh, *skill.aliases_zh], [skill.label.en, *skill.aliases_en])
        for skill in load_skills().values()
    }


def _catalogue() -> dict[str, tuple[list[str], list[str]]]:
    return {
        f"role-{role.number}": (
            [*role.labels],
            [*role.labels, role.duty.zh, role.duty.en, role.duty.zh, role.duty.en],
        )
        for role in load_catalogue().roles
    }


def _role_texts(own: dict[str, list[tuple[str, str]]]) -> Iterator[Pair]:
    titles = {f"role-{role.number}": [*role.labels] for role in load_catalogue().roles}
    titles |= {
        code: [title for row in rows for title in row if title] for code, rows in own.items()
    }
    for path in sorted(_OWN.glob("role_texts_*.tsv")):
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines()[1:]):
            _, occupation, _, zh, en = line.split("\t")
            yield Pair(zh, en, occupation)
            names = titles.get(occupation, [])
            for turn, text in enumerate((zh, en)):
                if names:
                    yield Pair(names[(2 * number + turn) % len(names)], text, occupation)
