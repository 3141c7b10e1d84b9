"""What an employer is shown of people, before and after they agree; and what is noted of it."""

from __future__ import annotations

from datetime import timedelta

import pytest

from api.alerts import evaluate
from search.accounts.contacts import Contact

HIDDEN = ("海康威视", "浙江大学", "李雷", "13800138000", "li@example.org")


@pytest.mark.parametrize("who", ["hr_a", "hr_b", "office"])
def test_people_are_shown_de_identified_everywhere(installation, who):
    ids = installation.ids
    bodies = {"text": "Java 后端 支付平台", "target": "candidates"}
    shown = [
        installation.ask(who, "POST", "/v1/search", json=bodies),
        installation.ask(who, "GET", f"/v1/candidates/{ids['agreed']}"),
        installation.page(who, "GET", f"/candidates/{ids['agreed']}"),
        installation.page(who, "GET", "/?q=Java&target=candidates"),
    ]
    if who == "hr_a":
        shown += [
            installation.ask(who, "POST", "/v1/match", json={"vacancy_id": ids["open_a"]}),
            installation.page(who, "GET", f"/vacancies/{ids['open_a']}"),
            installation.page(
                who, "GET", f"/compare?vacancy={ids['open_a']}&candidate={ids['agreed']}&candidate={ids['other']}"
            ),
        ]  # fmt: skip
    for answer in shown:
        assert answer.status_code == 200, answer.text[:300]
        for name in HIDDEN:
            assert name not in answer.text
    found = {hit["id"] for hit in shown[0].json()["hits"]}
    assert f"candidate:{ids['agreed']}" in found
    assert f"candidate:{ids['silent']}" not in found


def test_who_agreed_to_nothing_is_in_no_count(installation):
    def ask(who):
        answer = installation.ask(
            who, "POST", "/v1/search", json={"text": "Java", "target": "candidates"}
        )
        return {hit["id"].partition(":")[2] for hit in answer.json()["hits"]}, answer.json()

    ids = installation.ids
    seen, body = ask("hr_b")
    assert seen >= {ids["agreed"], ids["other"]}
    assert not seen & {ids["silent"], ids["pool_a"]}
    assert body["total"] == len(seen)
    assert ids["pool_a"] in ask("hr_a")[0]
    assert ask("anonymous")[0] == set()
    # Their own, others of which may have been added, and nobody else's.
    own = ask("candidate")[0]
    assert own & set(ids.values()) == {ids["agreed"]}
    owner = installation.accounts["candidate"].principal.owner
    assert {installation.bole.store.get(key).owner for key in own} == {owner}
    facets = body["facets"]["skill"]
    assert max(entry["count"] for entry in facets) <= body["total"]


def test_a_persons_own_profile_is_shown_whole(installation):
    answer = installation.ask("candidate", "GET", f"/v1/candidates/{installation.ids['agreed']}")
    assert answer.json()["record"]["work"][0]["employer"] == "海康威视"
    assert (
        "海康威视"
        in installation.page("candidate", "GET", f"/candidates/{installation.ids['agreed']}").text
    )


def test_agreeing_shows_what_was_agreed_to_and_withdrawing_ends_it(installation):
    ids, ask = installation.ids, installation.ask
    person, vacancy = ids["other"], ids["open_b"]
    contact = f"/v1/candidates/{person}/contact"
    installation.bole.contacts.put_details(
        [(person, Contact("韩梅梅", "13900139000", "han@example.org"))]
    )
    made = ask(
        "hr_b", "POST", "/v1/contact-requests", json={"vacancy_id": vacancy, "candidate_id": person}
    )
    assert made.status_code == 201
    again = ask(
        "hr_b", "POST", "/v1/contact-requests", json={"vacancy_id": vacancy, "candidate_id": person}
    )
    assert again.json()["id"] == made.json()["id"]
    assert ask("hr_b", "GET", contact).status_code == 403
    answer = f"/v1/contact-requests/{made.json()['id']}/answer"
    assert (
        ask("hr_b", "POST", answer, json={"answer": "agree", "fields": ["name"]}).status_code == 403
    )
    assert ask("other", "POST", answer, json={"answer": "agree", "fields": []}).status_code == 422
    agreed = ask("other", "POST", answer, json={"answer": "agree", "fields": ["name", "employers"]})
    assert (agreed.json()["state"], agreed.json()["fields"]) == ("agreed", ["name", "employers"])
    got = ask("hr_b", "GET", contact).json()
    assert got == {"name": "韩梅梅", "phone": "", "email": "", "agreed": ["employers", "name"]}
    record = ask("hr_b", "GET", f"/v1/candidates/{person}").json()["record"]
    assert record["work"][0]["employer"] == "海康威视"
    assert record["education"][0]["school"] is None
    # Another employer gets nothing of it.
    assert ask("hr_a", "GET", contact).status_code == 403
    assert "海康威视" not in ask("hr_a", "GET", f"/v1/candidates/{person}").text
    noted = [
        (entry.action, entry.detail) for entry in installation.bole.access_log.of_record(person)
    ]
    assert ("contact", "employers,name") in noted
    assert "韩梅梅" not in str(noted)
    assert ask("other", "POST", answer, json={"answer": "withdraw"}).json()["state"] == "withdrawn"
    assert ask("hr_b", "GET", contact).status_code == 403
    assert "海康威视" not in ask("hr_b", "GET", f"/v1/candidates/{person}").text


def test_an_account_is_shown_the_details_of_so_many_people_a_day(own_installation):
    bole, ask, ids = own_installation.bole, own_installation.ask, own_installation.ids
    for person, who in (("agreed", "candidate"), ("other", "other")):
        body = {"vacancy_id": ids["open_b"], "candidate_id": ids[person]}
        made = ask("hr_b", "POST", "/v1/contact-requests", json=body).json()["id"]
        answer = {"answer": "agree", "fields": ["name"]}
        address = f"/v1/contact-requests/{made}/answer"
        assert ask(who, "POST", address, json=answer).status_code == 200

    def shown(person):
        return ask("hr_b", "GET", f"/v1/candidates/{ids[person]}/contact")

    account = own_installation.accounts["hr_b"].principal
    strangers = [f"{number:026}" for number in range(99)]
    bole.access_log.note(account, "contact", strangers, "name")
    assert shown("agreed").status_code == 200
    refused = shown("other")
    assert refused.status_code == 429
    assert "100" in refused.json()["detail"]
    assert 86_000 < int(refused.headers["retry-after"]) <= 86_400
    # Whom the account was shown already is shown again; another account counts for itself.
    assert shown("agreed").status_code == 200
    assert bole.access_log.people_of(account.account_id, "read", bole.now() - timedelta(1)) == {}
    tomorrow = bole.now() + timedelta(days=1)
    assert bole.access_log.people_of(account.account_id, "contact", tomorrow) == {}


def test_each_reading_of_a_person_is_noted(installation):
    person = installation.ids["agreed"]
    log = installation.bole.access_log
    before = len(log.of_record(person))
    for _ in range(5):
        installation.ask("hr_a", "GET", f"/v1/candidates/{person}")
    installation.ask("candidate", "GET", f"/v1/candidates/{person}")
    assert [entry.action for entry in log.of_record(person)[before:]] == ["read"] * 5
    assert log.problems() == []


def test_withdrawing_consent_hides_at_once(installation):
    bole, ids = installation.bole, installation.ids
    person = ids["agreed"]
    data = {"contact": "yes", "statistics": "yes"}
    assert installation.page("candidate", "POST", "/me/consents", data=data).status_code == 303
    # Before the index has followed: what is read directly is judged by the record itself.
    assert installation.ask("hr_a", "GET", f"/v1/candidates/{person}").status_code == 404
    answer = installation.ask(
        "hr_a", "POST", "/v1/search", json={"text": "Java", "target": "candidates"}
    )
    assert f"candidate:{person}" not in {hit["id"] for hit in answer.json()["hits"]}
    data["matching"] = "yes"
    assert installation.page("candidate", "POST", "/me/consents", data=data).status_code == 303
    assert installation.ask("hr_a", "GET", f"/v1/candidates/{person}").status_code == 200
    history = [one for one in bole.store.get(person).record.consents if one.purpose == "matching"]
    assert [one.withdrawn is not None for one in history] == [True, False]
    assert history[-1].text_version
    installation.wait()


@pytest.mark.parametrize(
    ("scopes", "method", "address", "status"),
    [
        (("read",), "GET", "/v1/vacancies", 200),
        (("write",), "GET", "/v1/vacancies", 403),
        (("read",), "POST", "/v1/vacancies", 403),
        (("read", "write"), "GET", "/v1/exports/vacancies", 403),
        (("export",), "GET", "/v1/exports/vacancies", 200),
    ],
)
def test_a_key_allows_what_its_scopes_say(installation, scopes, method, address, status):
    more = {"json": {"title": "Java"}} if method == "POST" else {}
    assert installation.ask("hr_b", method, address, scopes=scopes, **more).status_code == status


def test_saved_searches_find_what_their_owner_may_see(installation):
    bole, ids = installation.bole, installation.ids
    criteria = {"criteria": {"text": "Java", "target": "candidates"}}
    made = {
        who: installation.ask(who, "POST", "/v1/saved-searches", json={"name": "java"} | criteria)
        for who in ("hr_b", "silent")
    }
    # Every profile changes after the searches were saved.
    for name in ("agreed", "silent", "pool_a"):
        stored = bole.store.get(ids[name])
        changed = stored.record.model_copy(update={"certificates": ("OCP",)})
        bole.store.replace(stored.id, changed, stored.version)
    bole.changed()
    installation.wait()
    evaluate(bole.saved_searches, bole.backend, bole.search_of)
    found = {}
    for who, answer in made.items():
        alerts = installation.ask(who, "GET", f"{answer.json()['url']}/alerts").json()["items"]
        found[who] = {item["record_id"] for item in alerts}
    assert ids["agreed"] in found["hr_b"]
    assert not found["hr_b"] & {ids["silent"], ids["pool_a"]}
    assert found["silent"] == {ids["silent"]}
