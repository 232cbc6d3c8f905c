"""Our own rules for semgrep see what they are for, and let pass what is right: one run over planted faults."""

import json
import os
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
RULES = ROOT / "security" / "rules"
SEMGREP = ROOT / ".security" / "tools" / "bin" / "semgrep"

pytestmark = pytest.mark.security

# (rule, file, a fault): each is a file of its own.
FAULTS = [
    ("mark-safe", "py", "from django.utils.safestring import mark_safe\nx = mark_safe(name)\n"),
    ("mark-safe", "py", 'from django.utils.safestring import mark_safe\nx = mark_safe(f"<b>{name}</b>")\n'),
    ("mark-safe", "py", "from django.utils import safestring\nx = safestring.SafeString(name)\n"),
    ("mark-safe", "py", 'from django.utils.safestring import SafeString\nx = SafeString("<b>" + name)\n'),
    ("format-html", "py", 'from django.utils.html import format_html\nx = format_html(f"<b>{name}</b>")\n'),
    ("format-html", "py", 'from django.utils.html import format_html\nx = format_html("<b>%s</b>" % name)\n'),
    ("format-html", "py", 'from django.utils.html import format_html\nx = format_html("<b>{}</b>".format(name))\n'),
    ("format-html", "py", 'from django.utils.html import format_html\nx = format_html("<b>" + name)\n'),
    ("format-html", "py", 'from django.utils.html import format_html_join\nx = format_html_join("", given, rows)\n'),
    ("format-html", "py", 'from django.utils.html import format_html_join\nx = format_html_join("", f"{a}", rows)\n'),
    ("formatted-sql", "py", 'cursor.execute(f"SELECT 1 FROM t WHERE name = {name}")\n'),
    ("formatted-sql", "py", 'def f(cursor, name):\n    sql = "SELECT %s" % name\n    cursor.execute(sql)\n'),
    ("formatted-sql", "py", 'def f(cursor, name):\n    cursor.execute("SELECT {}".format(name), [])\n'),
    ("formatted-sql", "py", 'def f(cursor, name):\n    cursor.executemany("SELECT " + name, [])\n'),
    ("query-in-sql", "py", 'rows = Place.objects.raw("SELECT 1")\n'),
    ("query-in-sql", "py", 'rows = Place.objects.extra(where=["1 = 1"])\n'),
    ("query-in-sql", "py", 'from django.db.models.expressions import RawSQL\nx = RawSQL("1", [])\n'),
    ("csrf-exempt", "py", "@csrf_exempt\ndef page(request):\n    return None\n"),
    ("csrf-exempt", "py", "page = csrf_exempt(page)\n"),
    ("csrf-exempt", "py", "@method_decorator(csrf_exempt, name='dispatch')\nclass Page(View):\n    pass\n"),
    ("publish-to-the-broker", "py", "route.delay(1)\n"),
    ("publish-to-the-broker", "py", "route.apply_async((1,))\n"),
    ("publish-to-the-broker", "py", "app.send_task('route', (1,))\n"),
    ("partial-on-commit", "py", "from functools import partial\ntransaction.on_commit(partial(ring, 1))\n"),
    ("partial-on-commit", "py", "import functools\non_commit(functools.partial(ring, 1), robust=True)\n"),
    ("form-in-a-log", "py", 'logger.info("got %s", form.cleaned_data)\n'),
    ("form-in-a-log", "py", 'log.warning("got %s", form.cleaned_data["name"])\n'),
    ("form-in-a-log", "py", 'logging.error(f"got {request.POST}")\n'),
    ("form-in-a-log", "py", 'logger.debug("got %s", request.POST.get("name"))\n'),
    ("mails-errors", "py", 'LOGGING = {"class": "django.utils.log.AdminEmailHandler"}\n'),
    ("mails-errors", "py", 'mail_admins("It broke", str(error))\n'),
    ("data-as-code", "py", "x = eval(text)\n"),
    ("data-as-code", "py", "exec(text)\n"),
    ("data-as-code", "py", "import pickle\nx = pickle.loads(data)\n"),
    ("data-as-code", "py", "import yaml\nx = yaml.load(text)\n"),
    ("shell", "py", "import subprocess\nsubprocess.run(command, shell=True)\n"),
    ("shell", "py", "import os\nos.system(command)\n"),
    ("asks-another-machine", "py", "import urllib.request\nurllib.request.urlopen(url)\n"),
    ("asks-another-machine", "py", "from urllib.request import urlopen\nurlopen(url)\n"),
    ("asks-another-machine", "py", "import requests\nx = requests.get(url)\n"),
    ("asks-another-machine", "py", "import http.client\nx = http.client.HTTPSConnection(host)\n"),
    ("page-unescaped", "html", "<p>{{ name|safe }}</p>\n"),
    ("page-unescaped", "html", "<p>{{ body_html|upper|safe }}</p>\n"),
    ("page-unescaped", "html", "<p>{{ names|safeseq|join:', ' }}</p>\n"),
    ("page-unescaped", "html", "{% autoescape off %}{{ name }}{% endautoescape %}\n"),
    ("page-inline", "html", '<p style="color: red">Red</p>\n'),
    ("page-inline", "html", '<button onclick="go()">Go</button>\n'),
    ("page-inline", "html", "<script>go()</script>\n"),
    ("page-inline", "html", '<script type="module">go()</script>\n'),
    ("page-inline", "html", '<a href="javascript:go()">Go</a>\n'),
    ("compose-opens-the-machine", "yaml", "    privileged: true\n"),
    ("compose-opens-the-machine", "yaml", "    volumes: ['/var/run/docker.sock:/var/run/docker.sock']\n"),
    ("compose-opens-the-machine", "yaml", "    network_mode: host\n"),
]
RIGHT = [
    ("py", 'from django.utils.safestring import mark_safe\nx = mark_safe(" selected")\n'),
    ("py", 'from django.utils.html import format_html\nx = format_html("<b>{}</b>", name)\n'),
    ("py", 'from django.utils.html import format_html_join\nx = format_html_join(", ", "<b>{}</b>", rows)\n'),
    ("py", 'cursor.execute("SELECT 1 FROM t WHERE name = %s", [name])\n'),
    ("py", 'def guard(table):\n    schema_editor.execute(f"DROP TRIGGER append_only ON {table}")\n'),
    ("py", "from django.views.decorators.csrf import csrf_exempt\n# csrf_exempt would be wrong here\n"),
    ("py", "transaction.on_commit(lambda: ring(1))\nkey = partial(ring, 1)\n"),
    ("py", 'logger.info("request %s is stored", row.reference)\nname = form.cleaned_data["name"]\n'),
    ("py", "import subprocess\nsubprocess.run([program, name], shell=False, check=True)\n"),
    ("py", "requests = HelpRequest.objects.all()\nfound = requests.first()\n"),
    ("html", "<p>{{ name }}</p>{{ revision.body_html|safe }}{{ revision.references_html|safe }}\n"),
    ("html", '<script src="/static/js/errors.js" defer></script><p class="safe">on time = good</p>\n'),
    ("yaml", "    cap_drop: [ALL]\n    # nothing here is host\n"),
]


def place(number: int, kind: str) -> str:
    """Where a planted file lies: pages are told by their ending, the compose file by its name."""
    return f"{number}/compose.yaml" if kind == "yaml" else f"{number}/planted.{kind}"


@pytest.fixture(scope="module")
def found(tmp_path_factory: pytest.TempPathFactory) -> set[tuple[str, str]]:
    """(rule, file) of everything that is found in the planted tree."""
    tree = tmp_path_factory.mktemp("planted")
    planted = [(kind, text) for _, kind, text in FAULTS] + RIGHT
    for number, (kind, text) in enumerate(planted):
        path = tree / place(number, kind)
        path.parent.mkdir()
        path.write_text(text, encoding="utf-8")
    quiet = {"SEMGREP_SEND_METRICS": "off", "SEMGREP_ENABLE_VERSION_CHECK": "0"}
    environment = {**os.environ, **quiet, "SEMGREP_SETTINGS_FILE": str(tree / "settings.yml")}
    environment["PATH"] = f"{SEMGREP.parent}:{environment['PATH']}"
    command = [SEMGREP, "scan", "--config", RULES, "--no-rewrite-rule-ids", "--metrics=off", "--json", "--quiet", "."]
    done = subprocess.run(command, cwd=tree, env=environment, capture_output=True, text=True, check=True)
    said = json.loads(done.stdout)
    assert said["errors"] == []
    return {(hit["check_id"], hit["path"]) for hit in said["results"]}


@pytest.mark.parametrize("number", range(len(FAULTS)), ids=[f"{rule}-{n}" for n, (rule, _, _) in enumerate(FAULTS)])
def test_a_planted_fault_is_found(found: set[tuple[str, str]], number: int) -> None:
    rule, kind, _ = FAULTS[number]
    assert (rule, place(number, kind)) in found


@pytest.mark.parametrize("number", range(len(RIGHT)))
def test_what_is_right_passes(found: set[tuple[str, str]], number: int) -> None:
    where = place(len(FAULTS) + number, RIGHT[number][0])
    assert [rule for rule, path in found if path == where] == []


def test_each_rule_has_a_planted_fault() -> None:
    ids = {
        line.split("id:")[1].strip()
        for path in RULES.iterdir()
        for line in path.read_text(encoding="utf-8").splitlines()
        if line.startswith("  - id:")
    }
    assert ids == {rule for rule, _, _ in FAULTS}
    assert len(ids) >= 12
