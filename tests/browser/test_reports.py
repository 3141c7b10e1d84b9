"""Reports in a real browser: accessible, silent under a strict policy, readable when printed."""

from __future__ import annotations

import io
import unicodedata
from pathlib import Path

import pytest
from jinja2 import Environment, FileSystemLoader
from pypdf import PdfReader

from api.middleware import SECURITY_HEADERS
from api.reports.html_report import html_report
from api.reports.views import map_view, table_view
from api.web.static_files import FOLDER
from tests.ingest.reports.sample import sample_report
from tests.report_words import report_words

pytestmark = pytest.mark.browser

RULES = {
    "runOnly": {
        "type": "tag",
        "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
    }
}
ADDRESS = "https://report.invalid/"
TERMS = (
    "紧缺职业排行",
    "招聘需求人数",
    "求职人数",
    "缺口数",
    "求人倍率",
    "环比",
    "同比",
    "排名",
    "职业",
    "无求职者",
    "已隐去",
    "未记录",
    "口径变更",
    "不可评估",
    "方法说明",
    "目录更新建议",
    "嘉兴",
    "平台观察到的数量",
    "集成电路",
    "预测区间",
)


@pytest.fixture
def show(browser):
    """Open HTML under an address, with the policy of our pages or none; complaints are kept."""
    contexts = []

    def open_page(html, *, width=1280, headers=None, **options):
        context = browser.new_context(viewport={"width": width, "height": 900}, **options)
        contexts.append(context)
        page = context.new_page()
        page.complaints, page.foreign = [], []
        page.on("console", lambda message: page.complaints.append(message.text))
        page.on("pageerror", lambda error: page.complaints.append(str(error)))

        def answer(route):
            name = route.request.url.removeprefix(ADDRESS)
            if name == "":
                route.fulfill(body=html, content_type="text/html; charset=utf-8", headers=headers)
            elif (FOLDER / name).is_file():
                route.fulfill(path=FOLDER / name)
            elif name == "favicon.ico":
                route.fulfill(status=204)
            else:
                page.foreign.append(name)
                route.abort()

        context.route("**/*", answer)
        page.goto(ADDRESS)
        return page

    yield open_page
    for context in contexts:
        context.close()


@pytest.fixture(scope="module")
def report():
    return sample_report()


def on_a_page(report, words):
    """Return charts and tables as the site's pages have them."""
    folder = Path(FOLDER).parent / "templates"
    environment = Environment(loader=FileSystemLoader(folder), autoescape=True)
    source = """{% import "_chart.html" as chart %}<!doctype html><html lang="{{ lang }}"><head>
    <meta name="viewport" content="width=device-width"><title>Charts</title><link rel="stylesheet" href="/style.css">
    <link rel="stylesheet" href="/charts.css"></head><body><main class="wide"><h1>Charts</h1>
    {% for view in views %}<h2>{{ view.caption }}</h2>{{ chart.figure(view) }}{% endfor %}</main></body></html>"""
    views = [*(table_view(table, words) for table in report.tables), map_view(report.map, words)]
    return environment.from_string(source).render(views=views, lang=words.lang)


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("width", [1280, 320])
@pytest.mark.parametrize("form", ["file", "page"])
def test_a_report_is_accessible_and_silent(show, report, lang, width, form):
    from axe_playwright_python.sync_playwright import Axe

    words = report_words(lang)
    html = html_report(report, words) if form == "file" else on_a_page(report, words)
    page = show(html, width=width, headers=SECURITY_HEADERS if form == "page" else None)
    assert page.complaints == []
    assert page.foreign == []
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    # The browser applied the style that the policy admits.
    assert (
        page.locator(".chart .series-1").first.evaluate("e => getComputedStyle(e).fill")
        == "rgb(15, 76, 92)"
    )
    # After the look at what the page itself does: axe brings its own script.
    page.close()
    page = show(html, width=width, bypass_csp=True)
    found = Axe().run(page, options=RULES)
    assert found.violations_count == 0, found.generate_report()


def test_every_chart_is_named_and_no_words_leave_it(show, report):
    for lang in ("zh", "en"):
        page = show(html_report(report, report_words(lang)))
        charts = page.get_by_role("img")
        assert charts.count() == 4
        for chart in charts.all():
            name = chart.get_attribute("aria-labelledby").split()
            assert all(page.locator(f"#{part}").inner_html() for part in name)
        outside = page.evaluate(
            """() => [...document.querySelectorAll('svg.chart text')].filter(text => {
              const box = text.getBBox(), view = text.ownerSVGElement.viewBox.baseVal;
              return box.x < -1 || box.y < -1 || box.x + box.width > view.width + 1
                || box.y + box.height > view.height + 1; }).map(text => text.textContent)"""
        )
        assert outside == []


def test_with_the_readers_own_colours_everything_is_drawn(show, report):
    page = show(html_report(report, report_words("zh")), forced_colors="active")
    style = "e => { const s = getComputedStyle(e); return [s.fill, s.stroke]; }"
    ground = page.evaluate("getComputedStyle(document.body).backgroundColor")
    for css in (".series-1", ".tile-1", ".tile-5", "text", ".on-dark", ".line"):
        fill, stroke = page.locator(f".chart {css}").first.evaluate(style)
        assert {fill, stroke} - {ground, "none"}, css
    dark = page.locator(".chart .on-dark").first.evaluate(style)[0]
    assert dark != page.locator(".chart .tile-5").first.evaluate(style)[0]


def test_the_printed_report_can_be_read_and_repeats_its_headings(show, report):
    words = report_words("zh")
    page = show(html_report(report, words))
    pdf = PdfReader(io.BytesIO(page.pdf(prefer_css_page_size=True)))
    # Chromium writes a few characters of Noto CJK as their look-alike radicals.
    texts = [unify(sheet.extract_text()) for sheet in pdf.pages]
    whole = "".join(texts)
    assert [term for term in TERMS if unify(term) not in whole] == []
    box = pdf.pages[0].mediabox
    assert (round(float(box.width)), round(float(box.height))) == (595, 842)

    ranked = [title for row in report.tables[0].rows if (title := words.said(row[1]))]
    on_page = [sum(unify(title) in text for title in ranked) for text in texts]
    inner = [text for text, found in zip(texts, on_page, strict=True) if found >= 20]
    assert len(inner) >= 3
    for term in ("求人倍率", "最早发布日期"):
        # The ranking and our own measures both reach over several pages.
        assert sum(term in text for text in inner) >= 2
    assert all("职业" in text for text in inner)
    assert all(
        text.endswith(f"{n}/{len(texts)}") or text.startswith(f"{n}/{len(texts)}")
        for n, text in enumerate(texts, start=1)
    )


def test_the_printed_report_clips_nothing(show, report):
    page = show(html_report(report, report_words("zh")), width=673)
    page.emulate_media(media="print")
    wide = page.evaluate(
        """() => [...document.querySelectorAll('table, svg.chart, td, th')].filter(
          part => part.getBoundingClientRect().right > innerWidth + 1).length"""
    )
    assert wide == 0


def unify(text):
    """Return a text without spaces, its look-alikes replaced (UAX #15, NFKC)."""
    return "".join(unicodedata.normalize("NFKC", text).split())
