"""Each step of `make security` fails for a planted fault, and says where it is; on the tree itself it passes."""

import json
import os
import shutil
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
APPS = ("navigator", "content", "doctors", "intake", "templates")

pytestmark = pytest.mark.security


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    """A small site without a fault, with the gate in it."""
    shutil.copytree(ROOT / "security", tmp_path / "security")
    for name in ("pyproject.toml", "Dockerfile", "compose.yaml", ".secrets.baseline"):
        shutil.copy(ROOT / name, tmp_path / name)
    for name in APPS:
        (tmp_path / name).mkdir()
        (tmp_path / name / "__init__.py").write_text("")
    return tmp_path


def gate(tree: Path, *steps: str) -> "subprocess.CompletedProcess[str]":
    tools = {"TOOLS": str(ROOT / ".security/tools/bin"), "CHECKOV": str(ROOT / ".security/checkov/bin")}
    command = ["bash", "security/run", *steps]
    return subprocess.run(command, cwd=tree, env={**os.environ, **tools}, capture_output=True, text=True, check=False)


def plant(path: Path, text: str) -> None:
    path.write_text((path.read_text() if path.exists() else "") + text)


KEY = "AKIA" + "Q3EGLZ7N5XWJ2VBK"  # in two halves, so that this file holds none
FAULTS = [
    ("dangerous_python", "intake/bad.py", "import yaml\n\n\ndef f(text):\n    return yaml.load(text)\n", "B506"),
    ("our_rules", "intake/bad.py", "def f(request):\n    logger.info(request.POST)\n", "form-in-a-log"),
    ("our_rules", "templates/bad.html", "{{ name|safe }}\n", "page-unescaped"),
    ("our_rules", "compose.yaml", "# privileged: true\n", "compose-opens-the-machine"),
    ("secrets", "intake/bad.py", f'ACCESS = "{KEY}"\n', "intake/bad.py"),
    ("secrets", ".env.example", "EMAIL_URL=smtp://me:hunter2hunter2@mail.real.example\n", ".env.example"),
    ("image", "Dockerfile", "RUN cd /tmp && apt-get install sudo\n", "DL3008"),
    ("image_again", "Dockerfile", "USER root\n", "CKV_DOCKER_8"),
]


@pytest.mark.parametrize(("step", "path", "text", "said"), FAULTS, ids=[f"{each[0]}-{each[3]}" for each in FAULTS])
def test_a_planted_fault_ends_it(tree: Path, step: str, path: str, text: str, said: str) -> None:
    plant(tree / path, text)
    done = gate(tree, step)
    assert done.returncode != 0
    assert f"== FAILED: {step}" in done.stdout
    assert said in done.stdout + done.stderr


def test_without_a_fault_each_step_passes(tree: Path) -> None:
    done = gate(tree, *dict.fromkeys(step for step, *_ in FAULTS))
    assert done.returncode == 0, done.stdout + done.stderr


def test_a_step_that_is_not_there_ends_it(tree: Path) -> None:
    assert gate(tree, "sleep_well").returncode != 0


def test_a_known_secret_may_move(tree: Path) -> None:
    known = json.loads((tree / ".secrets.baseline").read_text())["results"]["navigator/deployment_check.py"]
    text = (ROOT / "navigator/deployment_check.py").read_text()
    (tree / "navigator/deployment_check.py").write_text("# A line more.\n" * 7 + text)
    assert known
    assert gate(tree, "secrets").returncode == 0


def test_the_baseline_knows_no_file_that_is_gone() -> None:
    known = json.loads((ROOT / ".secrets.baseline").read_text())["results"]
    assert [path for path in known if not (ROOT / path).exists()] == []
