"""The example, the compose file, the settings and the README name the same variables."""

import re
from pathlib import Path
from typing import Any

import pytest
import yaml
from django.conf import settings

from navigator.database_roles import APP

ROOT = Path(__file__).resolve().parent.parent
ONLY_COMPOSE = {
    "VERSION",
    "POSTGRES_PASSWORD",
    "REDIS_PASSWORD",
    "OWNER_DATABASE_URL",
    "APP_PASSWORD",
    "AUDIT_PASSWORD",
}
ONLY_MIGRATE = {"APP_PASSWORD", "AUDIT_PASSWORD"}


def read(name: str) -> str:
    return (ROOT / name).read_text(encoding="utf-8")


def settings_variables() -> set[str]:
    return set(re.findall(r'env\.\w+\(\s*"([A-Z_]+)"', read("navigator/settings.py")))


def example_variables() -> set[str]:
    return set(re.findall(r"^([A-Z_]+)=", read(".env.example"), re.MULTILINE))


@pytest.fixture(scope="module")
def compose() -> Any:
    return yaml.safe_load(read("compose.yaml"))


def test_the_example_lists_every_variable_and_no_other() -> None:
    assert settings_variables() == example_variables() - ONLY_COMPOSE


@pytest.mark.parametrize("service", ["migrate", "web-a", "web-b", "worker", "beat"])
def test_compose_passes_every_variable(compose: Any, service: str) -> None:
    more = ONLY_MIGRATE if service == "migrate" else set()
    assert set(compose["services"][service]["environment"]) == settings_variables() | more


def test_only_migrations_own_the_tables(compose: Any) -> None:
    addresses = {
        name: compose["services"][name]["environment"]["DATABASE_URL"]
        for name in ("migrate", "web-a", "web-b", "worker")
    }
    assert addresses["migrate"] == "${OWNER_DATABASE_URL:?}"
    assert addresses["web-a"] == addresses["web-b"] == addresses["worker"] == "${DATABASE_URL:?}"
    assert "make_roles" in str(compose["services"]["migrate"]["command"])
    assert f"//{APP}:" in read(".env.example").split("\nDATABASE_URL=")[1].split("\n")[0]


def test_the_readme_names_every_variable() -> None:
    readme = read("README.md")
    assert {name for name in example_variables() if f"`{name}`" not in readme} == set()


@pytest.mark.parametrize("service", ["migrate", "proxy", "web-a", "web-b", "worker", "beat", "postgres", "redis"])
def test_containers_are_closed(compose: Any, service: str) -> None:
    about = compose["services"][service]
    assert about["read_only"] is True
    assert about["cap_drop"] == ["ALL"]
    assert "no-new-privileges:true" in about["security_opt"]
    assert about["restart"] == ("no" if service == "migrate" else "always")


@pytest.mark.parametrize("service", ["postgres", "redis"])
def test_servers_run_as_themselves_keep_their_data_and_are_watched(compose: Any, service: str) -> None:
    about = compose["services"][service]
    assert about["user"] == service
    assert about["volumes"][0].split(":")[0] in compose["volumes"]
    assert about["healthcheck"]["test"]


@pytest.mark.parametrize(
    "name", ["POSTGRES_PASSWORD", "APP_PASSWORD", "REDIS_PASSWORD", "SECRET_KEY", "FIELD_KEYS", "LOOKUP_KEY"]
)
def test_no_secret_has_a_default(name: str) -> None:
    assert re.findall(rf"\$\{{{name}:-", read("compose.yaml")) == []
    assert re.search(rf"\$\{{{name}:\?", read("compose.yaml"))
    assert re.search(rf"^{name}=$", read(".env.example"), re.MULTILINE)


def test_the_image_is_asked_under_the_sites_own_name() -> None:
    """Any other host is refused, so a check of 127.0.0.1 would call a healthy process ill."""
    code = re.search(r'"-c", "(import os, urllib[^"]+)"\]', read("Dockerfile"))
    assert code is not None
    compile(code[1], "HEALTHCHECK", "exec")
    assert "SITE_URL" in code[1]


def test_each_process_has_its_role(compose: Any) -> None:
    roles = {
        name: compose["services"][name]["environment"]["PROCESS_ROLE"] for name in ("web-a", "web-b", "worker", "beat")
    }
    assert roles == {"web-a": "web", "web-b": "web", "worker": "worker", "beat": "beat"}


def test_one_web_process_serves_while_the_other_is_replaced(compose: Any) -> None:
    """The proxy knows both by the names of their containers, and a stop waits for who is being answered."""
    web = {name for name in compose["services"] if name.startswith("web-")}
    nginx = read("deploy/nginx.conf")
    assert web == {"web-a", "web-b"}
    for name in web:
        assert f"server {name}:8000 " in nginx
        assert f"/tmp/{name}.stops" in nginx  # noqa: S108
        grace = int(compose["services"][name]["stop_grace_period"].removesuffix("s"))
        assert grace > int(re.search(r"proxy_read_timeout (\d+)s;", nginx)[1])  # type: ignore[index]


def test_a_stop_of_the_worker_waits_for_its_longest_task(compose: Any) -> None:
    grace = int(compose["services"]["worker"]["stop_grace_period"].removesuffix("s"))
    assert grace >= settings.CELERY_TASK_TIME_LIMIT + settings.CELERY_WORKER_SOFT_SHUTDOWN_TIMEOUT


def test_who_deploys_waits_until_a_web_process_is_ready(compose: Any) -> None:
    code = compose["services"]["web-a"]["healthcheck"]["test"][3]
    compile(code, "healthcheck", "exec")
    assert "/health/ready" in code
    assert "SITE_URL" in code


def test_each_version_keeps_its_image(compose: Any) -> None:
    """So that there is a way back."""
    images = {compose["services"][name]["image"] for name in ("migrate", "web-a", "web-b", "worker", "beat")}
    assert images == {"navigator:${VERSION:-latest}"}


def test_only_the_proxy_is_published(compose: Any) -> None:
    published = {name for name, about in compose["services"].items() if about.get("ports")}
    assert published == {"proxy"}


def test_the_broker_keeps_a_file_and_never_evicts(compose: Any) -> None:
    command = compose["services"]["redis"]["command"]
    assert command[command.index("--appendonly") + 1] == "yes"
    assert command[command.index("--maxmemory-policy") + 1] == "noeviction"


def test_the_image_runs_without_root_and_installs_by_hash() -> None:
    dockerfile = read("Dockerfile")
    assert re.search(r"^USER \d{4,}$", dockerfile, re.MULTILINE)
    assert "--require-hashes" in dockerfile
    assert "/health/live" in dockerfile
    assert "collectstatic" in dockerfile


PIN = re.compile(r"[a-z0-9][\w.\-]*(\[[\w,\- ]+\])?==[\w.!+]+( ; [^:]+?)?( --hash=sha256:[0-9a-f]{64})+", re.IGNORECASE)


def not_pinned(lock: str) -> list[str]:
    """Requirements that are anything but a name, one version, perhaps a marker, and hashes."""
    lines = re.sub(r"\s*\\\n\s*", " ", lock).splitlines()
    return [line for line in lines if line and not line.startswith("#") and not PIN.fullmatch(line)]


@pytest.mark.parametrize("path", sorted((ROOT / "requirements").iterdir()), ids=lambda path: path.name)
def test_locks_hold_names_versions_and_hashes_only(path: Path) -> None:
    lock = path.read_text(encoding="utf-8")
    assert not_pinned(lock) == []
    assert lock.count("==") > 30


@pytest.mark.parametrize(
    "line",
    [
        "django",
        "django==5.2.19",
        f"django>=5.2 --hash=sha256:{'0' * 64}",
        f"django @ https://files.example/django.whl --hash=sha256:{'0' * 64}",
        f"https://files.example/django.whl --hash=sha256:{'0' * 64}",
        f"django==5.2.19 --hash=md5:{'0' * 32}",
        f"django==5.2.19 --hash=sha256:{'0' * 63}",
        "--index-url https://packages.example/simple",
        "-r other.txt",
        "-e .",
    ],
)
def test_a_lock_with_anything_else_is_seen(line: str) -> None:
    good = f"amqp==5.4.2 ; sys_platform == 'linux' \\\n    --hash=sha256:{'a' * 64} \\\n    --hash=sha256:{'b' * 64}\n"
    assert not_pinned(good) == []
    assert not_pinned(good + line + "\n") == [line]


def test_every_direct_dependency_says_why() -> None:
    lines = re.findall(r'^  "[^"]+",(.*)$', read("pyproject.toml"), re.MULTILINE)
    dependencies = [line for line in lines if line.strip().startswith("#")]
    assert len(dependencies) >= 30
