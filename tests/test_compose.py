"""docker-compose.yml, Dockerfile and .env.example: what can be known of them without an engine.

That the containers run is not shown here: no engine runs where the tests do.
"""

from __future__ import annotations

import re
from pathlib import Path

import pytest
import typer
import yaml
from packaging.requirements import Requirement
from packaging.version import Version

from api.cli import app
from api.settings import Settings
from tests.servers.elasticsearch import ElasticsearchServer

ROOT = Path(__file__).parents[1]
TEXT = (ROOT / "docker-compose.yml").read_text(encoding="utf-8")
COMPOSE = yaml.safe_load(TEXT)
SERVICES = COMPOSE["services"]
DOCKERFILE = (ROOT / "Dockerfile").read_text(encoding="utf-8")
EXAMPLE = (ROOT / ".env.example").read_text(encoding="utf-8")

OURS = ("app", "projector")
NODES = ("elasticsearch", "elasticsearch-2", "elasticsearch-3")
#: What does its work at the start and ends.
ONE_SHOTS = ("certificates", "search-user", "database-user")
LONG_RUNNING = sorted(SERVICES.keys() - set(ONE_SHOTS))

#: `$$` is a dollar sign for the container; one alone begins a variable of the environment.
VARIABLE = re.compile(r"(?<!\$)(?:\$\$)*\$\{(?P<name>[A-Z_0-9]+)(?P<rest>[^}]*)\}")
SECRET = re.compile(r"PASSWORD|SECRET|KEY|TOKEN")


def variables():
    """Return the variables of the file and, for each, what follows its name."""
    found = {}
    for match in VARIABLE.finditer(TEXT):
        found.setdefault(match["name"], set()).add(match["rest"])
    return found


def image(service):
    name, _, tag = SERVICES[service]["image"].partition(":")
    return name, tag


def flat(value):
    """Yield every string in a tree."""
    if isinstance(value, dict):
        for key, part in value.items():
            yield from flat(key)
            yield from flat(part)
    elif isinstance(value, list):
        for part in value:
            yield from flat(part)
    else:
        yield str(value)


def test_it_has_what_an_installation_consists_of():
    assert set(SERVICES) == {*OURS, *NODES, *ONE_SHOTS, "postgresql"}
    assert [name for name in NODES if "profiles" not in SERVICES[name]] == ["elasticsearch"]
    assert {tuple(SERVICES[name].get("profiles", ())) for name in NODES} == {(), ("three-nodes",)}


@pytest.mark.parametrize("service", sorted(SERVICES))
def test_an_image_is_pinned_to_a_version(service):
    _, tag = image(service)
    assert re.match(r"\d+\.\d+(\.\d+)?(-|$)", tag)


def test_elasticsearch_is_the_version_that_is_tested():
    tags = {
        image(name)[1] for name in SERVICES if SERVICES[name]["image"].startswith("elasticsearch:")
    }
    assert tags == {ElasticsearchServer.VERSION}
    pinned = re.search(
        r'"(elasticsearch\[async\][^"]+)"', (ROOT / "pyproject.toml").read_text("utf-8")
    )
    assert Version(tags.pop()) in Requirement(pinned[1]).specifier


def test_a_secret_has_no_default():
    secrets = {name for name in variables() if SECRET.search(name)}
    assert len(secrets) == 5
    for name in secrets:
        assert all(rest.startswith(":?") for rest in variables()[name]), name


def test_what_looks_like_a_secret_comes_from_the_environment():
    for name, service in SERVICES.items():
        for key, value in service.get("environment", {}).items():
            if SECRET.search(key):
                assert re.fullmatch(r"\$\{[A-Z_]+:\?[^}]+\}", str(value)), (name, key)


def test_every_other_variable_may_be_left_out():
    for name, rests in variables().items():
        if not SECRET.search(name):
            # With `:-` an empty line in .env counts as none.
            assert all(rest.startswith(":-") for rest in rests), name


def test_the_example_names_every_variable_and_gives_no_value():
    lines = [line for line in EXAMPLE.splitlines() if line and not line.startswith("#")]
    assert [line for line in lines if not re.fullmatch(r"[A-Z_]+=", line)] == []
    assert {line.rstrip("=") for line in lines} == {*variables(), "COMPOSE_PROFILES"}


def test_no_text_of_the_file_is_mistaken_for_a_variable():
    # A `$` that is neither doubled nor the beginning of `${…}` is cut out of commands silently.
    assert re.findall(r"(?<!\$)(?:\$\$)*\$(?![\{$]).", TEXT) == []


@pytest.mark.parametrize("service", OURS)
def test_its_environment_consists_of_settings(service):
    environment = SERVICES[service]["environment"]
    settings = {f"BOLE_{name.upper()}" for name in Settings.model_fields}
    # PGPASSWORD is read by the PostgreSQL client.
    assert set(environment) - settings == {"PGPASSWORD"}
    plain = {
        name: VARIABLE.sub(lambda found: found["rest"].removeprefix(":-"), str(value))
        for name, value in environment.items()
        if name != "PGPASSWORD"
    }
    read = Settings(**{name.removeprefix("BOLE_").lower(): value for name, value in plain.items()})
    assert read.elasticsearch_url.startswith("https://")
    assert read.elasticsearch_ca_certs
    assert read.database_url.startswith("postgresql+psycopg://")
    # Secrets stay out of addresses, which are logged and shown.
    assert ":" not in read.database_url.partition("://")[2].partition("@")[0]


def test_exactly_one_of_ours_projects():
    projects = {name: SERVICES[name]["environment"].get("BOLE_PROJECTS", "true") for name in OURS}
    assert projects == {"app": "false", "projector": "true"}


@pytest.mark.parametrize("service", OURS)
def test_its_command_is_one_of_ours(service):
    name, *rest = SERVICES[service]["command"]
    # Refuses options that the command does not have, and runs nothing.
    typer.main.get_command(app).commands[name].make_context(name, rest)


@pytest.mark.parametrize("service", LONG_RUNNING)
def test_what_runs_on_has_a_health_check_limits_and_patience(service):
    found = SERVICES[service]
    check = found["healthcheck"]
    assert check["test"][0] in {"CMD", "CMD-SHELL"}
    assert {"interval", "timeout", "retries", "start_period"} <= set(check)
    assert found["mem_limit"]
    assert found["restart"] == "unless-stopped"
    assert found["stop_grace_period"]
    assert found["logging"]["options"]["max-size"]


@pytest.mark.parametrize("service", ONE_SHOTS)
def test_what_runs_once_is_not_restarted(service):
    assert "restart" not in SERVICES[service]


@pytest.mark.parametrize("service", OURS)
def test_a_health_check_asks_where_the_service_listens(service):
    check = SERVICES[service]["healthcheck"]["test"][-1]
    port = {
        "app": str(SERVICES["app"]["environment"]["BOLE_PORT"]),
        "projector": SERVICES["projector"]["command"][-1],
    }[service]
    path = {"app": "'/v1/health'", "projector": "'/metrics'"}[service]
    assert f", {port}," in check
    assert path in check
    compile(check, "health check", "exec")


def test_what_is_waited_for_can_come():
    for name, service in SERVICES.items():
        for other, wanted in service.get("depends_on", {}).items():
            assert other in SERVICES, name
            assert "profiles" not in SERVICES[other], name
            if wanted["condition"] == "service_healthy":
                assert "healthcheck" in SERVICES[other], name
            else:
                assert wanted["condition"] == "service_completed_successfully"
                assert other in ONE_SHOTS, name


def test_volumes_are_declared_and_used():
    mounts = [
        mount.split(":") for service in SERVICES.values() for mount in service.get("volumes", [])
    ]
    assert {source for source, *_ in mounts} == set(COMPOSE["volumes"])


def test_data_outlives_its_container():
    targets = {
        name: {mount.split(":")[1] for mount in SERVICES[name]["volumes"]} for name in LONG_RUNNING
    }
    assert all("/usr/share/elasticsearch/data" in targets[name] for name in NODES)
    assert "/var/lib/postgresql/data" in targets["postgresql"]
    assert all(SERVICES[name]["environment"]["BOLE_DATA_DIR"] in targets[name] for name in OURS)
    # Two nodes, or two processes of ours, never share a folder of data.
    own = [f"{name}:/data" for name in OURS] + [
        f"{name}:/usr/share/elasticsearch/data" for name in NODES
    ]
    mounts = [mount for name in LONG_RUNNING for mount in SERVICES[name]["volumes"]]
    assert [mounts.count(mount) for mount in own] == [1] * len(own)


@pytest.mark.parametrize("node", NODES)
def test_a_node_is_secured_and_can_write_snapshots(node):
    settings = SERVICES[node]["environment"]
    assert settings["xpack.security.enabled"] == "true"
    for layer in ("transport", "http"):
        assert settings[f"xpack.security.{layer}.ssl.enabled"] == "true"
        for part in ("key", "certificate"):
            assert f"/{node}/{node}." in settings[f"xpack.security.{layer}.ssl.{part}"]
    assert f"snapshots:{settings['path.repo']}" in SERVICES[node]["volumes"]
    assert settings["bootstrap.memory_lock"] == "true"
    assert SERVICES[node]["ulimits"]["memlock"] == {"soft": -1, "hard": -1}
    # With it a node whose disk was lost could begin a second cluster.
    assert "cluster.initial_master_nodes" not in settings


def test_nodes_differ_in_their_own_names_only():
    def without_name(node):
        text = yaml.safe_dump(SERVICES[node]["environment"] | {"discovery.type": ""})
        return text.replace(f"/{node}/{node}.", "/own/own.").replace(f"node.name: {node}\n", "")

    assert len({without_name(node) for node in NODES}) == 1
    seeds = SERVICES["elasticsearch"]["environment"]["discovery.seed_hosts"]
    assert seeds.split(",") == list(NODES)


def test_certificates_are_made_for_every_node():
    script = SERVICES["certificates"]["command"][0]
    made = re.search(r"for node in ([a-z0-9 -]+);", script)[1]
    assert made.split() == list(NODES)
    assert SERVICES["certificates"]["volumes"].count("authority:/authority") == 1
    # The authority's key is nobody else's.
    others = [name for name in SERVICES if name != "certificates"]
    assert [
        name
        for name in others
        if any(mount.startswith("authority:") for mount in SERVICES[name].get("volumes", []))
    ] == []


def test_the_role_covers_our_indices_and_nothing_else():
    script = SERVICES["search-user"]["command"][0]
    role = yaml.safe_load(re.search(r"put role/bole <<'END'\n(.*?)\nEND", script, re.DOTALL)[1])
    prefix = SERVICES["projector"]["environment"]["BOLE_ELASTICSEARCH_PREFIX"]
    assert role["cluster"] == []
    assert [entry["names"] for entry in role["indices"]] == [[f"{prefix}-*"]]
    creates = SERVICES["elasticsearch"]["environment"]["action.auto_create_index"]
    assert creates.startswith(f"-{prefix}-*")


def test_nothing_but_the_pages_is_published_and_those_to_this_machine():
    assert {name for name in SERVICES if "ports" in SERVICES[name]} == {"app"}
    assert all(port.startswith("127.0.0.1:") for port in SERVICES["app"]["ports"])
    assert COMPOSE["networks"]["back"]["internal"] is True
    assert {name for name in SERVICES if "front" in (SERVICES[name].get("networks") or ())} == {
        "app"
    }


def test_no_password_stands_in_an_argument():
    # What stands in arguments every process of the host can read.
    for name, service in SERVICES.items():
        words = list(flat(service.get("command", []))) + list(
            flat(service.get("healthcheck", {}).get("test", []))
        )
        text = "\n".join(words)
        assert not re.search(r"(-u|--user)[ =]\S+:\S", text), name
        assert "POSTGRES_PASSWORD" not in text, name


@pytest.mark.parametrize("service", OURS)
def test_ours_has_no_more_rights_than_it_needs(service):
    found = SERVICES[service]
    assert found["read_only"] is True
    assert found["cap_drop"] == ["ALL"]
    assert found["security_opt"] == ["no-new-privileges:true"]


def stages():
    return re.findall(r"^FROM (\S+)", DOCKERFILE, re.MULTILINE)


def test_the_image_starts_from_a_pinned_one():
    assert {
        re.fullmatch(r"python:3\.11\.\d+-slim-\w+", stage) is not None for stage in stages()
    } == {True}


def test_the_image_does_not_run_as_root():
    users = re.findall(r"^USER (\S+)", DOCKERFILE, re.MULTILINE)
    assert users == ["bole"]
    assert DOCKERFILE.index("USER bole") < DOCKERFILE.index("ENTRYPOINT")


def test_the_image_installs_what_is_locked():
    installs = re.findall(r"pip install ([^\n&\\]+)", DOCKERFILE)
    assert "--require-hashes -r requirements/run.txt" in installs[0]
    assert all("--require-hashes" in line or "--no-deps dist/" in line for line in installs)


def required_by(locked):
    """Return, for each package of a lock file, which packages it is there for."""
    blocks = re.split(r"^(?=[a-z])", locked, flags=re.MULTILINE)[1:]
    return {
        block.partition("==")[0]: set(
            re.findall(r"#(?: +via)? +([a-z0-9-]+)$", block, re.MULTILINE)
        )
        for block in blocks
    }


def test_the_wheel_is_built_with_what_hatchling_needs():
    reasons = required_by((ROOT / "requirements" / "dev.txt").read_text(encoding="utf-8"))
    needed = {"hatchling"}
    while more := {name for name, causes in reasons.items() if causes & needed} - needed:
        needed |= more
    names = re.search(r"/\^\(([a-z|-]+)\)==/", DOCKERFILE)[1].split("|")
    assert set(names) == needed


def test_the_image_sends_nothing_home():
    assert "ORT_DISABLE_TELEMETRY=1" in DOCKERFILE


def test_what_is_copied_is_there_and_reaches_the_builder():
    kept = (ROOT / ".dockerignore").read_text(encoding="utf-8").splitlines()
    assert kept[1] == "*"
    allowed = {line[1:] for line in kept if line.startswith("!")}
    copied = set()
    for words in re.findall(r"^COPY (?!--from)(.+)$", DOCKERFILE, re.MULTILINE):
        *sources, _ = words.split()
        copied.update(sources)
    assert copied == allowed
    assert [name for name in copied if not (ROOT / name).exists()] == []
    assert not any(".env" in name for name in allowed)
