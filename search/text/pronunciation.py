"""How Chinese characters are spoken: pinyin without tones, every reading of a character.

The 6,763 characters of GB 2312 and those of the taxonomy's labels stand in a table of their own
(`syllables.txt`), because loading the whole dictionary takes a third of a second and a search must
answer within one. A character that is not there is looked up in the dictionary.

    python -m search.text.pronunciation     writes the table anew (after an edit of labels)
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache
from importlib.resources import files
from pathlib import Path

from search.text.normalise import is_han

TABLE = "syllables.txt"


@cache
def readings(character: str) -> tuple[str, ...]:
    """Return every way to say a character; one that is not Chinese is said as it is written."""
    if not is_han(character):
        return (character,)
    known = _table().get(character)
    return known if known is not None else _looked_up(character)


def is_spoken_as(text: str, sound: str) -> bool:
    """Say whether pinyin written without blanks and tones can be read as a text."""
    reached = {0}
    for character in text:
        reached = {
            start + len(syllable)
            for start in reached
            for syllable in readings(character)
            if sound.startswith(syllable, start)
        }
    return len(sound) in reached


def sounds_alike(one: str, other: str) -> bool:
    """Say whether two texts may sound the same, character by character."""
    return len(one) == len(other) and all(
        a == b or not set(readings(a)).isdisjoint(readings(b))
        for a, b in zip(one, other, strict=True)
    )


def build_table(characters: Iterable[str]) -> str:
    """Return the table for some characters: a line each, the character and its readings."""
    chinese = sorted({character for character in characters if is_han(character)})
    return "".join(f"{character} {' '.join(_looked_up(character))}\n" for character in chinese)


@cache
def _table() -> dict[str, tuple[str, ...]]:
    lines = files("search.text").joinpath(TABLE).read_text(encoding="utf-8").splitlines()
    return {line[0]: tuple(line[2:].split()) for line in lines}


def _looked_up(character: str) -> tuple[str, ...]:
    from pypinyin import Style, pinyin

    return tuple(dict.fromkeys(pinyin(character, style=Style.NORMAL, heteronym=True)[0]))


def _gb2312() -> str:
    codes = (bytes((row, cell)) for row in range(0xB0, 0xF8) for cell in range(0xA1, 0xFF))
    return "".join(code.decode("gb2312", errors="ignore") for code in codes)


def main() -> None:
    """Write the table."""
    from search.text.vocabulary import load_vocabulary

    labels = (character for key in load_vocabulary().lexicon.by_key for character in key)
    table = build_table([*labels, *_gb2312()])
    Path(__file__).with_name(TABLE).write_text(table, encoding="utf-8")


if __name__ == "__main__":
    main()
