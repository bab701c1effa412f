# Every command of the project. `make` alone lists them. Needs Python 3.11 or newer; installs the rest itself.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin

.DEFAULT_GOAL := help
.PHONY: help run simulator token test test-fast torture fuzz compared bench bench-live bench-intake bench-growth check format schema schema-release migrations rebuild lock audit http-audit clean

help: ## list the commands
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "make %-14s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

run: $(VENV)/.run ## everything up, embedded, no keys: local Stripe, API, GraphiQL (PORT, SIMULATOR_PORT)
	@exec $(BIN)/python -m local

simulator: $(VENV)/.run ## the local Stripe alone, on SIMULATOR_PORT
	@exec $(BIN)/python -m simulator

token: $(VENV)/.run ## print a development token: ROLE=operator, ROLE=service or ROLE=merchant MERCHANT=<externalId>
	@$(BIN)/python -m local token "$(ROLE)" "$(MERCHANT)"

test: $(VENV)/.dev tests/clients/node_modules/.made ## the whole suite: SQLite, PostgreSQL, the browser and clients (JOBS processes, ARGS for pytest)
	@$(BIN)/python -m testing.browser
	@$(BIN)/python -m pytest -n $(or $(JOBS),auto) --dist worksteal --durations 25 $(ARGS)

test-fast: $(VENV)/.dev ## pure rules and SQLite only, in under a minute: no PostgreSQL, browser or Node (JOBS)
	@$(BIN)/python -m pytest -n $(or $(JOBS),auto) --dist worksteal --durations 10 -m fast $(ARGS)

torture: $(VENV)/.dev ## crash and fault proofs, all or PROOF=delivery N=10000: DB=sqlite|postgresql SEED=1
	$(BIN)/python -m torture $(PROOF) --database $(or $(DB),sqlite) --seed $(or $(SEED),1) $(if $(N),--size $(N))

fuzz: $(VENV)/.dev ## whatever the network can bring: N=100000 DB=sqlite|postgresql SEED=1, or ONLY one of them by number
	$(BIN)/python -m fuzz --database $(or $(DB),sqlite) --seed $(or $(SEED),1) $(if $(N),--size $(N)) $(if $(ONLY),--only $(ONLY))

compared: $(VENV)/.dev ## queries with compiled selections and without, whose answers must be the same: N=100000 DB=sqlite|postgresql SEED=1
	$(BIN)/python -m fuzz.compared --database $(or $(DB),sqlite) --seed $(or $(SEED),1) $(if $(N),--size $(N))

bench: $(VENV)/.dev .tools/bench/.made bench/peers/node/node_modules/.made ## what reads cost, beside other servers: N=10000 ROUNDS=5 SECONDS=5 ONLY=ours,mercurius
	$(BIN)/python -m bench.reads $(if $(N),--size $(N)) $(if $(ROUNDS),--rounds $(ROUNDS)) \
	  $(if $(SECONDS),--seconds $(SECONDS)) $(if $(ONLY),--only $(ONLY))

bench-live: $(VENV)/.dev ## what open subscriptions and their changes cost one service: DB=postgresql|sqlite N=2000
	$(BIN)/python -m bench.live --database $(or $(DB),postgresql) $(if $(N),--size $(N))

bench-intake: $(VENV)/.dev ## how many notifications one service takes, and how soon the mirror has them: DB=postgresql|sqlite N=6000 CALLS=15
	$(BIN)/python -m bench.intake --database $(or $(DB),postgresql) $(if $(N),--size $(N)) $(if $(CALLS),--calls $(CALLS))

bench-growth: $(VENV)/.dev ## what a page costs with 1,000 to 1,000,000 merchants: DB=postgresql|sqlite SIZES=1000,100000,1000000 REQUESTS=1000000
	$(BIN)/python -m bench.growth --database $(or $(DB),postgresql) $(if $(SIZES),--sizes $(SIZES)) $(if $(REQUESTS),--requests $(REQUESTS))

http-audit: $(VENV)/.dev tools/audit/node_modules/.made ## the public audits of GraphQL over HTTP, by their original
	@$(BIN)/python -m tests.api.graphql.compared_audits

check: $(VENV)/.dev contract/lint/node_modules/.made ## lint, strict types, import directions, fresh migrations, a fresh and sound schema
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/python -m api schema --check
	$(BIN)/python -m contract
	$(BIN)/node contract/lint/node_modules/eslint/bin/eslint.js -c contract/lint/eslint.config.js --max-warnings 0 schema.graphql
	$(BIN)/python -m api makemigrations --check

format: $(VENV)/.dev ## rewrite the code in the project's format
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

schema: $(VENV)/.run ## write schema.graphql from the code
	$(BIN)/python -m api schema

schema-release: $(VENV)/.dev ## from now on, compare schema.graphql with what it is now
	$(BIN)/python -m contract release

migrations: $(VENV)/.run ## write a migration for changed models: NAME=what_changed
	$(BIN)/python -m api makemigrations $(NAME)

rebuild: $(VENV)/.run ## write every merchant's document again from the mirror
	$(BIN)/python -m api rebuild

lock: .tools/bin/uv ## resolve the dependencies anew into the lock files
	.tools/bin/uv pip compile -q --universal --generate-hashes --no-emit-index-url --no-header --no-annotate \
	  --python-version 3.11 pyproject.toml -o requirements.lock
	.tools/bin/uv pip compile -q --universal --generate-hashes --no-emit-index-url --no-header --no-annotate \
	  --python-version 3.11 --group dev pyproject.toml -o requirements-dev.lock
	.tools/bin/uv pip compile -q --universal --generate-hashes --no-emit-index-url --no-header --no-annotate \
	  --python-version 3.11 --group audit -o requirements-audit.lock
	.tools/bin/uv pip compile -q --universal --generate-hashes --no-emit-index-url --no-header --no-annotate \
	  --python-version 3.11 --group bench -c requirements.lock pyproject.toml -o requirements-bench.lock

audit: .tools/audit/.made $(VENV)/.dev ## ask PyPI and npm for advisories on all that the lock files name
	@for lock in requirements*.lock; do echo "$$lock"; \
	  .tools/audit/bin/pip-audit --strict --disable-pip --require-hashes --progress-spinner off -r $$lock || failed=1; done; \
	for folder in contract/lint tests/clients bench/peers/node; do echo "$$folder/package-lock.json"; \
	  (cd $$folder && $(CURDIR)/$(BIN)/npm audit --no-update-notifier --loglevel=error) || failed=1; done; \
	test -z "$$failed" || { echo "Not proven sound: an advisory, or no answer about them. It is said above." >&2; exit 1; }

clean: ## remove the environment, the caches and the local data
	rm -rf $(VENV) .tools contract/lint/node_modules tests/clients/node_modules tools/audit/node_modules bench/peers/node/node_modules var .pytest_cache .mypy_cache .ruff_cache .hypothesis

# --- the environment -------------------------------------------------------------------------

.tools/bin/uv: requirements-uv.lock
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "ConnectQL needs Python 3.11 or newer; name one with: make PYTHON=python3.12 ...")'
	@$(PYTHON) -m pip --version >/dev/null 2>&1 || { echo "Python's pip is missing. On Debian: apt-get install python3-pip"; exit 1; }
	@echo "Installing uv, which installs the rest ..." >&2
	@$(PYTHON) -m pip install -q --disable-pip-version-check --no-warn-script-location --root-user-action=ignore \
	  --upgrade --require-hashes --target .tools -r requirements-uv.lock
	@touch $@

$(VENV)/bin/python: | .tools/bin/uv
	@UV_PYTHON_DOWNLOADS=never .tools/bin/uv venv -q --allow-existing --python "$$($(PYTHON) -c 'import sys; print(sys.executable)')" $(VENV)

$(VENV)/.run: requirements.lock | $(VENV)/bin/python
	@echo "Installing ConnectQL's dependencies ..." >&2
	@.tools/bin/uv pip install --python $(BIN)/python --require-hashes -r requirements.lock
	@touch $@

$(VENV)/.dev: requirements-dev.lock | $(VENV)/bin/python
	@echo "Installing the dependencies and the development tools ..." >&2
	@.tools/bin/uv pip install --python $(BIN)/python --require-hashes -r requirements-dev.lock
	@touch $@

# Node and npm come with the development tools, so no other Node is needed. No package runs a script at installing.
%/node_modules/.made: %/package-lock.json $(VENV)/.dev
	@echo "Installing the Node packages of $* ..." >&2
	@cd $* && $(CURDIR)/$(BIN)/npm ci --ignore-scripts --no-audit --no-fund --no-update-notifier --loglevel=error
	@touch $@

.tools/bench/.made: requirements-bench.lock | $(VENV)/bin/python
	@echo "Installing what is compared with ..." >&2
	@.tools/bin/uv venv -q --allow-existing --python $(BIN)/python .tools/bench
	@.tools/bin/uv pip install -q --python .tools/bench/bin/python --require-hashes -r requirements-bench.lock
	@touch $@

.tools/audit/.made: requirements-audit.lock | $(VENV)/bin/python
	@echo "Installing pip-audit ..." >&2
	@.tools/bin/uv venv -q --allow-existing --python $(BIN)/python .tools/audit
	@.tools/bin/uv pip install -q --python .tools/audit/bin/python --require-hashes -r requirements-audit.lock
	@touch $@
