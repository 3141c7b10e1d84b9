"""The public pages, as they are sent: language, chips, cards, filters, pages of results, errors."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from urllib.parse import parse_qs, urlsplit

import pytest

EN = {"accept-language": "en"}


class Links(HTMLParser):
    """Collects addresses, and the attributes that a strict policy would block."""

    def __init__(self):
        super().__init__()
        self.addresses, self.inline = [], []

    def handle_starttag(self, tag, attrs):
        for name, value in attrs:
            if name in {"href", "src", "action"}:
                self.addresses.append(value)
            if name == "style" or name.startswith("on") or tag == "script":
                self.inline.append((tag, name))


def links(html):
    parser = Links()
    parser.feed(html)
    return parser


@pytest.mark.parametrize(
    "address", ["/", "/?q=java", "/?q=幼儿园教师", "/roles", "/roles/9", "/about", "/none", "/?q="]
)
@pytest.mark.parametrize("lang", ["zh", "en"])
def test_a_page_is_self_contained_and_in_its_language(client, address, lang):
    join = "&" if "?" in address else "?"
    html = client.get(f"{address}{join}lang={lang}", headers={"accept": "text/html"}).text
    assert f'<html lang="{"zh-CN" if lang == "zh" else "en"}">' in html
    found = links(html)
    assert found.inline == []
    assert all(address.startswith(("/", "?", "#")) for address in found.addresses)


def test_the_language_follows_link_cookie_and_browser(client):
    client.cookies.clear()
    assert 'lang="zh-CN"' in client.get("/").text[:200]
    assert '<html lang="en">' in client.get("/", headers=EN).text
    client.get("/?lang=en")
    assert '<html lang="en">' in client.get("/", headers={"accept-language": "zh"}).text
    client.cookies.clear()


def test_the_language_link_keeps_the_page(client):
    html = client.get("/?q=java&target=candidates&page=1", headers=EN).text
    (switch,) = re.findall(r'class="language" href="([^"]+)"', html)
    assert parse_qs(urlsplit(switch.replace("&amp;", "&")).query) == {
        "q": ["java"], "target": ["candidates"], "page": ["1"], "lang": ["zh"],
    }  # fmt: skip


def test_a_chip_is_a_link_without_its_condition(client):
    html = client.get("/", params={"q": "Java 杭州"}, headers=EN).text
    chips = [a.replace("&amp;", "&") for a in re.findall(r'class="chip[^"]*" href="([^"]+)"', html)]
    hangzhou = next(a for a in chips if "place%3A330100" in a)
    after = client.get(hangzhou, headers=EN).text
    assert "<s>Hangzhou</s>" in after
    assert 'href="/?q=Java+%E6%9D%AD%E5%B7%9E"' in after  # the way back


def test_a_card_says_why_with_what_is_missing_and_unknown(client):
    html = client.get("/", params={"q": "Spring Boot 绣花 Kubernetes 杭州"}, headers=EN).text
    assert "Why this matches" in html
    assert 'class="state found"' in html
    assert 'class="state unknown"' in html


def test_no_match_is_said_with_the_fields_to_start_from(client):
    html = client.get("/", params={"q": "幼儿园教师"}, headers=EN).text
    assert "Nothing matches" in html
    assert "/roles?field=integrated-circuits" in html


def test_filters_are_a_form_that_keeps_the_question(client):
    html = client.get("/", params={"q": "java", "field": "software"}, headers=EN).text
    assert '<input type="hidden" name="q" value="java">' in html
    assert re.search(r'name="field" value="software" checked', html)
    assert "Clear all filters" in html


def test_pages_of_results_are_links(client):
    html = client.get("/", params={"q": "软件工程师", "page": "2"}, headers=EN).text
    assert 'aria-current="page" >2<' in html
    assert 'rel="prev"' in html
    assert "(Page 2 of" in html


def test_a_role_page_has_all_that_is_printed_and_marks_our_own_work(client):
    html = client.get("/roles/9").text
    assert "集成电路版图设计工程师" in html
    assert "附件1" in html
    assert "第 9 行" in html
    assert "本站整理" in html


def test_a_measure_that_has_ended_is_shown_as_ended(client):
    html = client.get("/roles/9", headers=EN).text
    assert 'class="standing ended"' in html
    assert "no successor in the sources" in html


@pytest.mark.parametrize("number", ["0", "93", "x", "9" * 30, "９"])
def test_a_role_that_is_not_there_is_a_page_that_says_so(client, number):
    response = client.get(f"/roles/{number}", headers={**EN, "accept": "text/html"})
    assert response.status_code == 404
    assert "Page not found" in response.text


def test_the_catalogue_can_be_browsed_by_field_and_searched(client):
    html = client.get("/roles", params={"field": "integrated-circuits"}, headers=EN).text
    assert html.count("<ol") == 1
    assert "No title in the catalogue" in client.get("/roles?q=zzz", headers=EN).text


@pytest.mark.parametrize(
    "hostile", ["<b>x</b>", '"><img src=x onerror=alert(1)>', "{{ 7*7 }}", "javascript:alert(1)"]
)
def test_what_people_write_is_text(client, eventually, hostile):
    body = {"headline": f"engineer {hostile}", "summary": hostile, "skills": [{"name": hostile}]}
    created = client.post("/v1/candidates", json=body).json()
    page = client.get(created["url"].removeprefix("/v1"), headers=EN).text
    assert links(page).inline == []
    assert "<b>x</b>" not in page
    assert "49" not in page.split("<main")[1].split("</main")[0].replace(created["id"], "")


def test_static_files_are_kept_by_their_hash(client):
    html = client.get("/").text
    (style,) = re.findall(r'href="(/static/style\.css\?v=[0-9a-f]{12})"', html)
    response = client.get(style)
    assert "immutable" in response.headers["cache-control"]
    assert "no-cache" in client.get("/static/style.css").headers["cache-control"]
