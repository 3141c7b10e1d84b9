"""Makes the corpus: valid files, damaged in ways that follow from a number alone."""

from __future__ import annotations

import io
import zipfile
from functools import cache
from random import Random

from tests.ingest.tables.sheets import csv_of, xlsx_of

_VACANCIES = [
    ["职位名称", "招聘人数", "必备技能", "月薪", "工作地点", "截止日期"],
    ["Java工程师", 3, "Java（精通，5年）、C++", "15-20k", "杭州市滨江区", "2026-11-30"],
    ["架构师", 1, '"C/X", SQL', "1.5万", "嘉兴", "2026年12月1日"],
]
_CANDIDATES = [
    ["Name", "Headline", "Skills", "Years", "Education", "Desired roles", "Email"],
    ["Sample Name", "Java engineer", "Java; SQL", "5+", "Bachelor", "12, DBA", "a@example.com"],
]
SEEDS = (
    lambda: csv_of(_VACANCIES),
    lambda: csv_of(_VACANCIES, "gb18030", ";"),
    lambda: csv_of(_CANDIDATES, "utf-16", "\t"),
    lambda: xlsx_of(_VACANCIES),
    lambda: xlsx_of(_CANDIDATES),
)


@cache
def _seed(at):
    return SEEDS[at]()


def mutant(number):
    """Return mutant `number`; the same for the same number."""
    chance = Random(number)
    at = number % len(SEEDS)
    data = _seed(at)
    if at >= 3 and chance.random() < 0.5:
        return _within(data, chance)
    return _damaged(data, chance)


def _damaged(data, chance):
    """Return bytes with one to eight changes: flips, cuts, repeats, insertions."""
    content = bytearray(data)
    for _ in range(chance.randint(1, 8)):
        at = chance.randrange(len(content) or 1)
        length = chance.choice([1, 1, 2, 4, 16, 200])
        match chance.randrange(6):
            case 0 if content:
                content[at] ^= 1 << chance.randrange(8)
            case 1:
                del content[at : at + length]
            case 2:
                content[at:at] = content[at : at + length]
            case 3:
                content[at:at] = chance.randbytes(length)
            case 4:
                content[at : at + 4] = b"\xff\xff\xff\xff"
            case _:
                content[at:at] = chance.choice(
                    [b'"', b"\n", b",", b"\t", b"=1+1", b"\0", "“年－".encode(), b"\xe5", b"1e400"]
                )
    if chance.random() < 0.1:
        del content[chance.randrange(len(content) or 1) :]
    return bytes(content)


def _within(data, chance):
    """Return an archive that is whole and has one part damaged, emptied or left out."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        entries = [(info, archive.read(info)) for info in archive.infolist()]
    victim = chance.randrange(len(entries))
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for at, (info, content) in enumerate(entries):
            if at == victim:
                match chance.randrange(5):
                    case 0:
                        continue
                    case 1:
                        content = b""
                    case _:
                        content = _damaged(content, chance)
            archive.writestr(info, content)
    return file.getvalue()
