"""The pages of a vacancy, of a candidate and of a comparison, as they are sent."""

from __future__ import annotations

import re
from datetime import date
from html import unescape
from urllib.parse import parse_qsl, urlsplit

import pytest
from starlette.testclient import TestClient

from api.app import create_app
from api.assembly import Bole, IndexNotReadyError
from api.settings import Settings
from search.backends.base import IndexUnavailableError
from tests.waiting import wait_until

EN = {"accept-language": "en", "accept": "text/html"}
HOSTILE = '<b>x</b>"><img src=x onerror=alert(1)>{{ 7*7 }}'
SCHOOL, FIRM, PHONE = "不应出现大学", "不应出现公司", "13800001111"
VACANCY = {
    "title": f"Java高级软件工程师 {HOSTILE}",
    "text": f"{HOSTILE} 负责交易平台。必须熟悉Spring Boot，有Kafka经验优先。工作地点杭州。",
    "skills": [
        {"name": "Java", "strength": "required"},
        {"name": "MySQL"},
        {"name": f"绣花 {HOSTILE}"},
    ],
    "years_at_least": 3,
    "education_at_least": "bachelor",
    "region": "330106",
    "pay_monthly_yuan_from": 20000,
    "pay_monthly_yuan_to": 30000,
    "role": 1,
}


def person(name, *skills, **more):
    return {
        "headline": f"{name} 后端工程师 {HOSTILE}",
        "summary": f"{name}，在{FIRM}做过订单系统，电话{PHONE}。{HOSTILE}",
        "skills": [{"name": skill} for skill in (*skills, HOSTILE)],
        "education": [{"level": "master", "school": SCHOOL}],
        "work": [{"title": "Java工程师", "employer": FIRM, "summary": f"在{FIRM}用 Spring Boot。"}],
    } | more


PEOPLE = {
    "able": person(
        "袋鼠甲", "Java", "Spring Boot", "MySQL", "Kafka", years_experience=6, region="330106",
        wishes={"regions": ["330100"], "pay_monthly_yuan": 20000},
    ),
    "unsaid": person("袋鼠乙", "Java", "Spring Boot"),
    "third": person("袋鼠丙", "Java", "Spring Boot", "MySQL", years_experience=4),
    "fourth": person("袋鼠丁", "Java", "Spring Boot", "Kafka", years_experience=5),
    "young": person("袋鼠戊", "Java", "Spring Boot", years_experience=1, region="330106"),
    "paused": person("袋鼠己", "Java", "Spring Boot", years_experience=5, status="paused"),
}  # fmt: skip


@pytest.fixture(scope="module")
def ids(client):

    found = {name: client.post("/v1/candidates", json=p).json()["id"] for name, p in PEOPLE.items()}
    found["vacancy"] = client.post("/v1/vacancies", json=VACANCY).json()["id"]
    wait_until(lambda: client.get("/v1/ready").json()["lag"] == 0)
    yield found
    for name, key in found.items():
        kind = "vacancies" if name == "vacancy" else "candidates"
        client.delete(f"/v1/{kind}/{key}", headers={"If-Match": "*"})


def page(client, address, status=200, **params):
    response = client.get(address, params=params or None, headers=EN)
    assert response.status_code == status, response.text[:1000]
    return response.text


def compare(client, ids, *names, status=200, **params):
    chosen = [ids[name] for name in names]
    return page(client, "/compare", status, vacancy=ids["vacancy"], candidate=chosen, **params)


def addresses(html, start):
    found = (unescape(a) for a in re.findall(r'href="([^"]+)"', html))
    return [a for a in found if a.startswith(start)]


def text_of(html):
    main = html.split("<main", 1)[1].split("</main>", 1)[0]
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", main)).split())


def fields(html):
    """Return the form of the requirements as a browser would send it."""
    form = html.split('class="needs"', 1)[1].split("</form>", 1)[0]
    sent = re.findall(
        r'<input type="(?:hidden|number)"[^>]* name="([^"]+)"[^>]* value="([^"]*)"', form
    )
    for name, body in re.findall(r'<select [^>]*name="([^"]+)"[^>]*>(.*?)</select>', form, re.S):
        sent += [(name, value) for value in re.findall(r'<option value="([^"]*)" selected', body)]
    return [(unescape(name), unescape(value)) for name, value in sent]


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("kind", ["vacancy", "candidate", "roles", "compare", "few"])
def test_every_page_is_self_contained_escaped_and_in_its_language(client, ids, lang, kind):
    from tests.api.test_pages import links

    address = {
        "vacancy": f"/vacancies/{ids['vacancy']}?",
        "candidate": f"/candidates/{ids['able']}?",
        "roles": f"/candidates/{ids['able']}?target=roles&",
        "compare": f"/compare?vacancy={ids['vacancy']}&candidate={ids['able']}&candidate={ids['young']}&",
        "few": f"/compare?vacancy={ids['vacancy']}&",
    }[kind]
    client.cookies.clear()
    html = client.get(f"{address}lang={lang}", headers={"accept": "text/html"}).text
    client.cookies.clear()
    assert f'<html lang="{"zh-CN" if lang == "zh" else "en"}">' in html
    found = links(html)
    assert found.inline == []
    assert all(a.startswith(("/", "?", "#")) for a in found.addresses)
    assert "<b>x</b>" not in html
    assert "<img" not in html
    assert "{{ 7*7 }}" in unescape(html)


def test_names_are_masked_where_an_employer_looks(client, ids):
    shown = [
        page(client, f"/vacancies/{ids['vacancy']}"),
        compare(client, ids, "able", "unsaid"),
        compare(client, ids, "able", "young", "third", "fourth"),
        compare(client, ids, "young", "paused"),
    ]
    for html in shown:
        assert not [name for name in (SCHOOL, FIRM, PHONE) if name in html]
    assert "█" in shown[0]
    assert f"/candidates/{ids['able']}" not in shown[0] + shown[1]
    own = page(client, f"/candidates/{ids['able']}")
    assert SCHOOL in own
    assert FIRM in own


def test_a_vacancy_shows_its_requirements_where_they_were_read(client, ids):
    html = page(client, f"/vacancies/{ids['vacancy']}")
    assert '<mark class="required">Spring Boot</mark>' in html
    assert '<mark class="favoured">Kafka</mark>' in html
    shown = text_of(html)
    assert "stated in the vacancy" in shown
    assert "20,000–30,000" in shown
    assert re.search(r"\d+ candidates pass every hard requirement", shown)
    assert re.search(r"Without “3[^”]*” \d+ more would qualify", shown)
    assert "suggested 45" in shown
    assert "is missing and counts most" in shown
    assert "ask about “3" in shown
    assert "Skill gap" in shown
    assert re.search(r"Both together \d+\.\d of 100\.0", shown)


def test_the_form_keeps_what_it_was_sent(client, ids):
    address = f"/vacancies/{ids['vacancy']}"
    first = dict(fields(page(client, address)))
    assert first["need.skill:java"] == ""
    assert first["weight.skills"] == ""
    sent = first | {
        "need.skill:java": "optional",
        "need.years:3": "drop",
        "weight.skills": "12.5",
        "weight.years": "0",
    }
    html = page(client, address, **sent)
    assert dict(fields(html)) == sent
    assert '<option value="" selected' in html
    # What the links carry is what was changed, and no more.
    (dropped, *_) = addresses(html, f"{address}?need.skill")
    held = dict(parse_qsl(urlsplit(dropped).query))
    assert held["need.skill:java"] == "optional"
    assert held["need.years:3"] == "drop"
    assert held["weight.skills"] == "12.5"
    assert "used here 0.0" not in page(client, address)
    assert "袋鼠戊" in html
    assert "袋鼠戊" not in page(client, address)


def test_choices_that_change_nothing_are_left_out_of_links(client, ids):
    html = page(
        client, f"/vacancies/{ids['vacancy']}", **{"need.skill:java": "required", "need.no": "drop"}
    )
    assert "Back to as read" not in html
    assert "need.no" not in html.split("<main")[1]


def test_a_dropped_requirement_is_not_marked(client, ids):
    html = page(client, f"/vacancies/{ids['vacancy']}", **{"need.skill:kafka": "drop"})
    assert ">Kafka</mark>" not in html
    assert "Back to as read" in html


@pytest.mark.parametrize(
    ("params", "field"),
    [
        ({"need.skill:java": "CANARY"}, "need"),
        ({"need." + "CANARY" * 400: "drop"}, "need"),
        ({f"need.CANARY{n}": "drop" for n in range(201)}, "need"),
        ({"candidate": [f"{n:026d}" for n in range(101)]}, "candidate"),
        ({"weight.skills": "CANARY"}, "weight.skills"),
        ({"weight.skills": "101"}, "weight.skills"),
        ({"weight.skills": "nan"}, "weight.skills"),
        ({"page": "0"}, "page"),
        ({"page": "9" * 30}, "page"),
        ({"target": "CANARY"}, "target"),
    ],
)
def test_bad_parameters_are_named(client, ids, params, field):
    html = page(client, f"/vacancies/{ids['vacancy']}", 422, **params)
    assert f"<strong>{field}</strong>" in html
    assert "CANARY" not in html.split("<main")[1]


def test_what_no_form_sends_is_left_out(client, ids):
    odd = {
        "need.\x00": "drop",
        "weight.beauty": "3",
        "candidate": "CANARY",
        "x": "\ufffd",
        "page": "",
    }
    html = page(client, f"/vacancies/{ids['vacancy']}", **odd)
    assert "CANARY" not in html.split("<main")[1]


@pytest.mark.parametrize(
    "address",
    ["/vacancies/" + "0" * 26, "/vacancies/x", "/candidates/x", "/compare?vacancy=x"],
)
def test_what_is_not_there_is_the_page_that_says_so(client, address):
    assert "Page not found" in page(client, address, 404)


def test_a_record_is_not_shown_as_another_kind(client, ids):
    page(client, f"/vacancies/{ids['able']}", 404)
    page(client, f"/candidates/{ids['vacancy']}", 404)
    page(client, "/compare", 404, vacancy=ids["vacancy"], candidate=[ids["able"], ids["vacancy"]])


def test_a_candidate_has_vacancies_and_roles_in_tabs(client, ids):
    html = page(client, f"/candidates/{ids['able']}")
    assert f'href="/vacancies/{ids["vacancy"]}"' in html
    assert 'aria-current="page">Vacancies</a>' in html
    roles = page(client, f"/candidates/{ids['able']}", target="roles")
    assert 'aria-current="page">Shortage roles</a>' in roles
    assert re.search(r'href="/roles/\d+"', roles)
    assert "92 roles of the catalogue" in roles
    last = page(client, f"/candidates/{ids['able']}", target="roles", page="10")
    assert '<span class="hidden">Rank </span>92' in last
    assert '<span class="hidden">Rank </span>80<' not in last


def test_two_to_four_can_be_compared(client, ids):
    for names in (["able"], ["able", "able"], []):
        html = compare(client, ids, *names, status=422)
        assert "Choose at least 2" in html
        assert "<table" not in html
    many = compare(client, ids, "able", "unsaid", "third", "fourth", "young", status=422)
    assert "Choose at most 4" in many
    (back, *_) = addresses(many, f"/vacancies/{ids['vacancy']}?candidate")
    html = page(client, back)
    chosen = re.findall(r'name="candidate" value="([^"]+)" form="compare" checked', html)
    assert ids["able"] in chosen
    assert "Side by side" in compare(client, ids, "able", "unsaid", "third", "fourth")


def test_a_comparison_has_a_cell_for_each_requirement_and_candidate(client, ids):
    html = compare(client, ids, "young", "able", "unsaid")
    heads = re.findall(r'<th scope="col">.*?</th>', html, re.S)
    assert len(heads) == 4
    assert "袋鼠甲" in heads[1]  # the best is first
    assert "袋鼠戊" in heads[3]  # whom a requirement excludes is last
    rows = re.findall(r'<tr><th scope="row">.*?</tr>', html, re.S)
    assert all(row.count("<td") == 3 for row in rows)
    years = next(text_of(f"<main>{row}</main>") for row in rows if re.search(r">3[^<]* years", row))
    assert years.split("✓")[0].endswith("required ")
    assert ["met" in years, "not stated" in years, "✗ missing" in years] == [True] * 3
    assert "fails a hard requirement" in html
    assert html.count("Remove") == 3
    assert "Remove" not in compare(client, ids, "able", "unsaid")


def test_a_comparison_counts_as_the_vacancy_does(client, ids):
    edited = {"need.years:3": "favoured", "weight.skills": "5"}
    html = page(client, f"/vacancies/{ids['vacancy']}", **edited)
    card = next(c for c in html.split("<article")[1:] if "袋鼠甲" in c.split("</h3>")[0])
    whole = re.search(r'class="whole">.*?<dd>([\d.]+)', card).group(1)
    table = compare(client, ids, "able", "young", **edited)
    assert f"<strong>{whole}</strong>" in table
    assert "fails a hard requirement" not in table
    assert "as you changed them" in table


def test_what_is_banned_is_missing_in_whoever_has_it(client, ids):
    html = compare(client, ids, "able", "unsaid", **{"need.skill:mysql": "banned"})
    row = next(r for r in html.split("<tr>") if "MySQL" in r and "excluded</span></th>" in r)
    assert row.index("✓") < row.index("✗")
    assert "fails a hard requirement" in html


def test_who_is_paused_is_not_compared(client, ids):
    html = compare(client, ids, "able", "unsaid", "paused")
    assert "1 of those chosen cannot be shown now" in html
    assert "袋鼠己" not in html
    assert "Fewer than 2" in compare(client, ids, "able", "paused")


@pytest.mark.parametrize("error", [IndexNotReadyError("x"), IndexUnavailableError("x")])
def test_without_an_index_the_records_are_shown(client, ids, monkeypatch, error):
    def away(self, *_):
        raise error

    monkeypatch.setattr(Bole, "matching_for", away)
    monkeypatch.setattr(Bole, "search_for", away)
    for address in (f"/vacancies/{ids['vacancy']}", f"/candidates/{ids['able']}"):
        shown = text_of(page(client, address))
        assert "Matches cannot be shown now" in shown
        assert "Spring Boot" in shown
    table = compare(client, ids, "able", "unsaid")
    assert "Matches cannot be shown now" in table
    assert "Java高级软件工程师" in table


def test_pages_of_candidates_follow_each_other(tmp_path):

    bole = Bole(Settings(data_dir=tmp_path, as_of=date(2026, 11, 24)))
    with TestClient(create_app(bole), raise_server_exceptions=False) as client:
        for n in range(12):
            body = {"headline": f"Java engineer {n}", "skills": [{"name": "Java"}]}
            client.post("/v1/candidates", json=body)
        key = client.post("/v1/vacancies", json={"title": "Java engineer"}).json()["id"]
        wait_until(lambda: client.get("/v1/ready").status_code == 200)
        wait_until(lambda: client.get("/v1/ready").json()["lag"] == 0)
        first = page(client, f"/vacancies/{key}", **{"weight.skills": "3"})
        (following,) = {a for a in addresses(first, f"/vacancies/{key}?") if "page=2" in a}
        second = page(client, following)
        assert first.count("<article") == 10
        assert second.count("<article") == 2
        assert '<span class="hidden">Rank </span>11<' in second
        assert 'name="weight.skills"' in second
        assert 'value="3"' in second


def test_hits_of_a_search_lead_to_these_pages(client, ids):
    html = page(client, "/", q="Java高级软件工程师 Spring Boot", target="vacancies")
    assert f'href="/vacancies/{ids["vacancy"]}"' in html
    html = page(client, "/", q="袋鼠甲 后端工程师", target="candidates")
    assert f'href="/candidates/{ids["able"]}"' in html
