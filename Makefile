# `make` lists what there is. The two commands to know: `make run` (the site, with everything it needs) and `make test` (the suite, on real servers).
PYTHON ?= python3
VENV ?= .venv
PORT ?= 8000
PY := $(VENV)/bin/python
UV := $(shell command -v uv 2>/dev/null)
export UV_PYTHON_DOWNLOADS := never
export PORT

.DEFAULT_GOAL := help

define install
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Python 3.11 or newer is needed, this is " + sys.version.split()[0])'
	@test -x $(PY) || $(if $(UV),$(UV) venv -q --python $(PYTHON) $(VENV),$(PYTHON) -m venv $(VENV))
	@$(if $(UV),$(UV) pip install -q --python $(PY) --require-hashes -r $(1),$(PY) -m pip install -q --disable-pip-version-check --require-hashes -r $(1))
	@touch $@
endef

$(VENV)/.run: requirements/run.txt ; $(call install,$<)
$(VENV)/.dev: requirements/dev.txt ; $(call install,$<)

help: ## this list
	@grep -hE '^[a-z]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 12

run: $(VENV)/.run ## the site with sample data, a database file and a real worker, at 127.0.0.1:8000 (PORT, DEBUG=1)
	@exec $(PY) -m navigator.demo run

stack: $(VENV)/.dev ## the same as in production: PostgreSQL, Redis, the production server (STACK_FOLDER, DATABASE_URL, REDIS_URL)
	@exec $(PY) -m navigator.demo stack

test: $(VENV)/.dev ## the whole suite against real PostgreSQL and Redis, with coverage
	@$(PY) -m coverage run -m pytest -q
	@$(PY) -m coverage report --fail-under=95 --include='content/*,doctors/*,intake/*'

browser: $(VENV)/.dev ## the browser's tests (needs chromium)
	@$(PY) -m pytest -q -m browser tests/e2e

check: $(VENV)/.dev ## ruff, mypy, djade, migrations up to date, deployment settings
	@$(PY) -m ruff check .
	@$(PY) -m ruff format --check .
	@$(PY) -m mypy
	@$(VENV)/bin/djade --target-version 5.2 --check $$(find templates -name '*.html')
	@$(PY) -m navigator.deployment_check makemigrations --check --dry-run
	@$(PY) -m navigator.deployment_check check --deploy --fail-level WARNING

format: $(VENV)/.dev ## ruff and djade, writing
	@$(PY) -m ruff check --fix . ; $(PY) -m ruff format . ; $(VENV)/bin/djade --target-version 5.2 $$(find templates -name '*.html')

lock: $(VENV)/.dev ## the hashed requirements anew (needs uv)
	uv pip compile -q --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header --no-annotate pyproject.toml -o requirements/run.txt
	uv pip compile -q --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header --no-annotate pyproject.toml --group dev -o requirements/dev.txt

clean: ## the environment and the demo's data
	rm -rf $(VENV) .demo .stack

.PHONY: help run stack test browser check format lock clean
