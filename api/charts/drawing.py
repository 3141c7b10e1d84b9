"""An SVG image being drawn: named for those who hear it, and well-formed whatever its words are.

Colours are classes (`api/web/static/charts.css`), since the pages' policy allows no inline style;
sizes and places are attributes, which it does allow.
"""

from __future__ import annotations

from typing import Literal
from xml.etree.ElementTree import Element, SubElement, tostring

from ingest.reports.printable import printable

Anchor = Literal["start", "middle", "end"]


class Drawing:
    """An image of a fixed shape that scales with its page.

    Args:
        id: of the element; those of its parts begin with it, so one a page.
        title: what it shows.
        description: what can be read from it, and where its figures stand.
        width: in units; letters of size 14 are as large as the page's at full width.
        height: in units.
    """

    def __init__(self, id: str, title: str, description: str, width: float, height: float) -> None:
        self.id = id
        self._root = Element(
            "svg",
            {
                "xmlns": "http://www.w3.org/2000/svg",
                "class": "chart",
                "id": id,
                "viewBox": f"0 0 {_number(width)} {_number(height)}",
                "role": "img",
                "aria-labelledby": f"{id}_title {id}_desc",
            },
        )
        for name, text in (("title", title), ("desc", description)):
            SubElement(self._root, name, id=f"{id}_{name}").text = printable(text)
        self._define_patterns()

    def rect(
        self, css: str, x: float, y: float, width: float, height: float, hint: str = ""
    ) -> None:
        """Draw a rectangle; `hint` is shown when pointed at."""
        sizes = {"x": x, "y": y, "width": max(0.0, width), "height": max(0.0, height)}
        self._add("rect", css, sizes, hint)

    def line(self, css: str, x1: float, y1: float, x2: float, y2: float) -> None:
        """Draw a straight line."""
        self._add("line", css, {"x1": x1, "y1": y1, "x2": x2, "y2": y2})

    def circle(self, css: str, x: float, y: float, radius: float, hint: str = "") -> None:
        """Draw a circle; `hint` is shown when pointed at."""
        self._add("circle", css, {"cx": x, "cy": y, "r": radius}, hint)

    def path(self, css: str, points: list[tuple[float, float]], *, closed: bool = False) -> None:
        """Draw a line through points, or the area that they enclose."""
        steps = " L".join(f"{_number(x)} {_number(y)}" for x, y in points)
        path = self._add("path", css, {})
        path.set("d", f"M{steps}{'Z' if closed else ''}")

    def text(
        self, x: float, y: float, words: str, size: float = 13, anchor: Anchor = "start",
        css: str = "label", hint: str = "",
    ) -> None:  # fmt: skip
        """Write words.

        Args:
            x: where they start, are centred, or end.
            y: their baseline.
            words: any text.
            size: of the letters, in units.
            anchor: what `x` is.
            css: class.
            hint: shown when pointed at; the whole of what is abridged.
        """
        element = self._add("text", css, {"x": x, "y": y, "font-size": size}, hint)
        element.set("text-anchor", anchor)
        if len(element):
            element[0].tail = printable(words)
        else:
            element.text = printable(words)

    def markup(self) -> str:
        """Return the image."""
        return tostring(self._root, encoding="unicode")

    def _add(self, name: str, css: str, numbers: dict[str, float], hint: str = "") -> Element:
        attributes = {key: _number(value) for key, value in numbers.items()}
        element = SubElement(self._root, name, {"class": css, **attributes})
        if css in _PATTERNS:
            element.set("fill", f"url(#{self.id}_{css})")
        if hint:
            SubElement(element, "title").text = printable(hint)
        return element

    def _define_patterns(self) -> None:
        definitions = SubElement(self._root, "defs")
        for css, path in _PATTERNS.items():
            pattern = SubElement(
                definitions, "pattern", id=f"{self.id}_{css}", width="8", height="8",
                patternUnits="userSpaceOnUse",
            )  # fmt: skip
            SubElement(pattern, "rect", {"class": f"{css}-ground", "width": "8", "height": "8"})
            SubElement(pattern, "path", {"class": f"{css}-strokes", "d": path})


#: What is told apart by its pattern, not by colour alone: class to strokes on a square of 8.
_PATTERNS = {
    "series-2": "M-2 2 L2 -2 M0 8 L8 0 M6 10 L10 6",
    "series-3": "M4 1 v2 M0 5 v2 M8 5 v2",
    "series-4": "M0 2 h8 M0 6 h8",
    "tile-missing": "M-2 2 L2 -2 M0 8 L8 0 M6 10 L10 6",
}


def _number(value: float) -> str:
    return f"{value:.2f}".rstrip("0").rstrip(".")
