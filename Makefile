# `make` or `make help` lists what there is. Everything runs in .venv, installed from constraints.txt.

PORT ?= 8501
HOST ?= 127.0.0.1
VENV ?= .venv
ARGS ?=

python := $(VENV)/bin/python
app_ready := $(VENV)/app-ready
tests_ready := $(VENV)/tests-ready
bench_ready := $(VENV)/bench-ready
node_ready := $(VENV)/node-ready
mlflow_ready := $(VENV)/mlflow-ready
mlflow_lock := tests/exporters/mlflow-server.txt
frontend := batchviz/frontend
node := $(abspath $(VENV))/bin/node
npm := NODE_USE_SYSTEM_CA=1 $(abspath $(VENV))/bin/npm --loglevel error
npm_packages := typescript plotly.js-basic-dist-min
plotly := $(frontend)/node_modules/plotly.js-basic-dist-min

.DEFAULT_GOAL := help
.PHONY: help run test compiled lint audit format bench screenshots lock clean

help: ## list the targets
	@awk -F ':.*## ' '/^[a-z]+:.*## /{printf "  make %-12s %s\n", $$1, $$2}' Makefile

run: $(app_ready) ## install and serve the app (PORT=8501 HOST=127.0.0.1)
	$(python) -m batchviz serve --host $(HOST) --port $(PORT)

# Two processes (tests/conftest.py says which tests stay together), the long ones first.
two_at_once := --numprocesses 2 --no-loadscope-reorder

test: $(tests_ready) ## install everything, check style and types, run the whole suite (ARGS="-k ...")
	@$(MAKE) --no-print-directory --jobs 3 lint compiled $(mlflow_ready)
	@browser="$$(scripts/find-browser.sh $(python) --shell)" && \
	BATCHVIZ_CHROMIUM="$$browser" BATCHVIZ_POSTGRES="$$(scripts/find-postgres.sh)" \
	$(python) -m pytest $(two_at_once) $(ARGS)

# Beside the linters, which leave a core to others: each process of the suite would compile all tests and the package.
compiled: $(tests_ready)
	@$(python) -m pytest --collect-only --quiet > /dev/null || true # what is wrong, the suite tells

lint: $(tests_ready) $(node_ready) ## style, types, dead code, dependencies, spelling; the scripts as well
	$(python) -m ruff check
	$(python) -m ruff format --check
	$(python) -m mypy
	$(python) -m vulture
	$(python) -m deptry .
	$(VENV)/bin/codespell app.py batchviz benchmarks docs pages scripts tests *.md
	$(VENV)/bin/validate-pyproject pyproject.toml
	$(VENV)/bin/check-jsonschema --builtin-schema vendor.compose-spec compose.yaml
	$(VENV)/bin/check-jsonschema --builtin-schema vendor.github-workflows .github/workflows/check.yml
	cd $(frontend) && $(abspath $(VENV))/bin/oxlint --deny-warnings .
	cd $(frontend) && $(abspath $(VENV))/bin/oxfmt --check .
	cd $(frontend) && $(node) node_modules/typescript/bin/tsc

audit: $(tests_ready) ## look the locked packages up for known vulnerabilities (0 none, 1 some, 2 could not be asked)
	@$(python) -m scripts.audit

format: $(tests_ready) ## fix what ruff, oxfmt and oxlint can fix
	$(python) -m ruff check --fix
	$(python) -m ruff format
	cd $(frontend) && $(abspath $(VENV))/bin/oxfmt .
	cd $(frontend) && $(abspath $(VENV))/bin/oxlint --fix .

bench: $(bench_ready) ## measure against Keras' fit and others, side by side
	@browser="$$(scripts/find-browser.sh $(python))" && \
	BATCHVIZ_CHROMIUM="$$browser" $(python) -m benchmarks $(ARGS)

screenshots: $(tests_ready) ## take the pictures of the README again
	@browser="$$(scripts/find-browser.sh $(python))" && \
	BATCHVIZ_CHROMIUM="$$browser" $(python) -m scripts.screenshots $(ARGS)

# One lock for Linux, macOS and Windows on Python 3.11-3.13; nothing of this machine gets into it.
compile := --universal --python-version 3.11 --no-emit-index-url --no-emit-find-links --quiet \
	--custom-compile-command "make lock"

lock: $(tests_ready) ## pin the newest versions that pyproject.toml allows
	$(python) -m uv pip compile pyproject.toml --all-extras --output-file constraints.txt --upgrade $(compile)
	$(python) -m uv pip compile pyproject.toml --constraint constraints.txt --output-file requirements.txt --no-annotate $(compile)
	cd $(frontend) && $(npm) install --package-lock-only --save-dev $(npm_packages:%=%@latest)
	cd $(frontend) && $(npm) ci
	cp $(plotly)/plotly-basic.min.js $(frontend)/vendor/
	cp $(plotly)/LICENSE $(frontend)/vendor/plotly-license.txt
	sed -n 's/^mlflow-skinny==/mlflow==/p' constraints.txt | $(python) -m uv pip compile - --output-file $(mlflow_lock) --no-annotate $(compile)

clean: ## remove the environment and caches (not the runs in data/)
	rm -rf $(VENV) $(frontend)/node_modules .hypothesis .mypy_cache .pytest_cache .ruff_cache build dist
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

# The stamps: an environment is brought up to date when its list of packages is newer than its stamp.
$(app_ready): requirements.txt
	@scripts/environment.sh $(VENV) --requirement requirements.txt
	@touch $@

$(tests_ready): pyproject.toml constraints.txt
	@scripts/environment.sh $(VENV) --editable '.[test,lock,mlflow,postgres,cluster]'
	@touch $@ $(app_ready)

# Node.js is a Python package, so it is there with the others; npm brings what has no Python package: tsc. The
# certificates are those of this system, as for uv.
$(node_ready): $(frontend)/package-lock.json $(frontend)/.npmrc | $(tests_ready)
	@echo "Installing the packages of $< ..."
	@cd $(frontend) && $(npm) ci --prefer-offline
	@touch $@

# A real MLflow server to test the export against, in an environment of its own, because it needs an older pandas.
# Its empty database is made here: building up its tables takes longer than the tests.
$(mlflow_ready): $(mlflow_lock) | $(tests_ready)
	@CONSTRAINTS=$(mlflow_lock) scripts/environment.sh $(VENV)/mlflow --requirement $(mlflow_lock)
	@rm -f $(VENV)/mlflow/empty.db
	@MLFLOW_DISABLE_TELEMETRY=true $(VENV)/mlflow/bin/mlflow db upgrade sqlite:///$(VENV)/mlflow/empty.db >/dev/null 2>&1
	@touch $@

$(bench_ready): pyproject.toml constraints.txt
	@scripts/environment.sh $(VENV) --editable '.[test,lock,mlflow,postgres,cluster,bench]'
	@touch $@ $(tests_ready) $(app_ready)
