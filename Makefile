# `make` lists what there is. The two commands to know: `make run` (the site, with everything it needs) and `make test` (the suite, on real servers).
PYTHON ?= python3
VENV ?= .venv
PORT ?= 8000
PY := $(VENV)/bin/python
UV := $(shell command -v uv 2>/dev/null)
export UV_PYTHON_DOWNLOADS := never
export PORT

.DEFAULT_GOAL := help

# $(call install,requirements,environment)
define install
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Python 3.11 or newer is needed, this is " + sys.version.split()[0])'
	@test -x $(2)/bin/python || $(if $(UV),$(UV) venv -q --python $(PYTHON) $(2),$(PYTHON) -m venv $(2))
	@$(if $(UV),$(UV) pip install -q --python $(2)/bin/python --require-hashes -r $(1),$(2)/bin/python -m pip install -q --disable-pip-version-check --require-hashes -r $(1))
	@touch $@
endef

$(VENV)/.run: requirements/run.txt ; $(call install,$<,$(VENV))
$(VENV)/.dev: requirements/dev.txt ; $(call install,$<,$(VENV))
# Scanners disagree with the site, and checkov with the others, about versions: environments of their own.
.security/tools/.made: requirements/security.txt ; $(call install,$<,.security/tools)
.security/checkov/.made: requirements/checkov.txt ; $(call install,$<,.security/checkov)

help: ## this list
	@grep -hE '^[a-z]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 12

run: $(VENV)/.run ## the site with sample data, a database file and a real worker, at 127.0.0.1:8000 (PORT, DEBUG=1)
	@exec $(PY) -m navigator.demo run

stack: $(VENV)/.dev ## the same as in production: PostgreSQL, Redis, the production server (STACK_FOLDER, DATABASE_URL, REDIS_URL)
	@exec $(PY) -m navigator.demo stack

test: $(VENV)/.dev ## the whole suite against real PostgreSQL and Redis, with coverage
	@$(PY) -m coverage run -m pytest -q
	@$(PY) -m coverage report --fail-under=95 --include='content/*,doctors/*,intake/*'

backup: $(VENV)/.run ## an encrypted backup of DATABASE_URL for BACKUP_RECIPIENT (TO=folder)
	@$(PY) -m navigator.backups backup "$(or $(TO),.)"

restore: $(VENV)/.run ## a backup into an empty DATABASE_URL (FROM=file KEY=file)
	@$(PY) -m navigator.backups restore "$(FROM)" "$(KEY)"

browser: $(VENV)/.dev ## the browser's tests (needs chromium)
	@$(PY) -m pytest -q -m browser tests/e2e

check: $(VENV)/.dev ## ruff, mypy, djade, migrations up to date, deployment settings
	@$(PY) -m ruff check .
	@$(PY) -m ruff format --check .
	@$(PY) -m mypy
	@$(VENV)/bin/djade --target-version 5.2 --check $$(find templates -name '*.html')
	@$(PY) -m navigator.deployment_check makemigrations --check --dry-run
	@$(PY) -m navigator.deployment_check check --deploy --fail-level WARNING

security: $(VENV)/.dev .security/tools/.made .security/checkov/.made ## scanners over the code, secrets, image, settings and locks, each shown to find a fault
	@PY=$(PY) security/run

format: $(VENV)/.dev ## ruff and djade, writing
	@$(PY) -m ruff check --fix . ; $(PY) -m ruff format . ; $(VENV)/bin/djade --target-version 5.2 $$(find templates -name '*.html')

lock: $(VENV)/.dev ## the hashed requirements anew (needs uv)
	uv pip compile -q --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header --no-annotate pyproject.toml -o requirements/run.txt
	uv pip compile -q --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header --no-annotate pyproject.toml --extra sentry -o requirements/sentry.txt
	uv pip compile -q --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header --no-annotate pyproject.toml --group dev -o requirements/dev.txt
	uv pip compile -q --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header --no-annotate --no-strip-extras --group security -o requirements/security.txt
	uv pip compile -q --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header --no-annotate --no-strip-extras --group checkov -o requirements/checkov.txt

clean: ## the environments and the demo's data
	rm -rf $(VENV) .demo .stack .security

.PHONY: help run stack test backup restore browser check security format lock clean
