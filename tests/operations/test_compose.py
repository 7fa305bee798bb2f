"""docker-compose.yml and Dockerfile, read: the same versions, settings and commands as elsewhere, and nothing loose.

No engine of containers is needed: what these files say is compared with the program; what they start is tried, as far
as it can be without one, in test_compose_servers.py.
"""

import re
import stat
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
import yaml

from archive.settings import Settings
from services.versions import ARTIFACTS, VERSIONS

ROOT = Path(__file__).resolve().parents[2]
COMPOSE: dict[str, Any] = yaml.safe_load((ROOT / "docker-compose.yml").read_text("utf-8"))
SERVICES: dict[str, dict[str, Any]] = COMPOSE["services"]
DOCKERFILE = (ROOT / "Dockerfile").read_text("utf-8")

ONE_SHOT = {"certificates", "migrate"}
OWN = {"migrate", "portal", "worker", "scheduler"}
#: Exceptions, each with its reason beside it in docker-compose.yml.
WRITES_ITS_ROOT = {"opensearch"}
ROOT_USER = {"certificates": {"CHOWN", "DAC_OVERRIDE"}}

SECRET = re.compile(r"PASSWORD|SECRET")


def environment(name: str) -> dict[str, str]:
    """The environment of a service."""
    return {key: str(value) for key, value in SERVICES[name].get("environment", {}).items()}


def read_setting(name: str, example: str = "0123456789abcdef" * 4) -> str:
    """A value as Compose would give it to the portal, with every variable replaced by an example."""
    filled = re.sub(r"\$\{\w+:\?[^}]*\}", example, environment("portal")[name])
    return re.sub(r"\$\{\w+:-([^}]*)\}", r"\1", filled)


def test_every_service_of_the_full_profile_is_there() -> None:
    assert set(SERVICES) == {"opensearch", "postgres", "redis", "tika", "portal", "worker", "scheduler"} | ONE_SHOT


@pytest.mark.parametrize("name", VERSIONS)
def test_the_pinned_versions_are_those_of_make_services(name: str) -> None:
    tag = SERVICES[name]["image"].rpartition(":")[2]
    pinned = VERSIONS[name].split(".")
    assert re.split(r"[.-]", tag)[: len(pinned)] == pinned


def test_tika_is_built_from_the_file_that_make_services_runs() -> None:
    artifact, _, digest = ARTIFACTS["tika"]
    assert f"ARG TIKA_VERSION={VERSIONS['tika']}\n" in DOCKERFILE
    assert f"ARG TIKA_SHA256={digest}\n" in DOCKERFILE
    assert f"-Dartifact={artifact.replace(VERSIONS['tika'], '${TIKA_VERSION}')}" in DOCKERFILE
    assert "sha256sum --check" in DOCKERFILE
    assert "COPY config/tika.xml /config/tika.xml\n" in DOCKERFILE
    assert f"Apache Tika {VERSIONS['tika']}" in str(SERVICES["tika"]["healthcheck"]["test"])


def test_every_image_is_pinned() -> None:
    for name, service in SERVICES.items():
        assert re.search(r":\d+\.\d+(\.\d+)?[-.\w]*$", service["image"]), name
    for base in re.findall(r"^FROM (\S+)", DOCKERFILE, re.M):
        assert re.search(r":\d+\.\d+\.\d+[-_.\w]*$", base), base


@pytest.mark.parametrize("name", sorted(SERVICES))
def test_every_service_is_guarded(name: str) -> None:
    service = SERVICES[name]
    assert service["cap_drop"] == ["ALL"]
    assert set(service.get("cap_add", [])) == ROOT_USER.get(name, set())
    assert service["security_opt"] == ["no-new-privileges:true"]
    assert service["read_only"] is (name not in WRITES_ITS_ROOT)
    uid = int(service["user"].partition(":")[0])
    assert (uid == 0) is (name in ROOT_USER)
    assert not service.get("privileged")
    assert service["logging"]["options"].keys() == {"max-size", "max-file"}
    assert service["restart"] == ("no" if name in ONE_SHOT else "unless-stopped")
    limits = service["deploy"]["resources"]["limits"]
    assert limits.keys() == {"cpus", "memory", "pids"}
    assert name in ONE_SHOT or service["healthcheck"]["test"][0] in {"CMD", "CMD-SHELL"}


def test_only_the_one_shot_without_network_is_root() -> None:
    assert {name for name in SERVICES if SERVICES[name]["user"].startswith("0:")} == set(ROOT_USER)
    assert all(SERVICES[name]["network_mode"] == "none" for name in ROOT_USER)


def test_only_the_portal_is_reached_and_only_from_this_machine() -> None:
    assert {name for name, service in SERVICES.items() if service.get("ports")} == {"portal"}
    assert all(port.startswith("127.0.0.1:") for port in SERVICES["portal"]["ports"])
    networks = {name: set(service.get("networks", [])) for name, service in SERVICES.items()}
    assert {name for name in networks if "front" in networks[name]} == {"portal"}
    assert networks["tika"] == {"extraction"}
    assert {name for name in networks if "extraction" in networks[name]} == {"tika", "worker"}
    assert all(networks[name] or name == "certificates" for name in SERVICES)
    assert {name for name, network in COMPOSE["networks"].items() if not network.get("internal")} == {"front"}


def test_volumes_that_are_mounted_are_declared_and_the_other_way_round() -> None:
    mounted = {volume.partition(":")[0] for service in SERVICES.values() for volume in service.get("volumes", [])}
    named = {source for source in mounted if not source.startswith(".")}
    assert named == set(COMPOSE["volumes"])
    for source in mounted - named:
        assert (ROOT / source).exists(), source
        assert stat.S_IMODE((ROOT / source).stat().st_mode) & 0o044 == 0o044, source


def test_a_private_key_is_mounted_for_its_own_server_only() -> None:
    for name, service in SERVICES.items():
        taken = {v.split(":")[0] for v in service.get("volumes", []) if v.startswith("certificates-")}
        allowed = {"certificates-public"} if name in OWN else {f"certificates-{name}"}
        assert name == "certificates" or taken <= allowed, name
        assert name == "certificates" or all(":ro" in v for v in service.get("volumes", []) if "certificates-" in v)


def test_no_password_is_written_down() -> None:
    for name in SERVICES:
        for key, value in environment(name).items():
            if SECRET.search(key):
                assert re.fullmatch(r"\$\{\w+:\?.+\}", value), f"{name}: {key}"
            bare = re.sub(r"\$\{\w+:\?[^}]*\}", "variable", value)
            assert urlsplit(bare).password in {None, "variable"}, f"{name}: {key}"
    wanted = set(re.findall(r"\$\{(\w+):\?", (ROOT / "docker-compose.yml").read_text("utf-8")))
    example = dict(
        line.split("=", 1) for line in (ROOT / ".env.example").read_text("utf-8").splitlines() if line[:1].isalpha()
    )
    assert set(example) == wanted
    assert not any(example.values())
    assert "/.env" in (ROOT / ".gitignore").read_text("utf-8").split()


def test_every_setting_is_one() -> None:
    known = {f"VANKHO_{name.upper()}" for name in Settings.model_fields}
    for name in OWN:
        own = {key for key in environment(name) if key.startswith("VANKHO_")}
        assert own <= known, name
    assert environment("worker")["VANKHO_TIKA_URL"] == "http://tika:9998"


def test_production_takes_these_settings(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("portal", "worker", "scheduler", "migrate"):
        for key in environment(name):
            monkeypatch.setenv(key, read_setting(key) if key in environment("portal") else environment(name)[key])
        read = Settings()
        assert read.mode == "production"
        assert read.engine == "opensearch"
        assert read.database.startswith("postgresql+psycopg://vankho:")


def test_production_would_refuse_them_with_one_lock_left_open(monkeypatch: pytest.MonkeyPatch) -> None:
    for key in environment("portal"):
        monkeypatch.setenv(key, read_setting(key))
    for key, before, after in (
        ("VANKHO_OPENSEARCH_URL", "https:", "http:"),
        ("VANKHO_DATABASE_URL", "verify-full", "require"),
        ("VANKHO_DATABASE_URL", "verify-full", "verify-ca"),
        ("VANKHO_REDIS_URL", "rediss:", "redis:"),
        ("VANKHO_SECRET", "0123456789abcdef" * 4, "short"),
    ):
        assert before in read_setting(key)
        with monkeypatch.context() as one:
            one.setenv(key, read_setting(key).replace(before, after))
            with pytest.raises(ValueError, match=key):
                Settings()


def test_what_waits_waits_for_something_that_can_be_known() -> None:
    for name, service in SERVICES.items():
        for other, how in service.get("depends_on", {}).items():
            known = "service_completed_successfully" if other in ONE_SHOT else "service_healthy"
            assert how == {"condition": known}, f"{name} waits for {other}"
    for server in ("opensearch", "postgres", "redis"):
        assert "certificates" in SERVICES[server]["depends_on"]
    for name in OWN - {"migrate"}:
        assert {"migrate", "opensearch", "postgres", "redis"} <= set(SERVICES[name]["depends_on"])


def test_the_image_holds_every_room_and_no_other_user() -> None:
    from tests.house.test_directions import ROOMS

    copied = set(re.findall(r"^COPY (\w+) \./\1$", DOCKERFILE, re.M))
    assert copied == {*ROOMS, "templates", "static", "config"}
    ignored = (ROOT / ".dockerignore").read_text("utf-8").split("\n")
    assert {line[1:] for line in ignored if line.startswith("!")} >= copied
    assert re.findall(r"^USER (\S+)$", DOCKERFILE, re.M) == [SERVICES["tika"]["user"], SERVICES["portal"]["user"]]


def test_the_role_in_opensearch_is_our_indices_and_no_more() -> None:
    folder = ROOT / "config" / "compose" / "opensearch" / "security"
    read = {path.stem: yaml.safe_load(path.read_text("utf-8")) for path in folder.glob("*.yml")}
    assert all(one["_meta"]["config_version"] == 2 for one in read.values())
    assert set(read["internal_users"]) - {"_meta"} == {environment("portal")["VANKHO_OPENSEARCH_USER"]}
    variable = re.fullmatch(r"\$\{envbc\.(\w+)\}", read["internal_users"]["vankho"]["hash"])
    assert variable
    assert variable[1] in environment("opensearch")
    prefix = Settings.model_fields["index_prefix"].default
    (indices,) = read["roles"]["vankho"]["index_permissions"]
    assert indices["index_patterns"] == [f"{prefix}*"]
    assert not [
        one for one in read["roles"]["vankho"]["cluster_permissions"] if one in {"*", "cluster:*", "cluster_all"}
    ]
    assert read["roles_mapping"]["vankho"]["users"] == ["vankho"]
    assert read["config"]["config"]["dynamic"]["http"]["anonymous_auth_enabled"] is False


def test_opensearch_has_the_settings_of_make_services(tmp_path: Path) -> None:
    from services.opensearch import OpenSearch
    from services.places import Place

    place = Place(tmp_path, 0)
    started = yaml.safe_load(OpenSearch(place).settings())
    shipped = yaml.safe_load((ROOT / "config" / "compose" / "opensearch" / "opensearch.yml").read_text("utf-8"))
    for key in ("discovery.type", "action.auto_create_index"):
        assert shipped[key] == started[key]
