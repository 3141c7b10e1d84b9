"""Every parameter and every field of a body, as published × values that have broken servers.

The fields come from the published schema, so that a new one is put to the test with the others. An
answer has a status that is published, is no 5xx, and a refusal names the field in the language that
was asked for. tests/api/test_hostile_input.py says field by field what must be refused.
"""

from __future__ import annotations

import copy
import json
from urllib.parse import quote

import pytest

from api.app import create_app
from api.assembly import Bole
from api.settings import Settings

DESCRIBED = create_app(Bole(Settings())).openapi()
SCHEMAS = DESCRIBED["components"]["schemas"]
OPERATIONS = [
    pytest.param(path, method, operation, id=f"{method.upper()} {path}")
    for path, operations in DESCRIBED["paths"].items()
    for method, operation in operations.items()
]
CANARY = "CANARY"
HUGE = "1" + "0" * 20
DEEP = 100_000

#: Raw JSON, byte by byte as it is sent.
RAW = {
    "half": b'"CANARY\\ud800"', "halves the wrong way round": b'"\\udc00\\ud800"', "NUL": b'"CANARY\\u0000"',
    "NaN": b"NaN", "infinity": b"-Infinity", "1e400": b"1e400", "-1e400": b"-1e400", "10^20": HUGE.encode(),
    "-10^20": b"-" + HUGE.encode(), "2^63": b"9223372036854775808", "-2^63-1": b"-9223372036854775809",
    "5000 digits": b"9" * 5000, "tiny": b"1e-400", "minus zero": b"-0.0", "true": b"true", "null": b"null",
    "empty": b'""', "blank": '" \u3000\u2003 "'.encode(), "list": b'["CANARY"]', "object": b'{"CANARY": 1}',
    "deep list": b"[" * DEEP + b"]" * DEEP, "deep object": b'{"a":' * DEEP + b"1" + b"}" * DEEP,
    "1 MB": b'"' + b"x" * 1_000_000 + b'"', "1 MB of digits": b"9" * 1_000_000,
    "bidi": '"\u202eCANARY\u202c\u2066x\u2069"'.encode(), "zero width": '"\u200b\u200d\ufeff\u2060"'.encode(),
    "hanzi of four bytes": '"𠮷野家𠮷"'.encode(), "full width": '"３３０１００"'.encode(),
    "NFD": '"e\u0301gale\u0301"'.encode(), "noncharacter": '"\uffff\U0010ffff"'.encode(),
    "GB18030": b'"\xc4\xe3\xba\xc3"', "GB18030 of four bytes": b'"\x81\x30\x81\x30"', "bad UTF-8": b'"\xff\xfe"',
    "overlong": b'"\xc0\xaf"', "surrogate in UTF-8": b'"\xed\xa0\x80"', "markup": b'"<script>CANARY</script>"',
    "statement": b"\"'; DROP TABLE record;--\"", "control": b'"\\u001b[31m\\u0007\\r\\n"', "bare control": b'"a\x01b"',
}  # fmt: skip
#: What a parameter is sent as; in addresses percent by percent.
PLAIN = {
    "half": b"CANARY\xed\xa0\x80", "NUL": b"CANARY\0", "NaN": b"NaN", "infinity": b"-Infinity", "1e400": b"1e400",
    "10^20": HUGE.encode(), "-10^20": b"-" + HUGE.encode(), "2^63": b"9223372036854775808", "5000 digits": b"9" * 5000,
    "empty": b"", "blank": " \u3000".encode(), "60 kB": b"x" * 60_000, "bidi": "\u202eCANARY".encode(),
    "zero width": "\u200b\u200d\ufeff".encode(), "hanzi of four bytes": "𠮷".encode(), "full width": "９".encode(),
    "NFD": "e\u0301".encode(), "GB18030": b"\xc4\xe3\xba\xc3", "bad UTF-8": b"\xff\xfe", "overlong": b"\xc0\xaf",
    "deep": b"[" * 5000, "markup": b"<script>CANARY</script>", "statement": b"' OR 1=1;--", "line": b"a\r\nX-Y: z",
    "true": b"true", "date": b"2026-02-30", "year": b"99999-01-01", "path": b"..", "minus": b"-1", "zero": b"0",
    "superscript": "²".encode(), "percent": b"%zz",
}  # fmt: skip


def example_of(operation):
    """Return the first published example of a body, or None where there is no body."""
    content = operation.get("requestBody", {}).get("content", {}).get("application/json")
    if content is None:
        return None
    return SCHEMAS[content["schema"]["$ref"].rpartition("/")[2]]["examples"][0]


def leaves(schema, path=(), depth=0):
    """Yield the paths of all fields that a schema has, as far down as it repeats nothing."""
    if depth > 6:
        return
    if "$ref" in schema:
        schema = SCHEMAS[schema["$ref"].rpartition("/")[2]]
    for part in (*schema.get("anyOf", ()), *schema.get("oneOf", ()), *schema.get("allOf", ())):
        yield from leaves(part, path, depth + 1)
    for name, member in schema.get("properties", {}).items():
        yield (*path, name)
        yield from leaves(member, (*path, name), depth + 1)
    if isinstance(schema.get("items"), dict):
        yield (*path, 0)
        yield from leaves(schema["items"], (*path, 0), depth + 1)
    if isinstance(schema.get("additionalProperties"), dict):
        yield (*path, "a name")
        yield from leaves(schema["additionalProperties"], (*path, "a name"), depth + 1)


def put(body, path, value):
    """Return a body with another value at a path; what leads there is made where it is missing."""
    if not path:
        return value
    step, rest = path[0], path[1:]
    if step == 0:
        first = body[0] if isinstance(body, list) and body else None
        return [put(first, rest, value), *(body[1:] if isinstance(body, list) else ())]
    known = dict(body) if isinstance(body, dict) else {}
    return {**known, step: put(known.get(step), rest, value)}


def address_of(path, operation, value=b"none", name=None):
    """Return the address, with a value for one part of the path and something harmless for the others."""
    for parameter in operation.get("parameters", ()):
        if parameter["in"] == "path":
            sent = value if parameter["name"] == name else b"9"
            path = path.replace(f"{{{parameter['name']}}}", quote(sent, safe=""))
    return path


def fault(answer, operation, lang):
    """Return what is wrong with an answer, or ""."""
    status = str(answer.status_code)
    # A part of the path that is empty or leads elsewhere makes another address.
    if status not in {*operation["responses"], "404", "405"} or status.startswith("5"):
        return f"status {status} is not published: {answer.text[:200]}"
    if answer.status_code < 400:
        return ""
    if answer.headers["content-type"] != "application/problem+json":
        return f"a refusal as {answer.headers['content-type']}"
    problem = answer.json()
    if problem["status"] != answer.status_code or not problem["detail"]:
        return f"a problem without its status or detail: {problem}"
    if answer.status_code in {400, 422} and not all(
        error["field"] and error["message"] for error in problem["errors"] or [{"field": ""}]
    ):
        return f"a refusal that names no field: {problem}"
    is_chinese = any("\u4e00" <= character <= "\u9fff" for character in problem["detail"])
    if is_chinese != (lang == "zh"):
        return f"a refusal in another language than {lang}: {problem['detail']}"
    return "what was sent is repeated" if CANARY in answer.text else ""


@pytest.fixture(scope="module")
def tally(request):
    """Count the requests, and say in the end how many there were."""
    found = {"requests": 0, "fields": 0}
    yield found
    capture = request.config.pluginmanager.get_plugin("capturemanager")
    with capture.global_and_fixture_disabled():
        request.config.get_terminal_writer().line(
            f"\n{found['requests']} requests with hostile values in {found['fields']} fields"
        )


@pytest.mark.parametrize(("path", "method", "operation"), OPERATIONS)
def test_no_value_of_any_parameter_breaks_anything(filled_client, tally, path, method, operation):
    wrong = []
    body = example_of(operation)
    for parameter in operation.get("parameters", ()):
        tally["fields"] += 1
        place, name = parameter["in"], parameter["name"]
        for turn, (kind, value) in enumerate(PLAIN.items()):
            lang = ("zh", "en")[turn % 2]
            headers = {b"accept-language": lang.encode(), b"if-match": b"*"}
            address = address_of(path, operation, value, name if place == "path" else None)
            if place == "query":
                address += f"?{name}={quote(value, safe='')}"
            elif place == "header":
                if b"\0" in value or b"\n" in value:
                    continue  # no server lets them through
                headers[name.encode()] = value
            asked = {"headers": headers} | ({} if body is None else {"json": body})
            answer = filled_client.request(method, address, **asked)
            tally["requests"] += 1
            # `lang` itself decides on the language, where it can be read.
            said = fault(answer, operation, lang)
            if said and not (name == "lang" and "language" in said):
                wrong.append(f"{place} {name} = {kind}: {said}")
    assert wrong == []


@pytest.mark.parametrize(
    ("path", "method", "operation"),
    # A sheet has no fields: tests/api/access/test_imports.py sends hostile ones.
    [case for case in OPERATIONS if example_of(case.values[2]) is not None],
)
def test_no_value_of_any_field_breaks_anything(filled_client, tally, path, method, operation):
    wrong = []
    body = example_of(operation)
    schema = operation["requestBody"]["content"]["application/json"]["schema"]
    places = [(), *dict.fromkeys(leaves(schema))]
    assert len(places) > 1
    for place in places:
        tally["fields"] += 1
        template = json.dumps(put(copy.deepcopy(body), place, "@@")).encode()
        before, _, after = template.partition(b'"@@"')
        for turn, (kind, raw) in enumerate(RAW.items()):
            lang = ("zh", "en")[turn % 2]
            answer = filled_client.request(
                method,
                address_of(path, operation),
                content=before + raw + after,
                headers={
                    "content-type": "application/json", "accept-language": lang, "if-match": "*",
                },
            )  # fmt: skip
            tally["requests"] += 1
            if said := fault(answer, operation, lang):
                name = ".".join(map(str, place)) or "the whole body"
                wrong.append(f"{name} = {kind}: {said}")
    assert wrong == []


def test_the_check_of_answers_can_fail(filled_client):
    operation = DESCRIBED["paths"]["/v1/search"]["post"]
    refused = filled_client.post("/v1/search", json={}, headers={"accept-language": "en"})
    assert fault(refused, operation, "en") == ""
    assert "not published" in fault(refused, {"responses": {"200": {}}}, "en")
    assert "another language" in fault(refused, operation, "zh")
    page = filled_client.get("/nowhere", headers={"accept": "text/html"})
    assert "a refusal as text/html" in fault(page, operation, "en")
