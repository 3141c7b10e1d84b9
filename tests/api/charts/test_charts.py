"""Charts are well-formed whatever their words, say what is missing, and can be told apart and read."""

from __future__ import annotations

import re
from itertools import pairwise
from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st

from api.charts.bars import bar_chart
from api.charts.lettering import lines_of, width_of
from api.charts.line_band import LineWords, line_band
from api.charts.scale import scale
from api.charts.tile_map import MapTile, tile_map
from api.web.static_files import FOLDER
from ingest.reports.drawn import DrawnSeries

SVG = "{http://www.w3.org/2000/svg}"
STYLE = (FOLDER / "charts.css").read_text(encoding="utf-8")
WORDS = st.text(max_size=60)
FIGURE = st.one_of(st.none(), st.floats(-1e15, 1e15, allow_nan=False))
LINE_WORDS = LineWords("interval", "broken")


def mark(figure):
    return f"{figure:g}"


def series(name, *values):
    shown = tuple("hidden" if value is None else mark(value) for value in values)
    return DrawnSeries(name, values, shown)


def sound(markup):
    """Return an image's root after the checks that every chart must pass."""
    root = ElementTree.fromstring(markup)
    assert root.tag == f"{SVG}svg"
    assert root.get("role") == "img"
    ids = [element.get("id") for element in root.iter() if element.get("id")]
    assert len(set(ids)) == len(ids)
    assert set(root.get("aria-labelledby").split()) <= set(ids)
    for element in root.iter():
        name = element.tag.removeprefix(SVG)
        assert name in {
            "svg",
            "title",
            "desc",
            "defs",
            "pattern",
            "rect",
            "line",
            "circle",
            "path",
            "text",
        }
        assert "style" not in element.attrib
        assert not any(key.startswith("on") or "href" in key for key in element.attrib)
        for value in element.attrib.values():
            assert "nan" not in value
            assert "inf" not in value
        if (element.get("fill") or "").startswith("url(#"):
            assert element.get("fill")[5:-1] in ids
    return root


def written(root):
    """Return the words of an image, without those that only show when pointed at."""
    return [
        element.text or "".join(child.tail or "" for child in element)
        for element in root.iter(f"{SVG}text")
    ]


@st.composite
def columns(draw, most_series=4):
    labels = draw(st.lists(WORDS, max_size=8))
    number = draw(st.integers(1, most_series))
    names = draw(st.lists(WORDS, min_size=number, max_size=number))
    size = {"min_size": len(labels), "max_size": len(labels)}
    return labels, [series(name, *draw(st.lists(FIGURE, **size))) for name in names]


@given(columns(), WORDS, WORDS, st.booleans())
def test_any_bars_are_well_formed(drawn, title, description, whole):
    labels, entries = drawn
    root = sound(bar_chart("c", title, description, labels, entries, mark, whole=whole))
    bars = [element for element in root.iter(f"{SVG}rect") if len(element)]
    figures = [value for entry in entries for value in entry.values if value is not None]
    assert len(bars) == len(figures)
    assert written(root).count("hidden") == sum(v is None for e in entries for v in e.values)


@given(columns(most_series=1), st.data())
def test_any_line_is_well_formed(drawn, data):
    labels, entries = drawn
    size = {"min_size": len(labels), "max_size": len(labels)}
    if data.draw(st.booleans()):
        entries += [series("b", *data.draw(st.lists(FIGURE, **size))) for _ in range(2)]
    broken = data.draw(st.lists(st.booleans(), **size))
    root = sound(line_band("c", "t", "d", labels, entries, broken, mark, LINE_WORDS))
    points = [element for element in root.iter(f"{SVG}circle") if len(element)]
    assert len(points) == sum(value is not None for value in entries[0].values)
    assert written(root).count("broken") >= sum(broken)


@given(st.lists(st.tuples(WORDS, FIGURE), max_size=12), WORDS)
def test_any_map_is_well_formed(found, title):
    tiles = [
        MapTile(name, at % 5, at // 5, value, "hidden" if value is None else mark(value))
        for at, (name, value) in enumerate(found)
    ]
    root = sound(tile_map("c", title, "d", tiles, mark))
    drawn = [element for element in root.iter(f"{SVG}rect") if len(element)]
    assert len(drawn) == len(tiles)


def test_markup_in_labels_is_text():
    label = '</text><script>alert("1")</script>&amp;'
    markup = bar_chart("c", label, label, [label], [series(label, 1.0)], mark)
    assert "<script" not in markup
    assert sound(markup).find(f"{SVG}title").text == label


def test_bars_are_as_long_as_their_figures_and_grow_from_nought():
    root = sound(bar_chart("c", "t", "d", ["a", "b", "e"], [series("s", 10.0, 5.0, -5.0)], mark))
    bars = [element for element in root.iter(f"{SVG}rect") if len(element)]
    widths = [float(bar.get("width")) for bar in bars]
    assert widths[0] == pytest.approx(2 * widths[1], abs=0.02)
    assert widths[1] == pytest.approx(widths[2], abs=0.02)
    right_of_minus = float(bars[2].get("x")) + widths[2]
    assert right_of_minus == pytest.approx(float(bars[0].get("x")), abs=0.02)


def test_series_differ_in_pattern():
    entries = [series(name, 1.0) for name in "abcd"]
    root = sound(bar_chart("c", "t", "d", ["x"], entries, mark))
    fills = [bar.get("fill") for bar in root.iter(f"{SVG}rect") if len(bar)]
    assert fills == [None, "url(#c_series-2)", "url(#c_series-3)", "url(#c_series-4)"]


def test_a_long_label_is_abridged_and_whole_when_pointed_at():
    label = "集成电路与新型显示装备高级研发与工艺整合工程师（射频方向）" * 2
    root = sound(bar_chart("c", "t", "d", [label], [series("s", 1.0)], mark))
    lines = [line for line in written(root) if line and line[0] in label]
    assert len(lines) == 2
    assert lines[1].endswith("…")
    hints = [title.text for text in root.iter(f"{SVG}text") for title in text]
    assert set(hints) == {label}


def test_no_line_leads_across_a_gap():
    entry = series("s", 1.0, 2.0, None, 3.0, 4.0)
    broken = [False, False, True, False, False]
    root = sound(line_band("c", "t", "d", list("abdef"), [entry], broken, mark, LINE_WORDS))
    lines = [path for path in root.iter(f"{SVG}path") if path.get("class") == "line"]
    assert len(lines) == 2
    assert [e.get("class") for e in root.iter(f"{SVG}line")].count("break") == 1


def test_what_is_estimated_is_dashed_and_has_its_band():
    entries = [series("s", 1.0, 2.0, 3.0), series("l", None, 1.5, 2.0), series("u", None, 2.5, 4.0)]
    root = sound(line_band("c", "t", "d", list("abc"), entries, [False] * 3, mark, LINE_WORDS))
    paths = [path.get("class") for path in root.iter(f"{SVG}path")]
    assert paths.count("line estimated") == 2
    (band,) = [path for path in root.iter(f"{SVG}path") if path.get("class") == "band"]
    # Out along the upper bounds from the last counted figure, back along the lower ones.
    assert band.get("d").count(" L") == 5
    assert "interval" in written(root)


def test_a_map_says_every_figure_and_darker_is_more():
    values = [0.5, 1.0, 2.0, 3.0, 4.0, None]
    tiles = [
        MapTile(f"r{n}", n, 0, v, "hidden" if v is None else mark(v)) for n, v in enumerate(values)
    ]
    root = sound(tile_map("c", "t", "d", tiles, mark))
    classes = [rect.get("class") for rect in root.iter(f"{SVG}rect") if len(rect)]
    assert classes == ["tile-1", "tile-2", "tile-3", "tile-4", "tile-5", "tile-missing"]
    assert {"r0", "r5", "0.5", "4", "hidden"} <= set(written(root))


def test_equal_figures_share_a_shade():
    tiles = [MapTile(str(n), n, 0, 7.0, "7") for n in range(6)]
    root = sound(tile_map("c", "t", "d", tiles, mark))
    assert {rect.get("class") for rect in root.iter(f"{SVG}rect") if len(rect)} == {"tile-1"}


@given(st.lists(st.floats(-1e15, 1e15, allow_nan=False), max_size=6), st.booleans())
def test_an_axis_holds_nought_and_every_figure(figures, whole):
    axis = scale(figures, 100.0, 500.0, whole=whole)
    assert all(99.99 <= axis(figure) <= 500.01 for figure in [0.0, *figures])
    assert 2 <= len(axis.marks) <= 8
    assert any(abs(m) < 1e-9 * max(1, axis.high) for m in axis.marks)
    if whole:
        assert all(figure == int(figure) for figure in axis.marks)


@given(st.text(max_size=80), st.floats(40, 300), st.integers(1, 3))
def test_lines_fit_and_lose_nothing_unless_abridged(text, width, most):
    lines = lines_of(text, width, 13.0, most)
    assert len(lines) <= most
    assert all(width_of(line, 13.0) <= width + 13.0 for line in lines)
    if not lines or not lines[-1].endswith("…"):
        kept = "".join(lines).replace(" ", "")
        assert kept == "".join(lines_of(text, 1e9, 13.0, 1)).replace(" ", "")


def colour(selector):
    found = re.findall(rf"{re.escape(selector)}[^{{}}]*\{{[^}}]*?fill: (#\w{{6}})", STYLE)
    return found[0]


def luminance(code):
    parts = [int(code[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    linear = [p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one, other):
    """Return the contrast ratio of WCAG 2.2, definition "contrast ratio"."""
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize("step", range(1, 6))
def test_words_can_be_read_on_every_shade(step):
    words = colour(".chart text.on-dark" if step >= 4 else ".chart text.on-pale")
    assert contrast(words, colour(f".chart .tile-{step} ")) >= 4.5


def test_shades_get_darker_step_by_step():
    found = [luminance(colour(f".chart .tile-{step} ")) for step in range(1, 6)]
    assert found == sorted(found, reverse=True)
    assert all(a > 1.15 * b for a, b in pairwise(found))


@pytest.mark.parametrize(
    "selector", [".chart text", ".chart .mark", ".chart .series-1", ".chart .point"]
)
def test_words_and_shapes_stand_out_from_white(selector):
    assert (
        contrast(colour(selector + " " if selector != ".chart .mark" else selector), "#ffffff")
        >= 4.5
    )


def test_the_check_of_images_can_fail():
    with pytest.raises(ElementTree.ParseError):
        sound("<svg><text></svg>")
    with pytest.raises(AssertionError):
        sound('<svg xmlns="http://www.w3.org/2000/svg" role="img" aria-labelledby="x"/>')
