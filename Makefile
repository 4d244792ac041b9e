# The whole development vocabulary. `make warehouse` and `make test` set everything up by themselves.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready
PYTEST := $(BIN)/python -m pytest --numprocesses auto --maxprocesses 4 --dist loadfile
include .env
export $(shell sed 's/=.*//' .env)
export GONGFU_ROOT := $(CURDIR)
export DAGSTER_HOME := $(CURDIR)/warehouse/.dagster
DBT_PAGES := $(CURDIR)/warehouse/dictionary/.dbt

.DEFAULT_GOAL := help
.PHONY: help warehouse quick test check verify coverage fuzz walks mutants sabotage thresholds bench score reread ui docs serve dataset dictionary site records disclosure spark lock clean

help: ## what there is
	@grep -hE '^[a-z]+:.*## ' $(MAKEFILE_LIST) | awk -F ':.*## ' '{printf "  make %-12s %s\n", $$1, $$2}'

$(READY): requirements.lock pyproject.toml
	@echo "Setting up $(VENV) (once; about a minute) …"
	@$(PYTHON) -c 'import sys; sys.exit("gongfu needs Python 3.11 or newer; name one: make PYTHON=python3.12 …" if sys.version_info < (3, 11) else 0)'
	@$(PYTHON) -m venv $(VENV)
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes --requirement requirements.lock
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	@touch $@

warehouse: $(READY) ## build and publish warehouse/gongfu.duckdb
	@$(BIN)/gongfu build

quick: $(READY) ## run the tests that build nothing: under three minutes
	@$(PYTEST) -m "not builds"

test: $(READY) ## run the tests
	@$(PYTEST)

check: $(READY) ## format, lint, types, import directions, SQL style
	@$(BIN)/ruff format --check pipelines tests bench docs
	@$(BIN)/ruff check pipelines tests bench docs
	@$(BIN)/mypy
	@$(BIN)/lint-imports
	@$(BIN)/sqlfluff lint --processes 0 dbt_project/models dbt_project/tests

verify: check coverage fuzz walks mutants sabotage bench ## all of it with the large sizes, before an issue is closed

coverage: $(READY) ## run the tests and measure what of pipelines/ they run; fails below the floor
	@$(PYTEST) --cov --cov-report=term:skip-covered

fuzz: $(READY) ## ask the service many requests that its OpenAPI allows
	@GONGFU_FUZZ=400 $(BIN)/python -m pytest tests/serving/test_fuzz.py

walks: $(READY) ## change sources and reference data at random; small builds are held against builds of everything
	@GONGFU_WALKS=20 $(BIN)/python -m pytest -k random tests/building/test_machine.py

mutants: $(READY) ## break the code in small ways drawn by rule, and name every change that the tests let pass
	@$(BIN)/python -m tests.mutants.run

ui: $(READY) ## open the Dagster UI on http://localhost:3000; what it links to is served on :3001 and :3002
	@mkdir -p $(DAGSTER_HOME) warehouse/quality_report warehouse/readings
	@cp -n pipelines/orchestration/dagster.yaml $(DAGSTER_HOME)/
	@$(BIN)/python -m http.server --bind 127.0.0.1 --directory warehouse/quality_report 3001 2>/dev/null & report=$$!; \
	$(BIN)/python -m http.server --bind 127.0.0.1 --directory warehouse/readings 3002 2>/dev/null & readings=$$!; \
	trap "kill $$report $$readings" EXIT; $(BIN)/dagster dev

serve: $(READY) warehouse ## the monitor, SDMX, the quality report and the dictionary on http://127.0.0.1:8321
	@$(BIN)/gongfu serve

dataset: $(READY) warehouse ## the whole data set as Parquet and CSV with its dictionary, in warehouse/dataset
	@$(BIN)/gongfu dataset

dictionary: $(READY) warehouse ## the data dictionary and dbt's own pages, in warehouse/dictionary
	@$(BIN)/gongfu dictionary
	@mkdir -p $(DBT_PAGES) && cp warehouse/gongfu.duckdb $(DBT_PAGES)/gongfu.duckdb # dbt opens it to write
	@GONGFU_BUILDING=$(DBT_PAGES)/gongfu.duckdb $(BIN)/dbt --quiet docs generate --static \
		--project-dir dbt_project --profiles-dir dbt_project --target-path $(DBT_PAGES)
	@mv $(DBT_PAGES)/static_index.html warehouse/dictionary/dbt.html && rm -rf $(DBT_PAGES)

site: $(READY) warehouse ## the monitor as static pages, in warehouse/site
	@$(BIN)/gongfu site

bench: $(READY) warehouse ## measure speed and scale: against a plain composition, the audit, 1000 sources, 10 million rows
	@$(BIN)/python bench/run.py
	@$(BIN)/python bench/audit.py
	@$(BIN)/python bench/sources.py
	@$(BIN)/python bench/observations.py
	@$(BIN)/python bench/records.py
	@$(BIN)/python bench/prose.py
	@$(BIN)/python bench/site.py
	@$(BIN)/python bench/pages.py
	@$(BIN)/python bench/serving.py

score: $(READY) ## how well prose is read, held against the hand-made standard
	@$(BIN)/python -m tests.bulletin.scoring

reread: $(READY) ## the report read again from its text, held against its transcription
	@$(BIN)/python -m tests.bulletin.reread

sabotage: $(READY) ## break the sources in 600 ways, count what is caught, renew the table in docs/quality.md
	@$(BIN)/python -m tests.sabotage.run

thresholds: $(READY) ## derive how far is far for plausibility from half of the indicators, try it on the other half
	@$(BIN)/python -m tests.sabotage.thresholds

lock: $(READY) ## renew requirements.lock from pyproject.toml: versions and hashes, no address (UPGRADE=--upgrade for newer ones)
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check uv
	@$(BIN)/uv pip compile pyproject.toml --extra dev --universal --python-version 3.11 --generate-hashes --no-strip-extras \
		--no-emit-index-url --no-emit-find-links --no-header --no-annotate --quiet $(UPGRADE) --output-file requirements.lock

records: $(READY) ## synthetic registers from records to indicators, reconciled: warehouse/records_demo.duckdb, shown by make ui
	@test -f warehouse/gongfu.duckdb || $(BIN)/gongfu build
	@mkdir -p $(DAGSTER_HOME)
	@$(BIN)/python -m pipelines.orchestration.records

disclosure: $(READY) ## protect 20 seeded releases and attack them
	@$(BIN)/python -m tests.records.prove_disclosure

.venv-spark/.ready: requirements-spark.lock
	@echo "Setting up .venv-spark (once; 0.5 GB; needs Java 17) …"
	@$(PYTHON) -m venv .venv-spark
	@.venv-spark/bin/python -m pip install --quiet --disable-pip-version-check --requirement requirements-spark.lock
	@touch $@

spark: $(READY) .venv-spark/.ready ## the models of records on a Spark cluster of two workers, every firm compared
	@$(BIN)/python -m pipelines.records.compare

clean: ## remove what builds made (not .venv, and not when each figure was first seen)
	@rm -rf warehouse/.build warehouse/.spill warehouse/readings warehouse/dataset warehouse/dictionary warehouse/versions warehouse/quality_report warehouse/.dagster warehouse/gongfu.duckdb dbt_project/target
	@rm -f warehouse/landing/*.json
	@echo "Kept: warehouse/landing/*.parquet, the only place that knows when each figure was first seen."

docs: $(READY) ## run the commands that docs/ shows and renew their output
	@$(BIN)/python docs/refresh.py
