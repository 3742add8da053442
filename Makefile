# Every command sets itself up on a machine that has git, python3 (3.11+, with venv) and make.
# A site with a package mirror sets PIP_INDEX_URL and UV_DEFAULT_INDEX in the environment.
PY ?= python3
VENV := .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.stamp
LOCK := requirements
MUTANTS := .mutants
BENCH := .bench
AUDIT := .audit
NPM := tests/npm/node_modules/.package-lock.json
SOURCES := assistant tools prompts storage training
WORKERS ?= 2

.PHONY: help chat serve scenarios test coverage screenshots prove mutants faults bench bench-engine bench-scale prompt-cost audit check format lint types imports lock clean

help:
	@echo 'make chat    talk to the coach as a demo runner (ARGS="--user demo --today 2026-02-10")'
	@echo 'make serve   the chat page and POST /chat on 127.0.0.1:8000'
	@echo 'make scenarios  play the conversations of examples/scenarios (ARGS="--repeat 3")'
	@echo 'make test    run every test'
	@echo 'make coverage  the same, and which lines and branches no test reaches (half as long again)'
	@echo 'make screenshots  take the pictures of docs/screenshots/ again'
	@echo 'make prove   hold the training engine to its invariants on 20,000 plans and more'
	@echo 'make mutants  change the training engine in 500 places and see which changes a test notices'
	@echo 'make faults   meet the service with faults, kills and strangers, an hour and a half (ARGS="--scale 0.05")'
	@echo 'make bench   the same turn in runplan and in its peers, about 10 minutes (ARGS="--repeat 2 --only runplan plain")'
	@echo 'make bench-engine  what a plan and a change cost in CPU time'
	@echo 'make bench-scale  what a turn costs among 100,000 runners with 10 million messages (20 GB of disk, ARGS="--runners 1000")'
	@echo 'make prompt-cost  count the tokens of the prompt and add them to docs/prompt-cost.md'
	@echo 'make audit   known vulnerabilities of what is shipped and tested with, and its bill of materials'
	@echo 'make check   formatter, linter, types, import rules, tests'
	@echo 'make lock    resolve the locked requirements anew (ARGS=--upgrade)'

$(STAMP): $(LOCK)/bootstrap.txt $(LOCK)/dev.txt pyproject.toml
	@$(PY) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo 'runplan needs Python 3.11 or newer' >&2; exit 1; }
	@echo 'setting up $(VENV) ...' >&2
	@$(PY) -m venv $(VENV)
	@$(BIN)/python -m pip install -q --disable-pip-version-check --require-hashes -r $(LOCK)/bootstrap.txt >&2
	@$(BIN)/uv pip sync -q --python $(BIN)/python --require-hashes $(LOCK)/bootstrap.txt $(LOCK)/dev.txt >&2
	@$(BIN)/uv pip install -q --python $(BIN)/python --no-deps --no-build-isolation --offline -e . >&2
	@touch $@

chat: $(STAMP)
	@$(BIN)/runplan demo --quiet
	@$(BIN)/runplan chat $(ARGS)

serve: $(STAMP)
	@$(BIN)/runplan demo --quiet
	@$(BIN)/runplan serve $(ARGS)

scenarios: $(STAMP)
	@$(BIN)/runplan scenario run examples/scenarios $(ARGS)

test: $(STAMP) $(NPM)
	$(BIN)/python -m pytest -n $(WORKERS) --dist worksteal $(ARGS)

coverage: $(STAMP) $(NPM)
	$(BIN)/python -m pytest -n $(WORKERS) --dist worksteal --cov --cov-report=term $(ARGS)

# Without Node, or without a registry, the tests that need these packages are skipped and say so.
$(NPM): tests/npm/package-lock.json
	@command -v npm >/dev/null || exit 0; npm ci --prefix tests/npm --silent --no-audit --no-fund --ignore-scripts >&2 \
	  || echo 'npm could not bring the packages of tests/npm' >&2

screenshots: $(STAMP)
	$(BIN)/python -m tests.page.screenshots docs/screenshots

prove: $(STAMP)
	HYPOTHESIS_PROFILE=prove $(BIN)/python -m pytest tests/training/test_invariants.py -n $(WORKERS) -v $(ARGS)

mutants: $(STAMP) $(MUTANTS)/.stamp
	$(MUTANTS)/venv/bin/python tests/support/mutants.py --folder $(MUTANTS) $(ARGS)

$(MUTANTS)/.stamp: $(LOCK)/dev.txt $(LOCK)/mutants.txt
	@$(PY) -m venv $(MUTANTS)/venv
	@$(BIN)/uv pip sync -q --python $(MUTANTS)/venv/bin/python --require-hashes $(LOCK)/dev.txt $(LOCK)/mutants.txt >&2
	@touch $@

faults: $(STAMP)
	$(BIN)/python -m tests.faults --report faults.md $(ARGS)

bench: $(STAMP) $(BENCH)/.stamp
	$(BENCH)/venv/bin/python tests/bench/compare.py --report docs $(ARGS)

$(BENCH)/.stamp: $(STAMP) $(LOCK)/bench.txt
	@$(PY) -m venv $(BENCH)/venv
	@$(BIN)/uv pip sync -q --python $(BENCH)/venv/bin/python --require-hashes $(LOCK)/bench.txt >&2
	@touch $@

bench-engine: $(STAMP)
	$(BIN)/python -m tests.bench.engine

bench-scale: $(STAMP)
	PYTHONPATH=tests/support $(BIN)/python -m tests.bench.scale $(ARGS)

prompt-cost: $(STAMP)
	@PYTHONPATH=tests/support $(BIN)/python -m prompt_cost

audit: $(STAMP) $(AUDIT)/.stamp
	$(AUDIT)/venv/bin/cyclonedx-py requirements $(LOCK)/prod.txt --pyproject pyproject.toml --mc-type application \
	  --output-reproducible --of JSON -o $(AUDIT)/sbom.json
	@echo 'the bill of materials: $(AUDIT)/sbom.json (CycloneDX)'
	$(AUDIT)/venv/bin/pip-audit --strict --require-hashes --disable-pip --progress-spinner off -r $(LOCK)/prod.txt -r $(LOCK)/dev.txt $(ARGS)

$(AUDIT)/.stamp: $(STAMP) $(LOCK)/audit.txt
	@$(PY) -m venv $(AUDIT)/venv
	@$(BIN)/uv pip sync -q --python $(AUDIT)/venv/bin/python --require-hashes $(LOCK)/audit.txt >&2
	@touch $@

check: format lint types imports test

format: $(STAMP)
	$(BIN)/ruff format --check .

lint: $(STAMP)
	$(BIN)/ruff check .

types: $(STAMP)
	$(BIN)/mypy

imports: $(STAMP)
	$(BIN)/lint-imports

lock: $(STAMP)
	$(BIN)/uv pip compile -q $(LOCK)/bootstrap.in --universal --python-version 3.11 --generate-hashes \
	  --no-emit-index-url --no-emit-find-links --no-header --no-annotate -o $(LOCK)/bootstrap.txt $(ARGS)
	$(BIN)/uv pip compile -q pyproject.toml --all-extras --group dev --universal --python-version 3.11 --generate-hashes \
	  --no-emit-index-url --no-emit-find-links --no-header --no-annotate -o $(LOCK)/dev.txt $(ARGS)
	$(BIN)/uv pip compile -q pyproject.toml --extra postgres --extra tracing -c $(LOCK)/dev.txt --universal --python-version 3.11 --generate-hashes \
	  --no-emit-index-url --no-emit-find-links --no-header --no-annotate -o $(LOCK)/prod.txt $(ARGS)
	$(BIN)/uv pip compile -q $(LOCK)/mutants.in -c $(LOCK)/dev.txt --universal --python-version 3.11 --generate-hashes \
	  --no-emit-index-url --no-emit-find-links --no-header --no-annotate -o $(LOCK)/mutants.txt $(ARGS)
	$(BIN)/uv pip compile -q $(LOCK)/bench.in --universal --python-version 3.11 --generate-hashes \
	  --no-emit-index-url --no-emit-find-links --no-header --no-annotate -o $(LOCK)/bench.txt $(ARGS)
	$(BIN)/uv pip compile -q $(LOCK)/audit.in --universal --python-version 3.11 --generate-hashes \
	  --no-emit-index-url --no-emit-find-links --no-header --no-annotate -o $(LOCK)/audit.txt $(ARGS)
	! command -v npm >/dev/null || npm install --prefix tests/npm --package-lock-only --omit-lockfile-registry-resolved --no-audit --no-fund --silent

clean:
	rm -rf $(VENV) $(MUTANTS) $(BENCH) $(AUDIT) tests/npm/node_modules .mypy_cache .pytest_cache .ruff_cache .import_linter_cache .coverage* *.egg-info
