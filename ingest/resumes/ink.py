"""What of a PDF page's text nobody sees: white on white, tiny, off the page, or drawn with no ink at all."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from pypdf import PageObject, mult
from pypdf.generic import ArrayObject, TextStringObject

#: Points below which nobody reads.
TINY = 2.0
#: Lightness (0-1) from which ink on white paper is not seen.
WHITE = 0.95
#: How much lighter or darker than what lies below text must be.
_CONTRAST = 0.08
#: Rendering mode in which neither fill nor stroke is drawn (ISO 32000-1, table 106); scanners put what they read so.
_NO_INK = 3
#: Painted areas that are kept; a page with more is a drawing.
_MOST_AREAS = 2_000

_SHOW = {b"Tj", b"TJ", b"'", b'"'}
_FILL = {b"f", b"F", b"f*", b"b", b"b*", b"B", b"B*"}
_PATH_ENDS = _FILL | {b"n", b"S", b"s"}
_COLOUR = {b"g": 1, b"rg": 3, b"k": 4}
_PATH = {b"m": 2, b"l": 2, b"c": 6, b"v": 4, b"y": 4}

_Box = tuple[float, float, float, float]


@dataclass(frozen=True, slots=True)
class _State:
    """What `q` keeps and `Q` brings back; `light` is None where the colour is not known."""

    light: float | None = 0.0
    size: float = 12.0
    mode: int = 0


class Ink:
    """A visitor of a page's operators that empties the text operators of one sort before they are read.

    Args:
        page: whose box and resources are asked.
        keep: `seen`, `hidden` (not seen, though drawn) or `unprinted` (rendering mode 3): which text stays.
    """

    def __init__(self, page: PageObject, keep: str) -> None:
        box = page.mediabox
        self._paper = (float(box.left), float(box.bottom), float(box.right), float(box.top))
        self._keep = keep
        self._state = _State()
        self._kept: list[_State] = []
        # Forms are drawn where the matrix in force puts them, and give back what they change.
        self._forms: list[tuple[_State, int, list[float]]] = []
        self._base: list[float] = [1, 0, 0, 1, 0, 0]
        self._path: list[tuple[float, float]] = []
        self._areas: list[tuple[_Box, float | None]] = []
        self.found: set[str] = set()

    def visit(self, operator: bytes, operands: list[Any], matrix: Any, text_matrix: Any) -> None:
        """See an operator before it is read; `matrix` and `text_matrix` are those in force."""
        try:
            matrix = mult(matrix, self._base)
            if operator in _SHOW:
                sort = self._sort(operands, mult(text_matrix, matrix))
                self.found.add(sort)
                if sort != self._keep:
                    _empty(operator, operands)
            else:
                self._follow(operator, operands, matrix)
        except (IndexError, TypeError, ValueError, OverflowError):
            # A broken operator draws nothing, and says nothing about what is seen.
            return

    def leave(self, operator: bytes, *_: Any) -> None:
        """See an operator after it was read: the end of a form, among others."""
        if operator == b"Do" and self._forms:
            self._state, kept, self._base = self._forms.pop()
            del self._kept[kept:]

    def _sort(self, operands: Sequence[Any], matrix: Sequence[float]) -> str:
        if not any(_text_in(operand) for operand in operands):
            return self._keep
        if self._state.mode == _NO_INK:
            return "unprinted"
        x, y = float(matrix[4]), float(matrix[5])
        left, bottom, right, top = self._paper
        height = abs(self._state.size) * (matrix[2] ** 2 + matrix[3] ** 2) ** 0.5
        is_off = not (left - TINY <= x <= right and bottom - TINY <= y <= top)
        return "hidden" if is_off or height < TINY or self._is_unseen(x, y, height) else "seen"

    def _is_unseen(self, x: float, y: float, height: float) -> bool:
        light = self._state.light
        if light is None:
            return False
        middle = y + height / 3
        below: float | None = 1.0
        for (left, bottom, right, top), painted in reversed(self._areas):
            if left <= x <= right and bottom <= middle <= top:
                below = painted
                break
        return (
            below is not None
            and (light >= WHITE or below < WHITE)
            and abs(light - below) < _CONTRAST
        )

    def _follow(self, operator: bytes, operands: Sequence[Any], matrix: Sequence[float]) -> None:
        if operator == b"q":
            self._kept.append(self._state)
        elif operator == b"Q":
            self._state = self._kept.pop() if self._kept else _State()
        elif operator == b"Tf":
            self._state = replace(self._state, size=float(operands[1]))
        elif operator == b"Tr":
            self._state = replace(self._state, mode=int(operands[0]))
        elif operator in _COLOUR:
            self._state = replace(self._state, light=_light(operands, _COLOUR[operator]))
        elif operator in (b"sc", b"scn"):
            self._state = replace(self._state, light=_light(operands, len(operands)))
        elif operator == b"cs":
            self._state = replace(self._state, light=None)
        elif operator == b"re":
            x, y, width, height = (float(operand) for operand in operands)
            self._path += [(x, y), (x + width, y + height), (x + width, y), (x, y + height)]
        elif operator in _PATH:
            numbers = [float(operand) for operand in operands[: _PATH[operator]]]
            self._path += zip(numbers[::2], numbers[1::2], strict=True)
        elif operator in _PATH_ENDS:
            if operator in _FILL:
                self._paint(self._path, matrix, self._state.light)
            self._path = []
        elif operator == b"Do":
            # A picture, or a form whose paint is seen when its own operators come.
            self._paint([(0, 0), (1, 0), (0, 1), (1, 1)], matrix, None)
            self._forms.append((self._state, len(self._kept), self._base))
            self._base = [float(part) for part in matrix]

    def _paint(
        self, corners: Sequence[tuple[float, float]], matrix: Sequence[float], light: float | None
    ) -> None:
        if not corners or len(self._areas) >= _MOST_AREAS:
            return
        a, b, c, d, e, f = (float(part) for part in matrix)
        xs = [a * x + c * y + e for x, y in corners]
        ys = [b * x + d * y + f for x, y in corners]
        self._areas.append(((min(xs), min(ys), max(xs), max(ys)), light))


def _light(operands: Sequence[Any], parts: int) -> float | None:
    """Return how light a colour is: grey, RGB (by the darkest part) or CMYK; None for any other."""
    numbers = [float(operand) for operand in operands[:parts]]
    if parts in (1, 3):
        return min(numbers)
    return 1 - min(1.0, max(numbers[:3]) + numbers[3]) if parts == 4 else None


def _text_in(operand: Any) -> bool:
    if isinstance(operand, str | bytes):
        return bool(operand.strip())
    return isinstance(operand, ArrayObject) and any(
        isinstance(part, str | bytes) and part.strip() for part in operand
    )


def _empty(operator: bytes, operands: list[Any]) -> None:
    """Leave an operator as it is, with nothing to show."""
    operands[-1] = ArrayObject() if operator == b"TJ" else TextStringObject("")
