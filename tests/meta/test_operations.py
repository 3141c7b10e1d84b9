"""docs/operations.md and docs/alarms.yml speak of what there is: metrics, settings, commands, files."""

from __future__ import annotations

import re
import shlex
from pathlib import Path
from typing import get_args

import anyio
import pytest
import typer
import yaml

from api import metrics as metrics_module
from api.assembly import IndexState, Readiness
from api.cli import app
from api.metrics import Metrics
from api.settings import Settings
from search.backends.elastic.mapping import EXACT_UP_TO, FLAT_UP_TO

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "operations.md").read_text(encoding="utf-8")
RULES = yaml.safe_load((ROOT / "docs" / "alarms.yml").read_text(encoding="utf-8"))
ALARMS = {rule["alert"]: rule for group in RULES["groups"] for rule in group["rules"]}
SETTINGS = {f"BOLE_{name.upper()}" for name in Settings.model_fields}

#: Prometheus' own: whether a target answers.
ITS_OWN = {"up"}


def section(number):
    """Return one numbered section of the page, heading included."""
    found = re.search(rf"^## {number}\. .*?(?=^## |\Z)", PAGE, re.MULTILINE | re.DOTALL)
    assert found, number
    return found.group()


@pytest.fixture(scope="module")
def exported():
    """Return the metrics that are exported, and the labels of each of ours."""
    metrics = Metrics("1")
    metrics.watch(lambda: Readiness("ready", 1, 1, 1, 0))
    known = {**metrics_module._TIMES, **metrics_module._COUNTS}
    for event, (_, names) in known.items():
        metrics.observe(event, **dict.fromkeys(names, "x"))
    metrics.request_began()
    metrics.request_ended("GET", "/", 200, 0.1)
    text = anyio.run(metrics.answer).body.decode()
    kinds = dict(re.findall(r"^# TYPE (\S+) (\S+)$", text, re.MULTILINE))
    labels = {}
    for name, inside in re.findall(r"^(\w+)\{([^}]*)\}", text, re.MULTILINE):
        labels.setdefault(name, set()).update(re.findall(r"(\w+)=", inside))
    return kinds, labels


def series(kinds):
    """Return every name that an expression can ask for."""
    histograms = {name for name, kind in kinds.items() if kind == "histogram"}
    return (
        set(kinds)
        | {f"{name}{part}" for name in histograms for part in ("_bucket", "_sum", "_count")}
        | ITS_OWN
    )


def names_in(expression):
    """Return the metrics that an expression asks for."""
    without_text = re.sub(r'"[^"]*"', "", expression)
    return set(re.findall(r"\b(?:bole|process)_\w+|\bup\b", without_text))


@pytest.mark.parametrize("alarm", ALARMS)
def test_an_alarm_asks_for_metrics_that_are_exported(exported, alarm):
    kinds, labels = exported
    expression = ALARMS[alarm]["expr"]
    asked = names_in(expression)
    assert asked
    assert asked <= series(kinds)
    for name, inside in re.findall(r"(\w+)\{([^}]*)\}", expression):
        if name not in ITS_OWN:
            assert set(re.findall(r"(\w+)\s*[=!]", inside)) <= labels[name], alarm


def test_the_check_of_names_can_fail(exported):
    assert not names_in("rate(bole_searches_total[5m]) > bole_nonsense") <= series(exported[0])


def test_states_of_alarms_are_states_of_the_index():
    told = re.findall(r'bole_index_state\{state=~?"([^"]+)"', str(ALARMS))
    assert told
    assert {state for part in told for state in part.split("|")} <= set(get_args(IndexState))


def test_the_page_names_every_metric_and_no_other(exported):
    kinds, _ = exported
    assert names_in(PAGE) - series(kinds) == set()
    table = section(9)
    assert [name for name in kinds if f"`{name}`" not in table] == []


def test_every_label_is_described(exported):
    _, labels = exported
    for line in section(9).splitlines():
        cells = [cell.strip() for cell in line.split("|")[1:-1]]
        name = re.match(r"`(bole_\w+)`", cells[0]) if len(cells) == 4 else None
        if name is None:
            continue
        found = labels.get(name[1], set()) | labels.get(f"{name[1]}_bucket", set()) - {"le"}
        assert set(re.findall(r"`(\w+)`", cells[2])) == found - {"le"}, name[1]


def test_the_page_describes_every_alarm_by_its_expression():
    told = {
        name: (severity, text)
        for name, severity, text in re.findall(
            r"^### (Bole\w+) \((\w+)\)\n(.*?)(?=^##|\Z)", PAGE, re.MULTILINE | re.DOTALL
        )
    }
    assert set(told) == set(ALARMS)
    for name, (severity, text) in told.items():
        assert severity == ALARMS[name]["labels"]["severity"], name
        assert f"`{ALARMS[name]['expr']}`" in " ".join(text.split()), name
        # What it means, and what to do.
        assert len(text.split()) > len(ALARMS[name]["expr"].split()) + 10, name


def test_alarms_that_are_referred_to_exist():
    assert set(re.findall(r"\bBole[A-Z]\w+", PAGE)) <= set(ALARMS)


def test_settings_that_are_named_exist():
    # What ends in an underscore stands for several.
    named = set(re.findall(r"\bBOLE_[A-Z_]+[A-Z]\b", PAGE))
    assert named - SETTINGS == set()


def test_the_page_has_every_setting_of_the_cluster():
    cluster = {
        name
        for name in SETTINGS
        if re.match(r"BOLE_(ELASTICSEARCH|DATABASE|PROJECTS|METRICS|LOG)", name)
    }
    assert cluster <= set(re.findall(r"`(BOLE_[A-Z_]+)`", section(4)))


@pytest.mark.parametrize("name", ["README.md", "README.zh.md"])
def test_the_readme_has_every_setting(name):
    table = "\n".join(
        line
        for line in (ROOT / name).read_text(encoding="utf-8").splitlines()
        if line.startswith("|")
    )
    # `BOLE_EMBEDDING_QUERY_PROMPT`, `…_DOCUMENT_PROMPT`: the second shares the beginning of the first.
    told = set(re.findall(r"`(BOLE_[A-Z_]+)`", table))
    ends = re.findall(r"`…(_[A-Z_]+)`", table)
    missing = {
        setting for setting in SETTINGS - told if not any(setting.endswith(end) for end in ends)
    }
    assert missing == set()


def commands(text):
    """Yield the arguments of every `bole …` of a text, in code blocks and between backticks."""
    blocks = re.findall(
        r"^    (?:\S*/)?(?:docker compose run --rm .*?projector |bole )(.*)$", text, re.MULTILINE
    )
    inline = re.findall(r"`bole ([^`…]+)`", text)
    for line in (*blocks, *inline):
        yield shlex.split(line.partition("  #")[0])


@pytest.mark.parametrize("arguments", sorted(set(map(tuple, commands(PAGE)))), ids=" ".join)
def test_a_command_of_the_page_is_one_of_ours(arguments):
    found = typer.main.get_command(app)
    rest = list(arguments)
    while rest and hasattr(found, "commands"):
        assert rest[0] in found.commands, arguments
        found = found.commands[rest.pop(0)]
    options = {
        word for parameter in found.params for word in (*parameter.opts, *parameter.secondary_opts)
    }
    assert {word for word in rest if word.startswith("--")} <= options


def test_the_check_of_commands_finds_some():
    assert len(list(commands(PAGE))) > 20


def test_services_that_are_named_exist():
    compose = yaml.safe_load((ROOT / "docker-compose.yml").read_text(encoding="utf-8"))
    named = set(re.findall(r"docker compose (?:stop|start|restart|ps|up) ([a-z][a-z-]*)", PAGE))
    assert named <= set(compose["services"])


def test_the_limits_of_vector_types_are_those_of_the_code():
    assert f"up to {EXACT_UP_TO:,} | `flat`" in PAGE
    assert f"up to {FLAT_UP_TO:,} | `int8_flat`" in PAGE


def test_sizes_follow_from_the_bytes_of_one_profile():
    table = section(5)
    for dimension, column in ((256, 1), (384, 2), (1024, 3)):
        for row, bytes_of_one in (
            ("embedded, disk", 3 * dimension + 1_252 + dimension + 8),
            ("embedded, page cache", dimension + 8 + dimension + 211 + 200),
            ("Elasticsearch, disk of one copy", 1_131 + 5 * dimension + 16 + 64),
            ("Elasticsearch, page cache of one copy", dimension + 16 + 64 + 266),
        ):
            line = re.search(rf"^\| {row}.*$", table, re.MULTILINE)[0]
            cell = line.split("|")[1 + column].strip()
            assert cell == f"{bytes_of_one / 1_000:.1f} GB", (row, dimension)


def test_links_lead_somewhere():
    for name in ("README.md", "README.zh.md", "docs/operations.md", "docs/architecture.md"):
        path = ROOT / name
        for target in re.findall(r"\]\(([^)#]+)\)", path.read_text(encoding="utf-8")):
            if "://" not in target:
                assert (path.parent / target).exists(), (name, target)
