"""Read the training material: pairs of texts that mean the same, by source.

Nothing of `dev/` is trained on but the corpus of the occupation standard, which may be; its queries are read only to
leave own titles out that equal one. ESCO's descriptions of occupations are the queries of a development set: left out.
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
_TASK = re.compile(r"[;；。]?\s*\d+\.|[;；。]\s*$")


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
    onet, esco = _onet_titles(training), _esco_labels(training)
    measured = _measured_with(shared / "dev")
    own = _own_titles("titles_onet_*.tsv", measured)
    _add_first_titles(own, training, measured)
    own_esco = _own_titles("titles_esco.tsv", measured)
    own_standard = _own_titles("titles_standard*.tsv", measured)
    platforms = _own_titles("titles_platforms*.tsv", measured)
    material = Material()
    # One source a code list: two lists have different codes for one occupation, and in one batch these
    # would count as different things.
    for name, rows in (
        ("own titles", own),
        ("own titles, ESCO", own_esco),
        ("own titles, standard", own_standard),
        ("own titles, platforms", platforms),
    ):
        material.pairs[name] = list(_translations(rows))
    # O*NET puts very different jobs under one code: of its titles only the first stands for the code.
    firsts = {code: titles[:1] for code, titles in onet.items()}
    for name, rows, labels in (
        ("own titles, any of the occupation", own, firsts),
        ("own titles and labels, ESCO", own_esco, esco),
    ):
        material.groups[name] = {
            code: (
                [zh for zh, _ in titles],
                [en for _, en in titles if en] + labels.get(code, []),
            )
            for code, titles in rows.items()
        }
    for name, rows in (
        ("own titles, Chinese", own),
        ("own titles, Chinese, standard", own_standard),
        ("own titles, Chinese, platforms", platforms),
    ):
        material.groups[name] = _with_itself(
            {code: [zh for zh, _ in titles] for code, titles in rows.items()}
        )
    material.groups["O*NET titles"] = _with_itself(onet)
    material.groups["ESCO labels"] = _with_itself(esco)
    material.groups["skills"] = _skills()
    material.groups["catalogue"] = _catalogue()
    material.pairs["descriptions"] = [*_onet_texts(training), *_esco_skills(training)]
    material.pairs["occupation standard"] = list(_standard(shared, own_standard))
    material.pairs["dictionary"] = list(_dictionary(training))
    material.pairs["sentences"] = list(_sentences(training))
    material.pairs["role texts"] = list(_role_texts(own))
    return material


def _measured_with(dev: Path) -> frozenset[str]:
    """Return the development queries in lower case: no own title may be one of them.

    The query is what stands last: in one set a title stands before it that is not asked with.
    """
    return frozenset(
        line.split("\t")[-1].strip().lower()
        for path in sorted(dev.glob("*/queries.tsv"))
        for line in path.read_text(encoding="utf-8").splitlines()
    )


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


def _own_titles(files: str, measured: frozenset[str]) -> dict[str, list[tuple[str, str]]]:
    titles: defaultdict[str, list[tuple[str, str]]] = defaultdict(list)
    for path in sorted(_OWN.glob(files)):
        for line in path.read_text(encoding="utf-8").splitlines()[1:]:
            code, zh, en = line.split("\t")
            if zh.lower() not in measured:
                titles[code].append((zh, "" if en.lower() in measured else en))
    return dict(titles)


def _add_first_titles(
    titles: dict[str, list[tuple[str, str]]], training: Path, measured: frozenset[str]
) -> None:
    """Add the Chinese titles that were written first; they have no English beside them."""
    for line in (training / "own/onet-titles-zh.txt").read_text(encoding="utf-8").splitlines():
        if line:
            code, names = line.split("|")
            code = code if "." in code else f"{code}.00"
            rows = titles.setdefault(code, [])
            known = {zh for zh, _ in rows}
            rows += [
                (zh, "")
                for zh in names.split("/")
                if zh not in known and zh.lower() not in measured
            ]


def _translations(titles: dict[str, list[tuple[str, str]]]) -> Iterator[Pair]:
    for code, rows in titles.items():
        yield from (Pair(zh, en, code) for zh, en in rows if en)


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
        _last(row["conceptUri"]): [
            row["preferredLabel"],
            *filter(None, row["altLabels"].split("\n")),
        ]
        for row in _rows(training / "esco/occupations_en.csv.gz")
    }
    for row in _rows(training / "esco/digitalSkillsCollection_en.csv.gz"):
        alternatives = re.split(r"\n| \| ", row["altLabels"])
        labels[_last(row["conceptUri"])] = [row["preferredLabel"], *filter(None, alternatives)]
    return labels


def _last(uri: str) -> str:
    return uri.rpartition("/")[2]


def _esco_skills(training: Path) -> Iterator[Pair]:
    for row in _rows(training / "esco/digitalSkillsCollection_en.csv.gz"):
        yield Pair(row["preferredLabel"], row["description"], row["conceptUri"])


def _standard(shared: Path, own: dict[str, list[tuple[str, str]]]) -> Iterator[Pair]:
    path = shared / "dev/occupation-aliases-zh/corpus.tsv"
    for line in path.read_text(encoding="utf-8").splitlines():
        code, title, definition, tasks, _ = line.split("\t")
        names = list(dict.fromkeys([title, *(zh for zh, _ in own.get(code, []))]))
        texts = [definition, definition, *(task for task in _TASK.split(tasks) if len(task) > 3)]
        for turn, text in enumerate(texts):
            yield Pair(names[turn % len(names)], text, code)


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
    terms: defaultdict[str, tuple[list[str], list[str]]] = defaultdict(lambda: ([], []))
    for line in (_OWN / "skill_terms.tsv").read_text(encoding="utf-8").splitlines()[1:]:
        key, zh, en = line.split("\t")
        terms[key][0].append(zh)
        terms[key][1].append(en)
    return dict(terms) | {
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
