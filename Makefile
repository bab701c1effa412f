# Every command of the project; `make` lists them. Needs Python 3.11 or newer, and installs the rest.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
# Compiling the tests takes long, so keep their bytecode even if the environment sets PYTHONDONTWRITEBYTECODE.
PYTEST = PYTHONDONTWRITEBYTECODE= $(BIN)/python -m pytest -n $(or $(JOBS),auto) --dist worksteal

NODE := $(CURDIR)/$(BIN)/node
# Packages may not run scripts when they are installed.
NPM_CI := $(CURDIR)/$(BIN)/npm ci --prefer-offline --ignore-scripts --no-audit --no-fund --no-update-notifier --loglevel=error

.DEFAULT_GOAL := help
.PHONY: help run board demo simulator token import test test-databases test-strict test-fast properties torture fuzz compared bench bench-live bench-intake bench-outgoing bench-growth bench-growth-payments bench-shards check format schema schema-release migrations rebuild lock package audit http-audit client portal clean

help: ## list the commands
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "make %-14s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

run: $(VENV)/.run ## run the API, GraphiQL, a local Stripe and a start page, without any keys: PORT SIMULATOR_PORT START_PORT
	@exec $(BIN)/python -m local

demo: $(VENV)/.dev ## run the demo app with forty merchants and their history: NEW=1 creates the data again; PORT SIMULATOR_PORT START_PORT
	@exec $(BIN)/python -m local demo $(if $(NEW),--new)

simulator: $(VENV)/.run ## run only the local Stripe: SIMULATOR_PORT
	@exec $(BIN)/python -m simulator

token: $(VENV)/.run ## print a development token: ROLE=operator|service, or ROLE=merchant MERCHANT=<externalId>; TTL=60 SUBJECT=jane
	@$(BIN)/python -m local token -- "$(ROLE)" "$(MERCHANT)" "$(TTL)" "$(SUBJECT)"

import: $(VENV)/.run ## import the accounts of a CSV file into the service that `make run` started: FILE=accounts.csv DRY=1 PORT SIMULATOR_PORT
	@$(BIN)/python -m local import $(if $(DRY),--dry-run) -- "$(FILE)"

test: $(VENV)/.dev tests/clients/node_modules/.made .tools/python-client/.made clients/typescript/dist/.made examples/portal/dist/.made ## run all tests, on SQLite and PostgreSQL, with browser and clients: JOBS=4 TEST_PATIENCE=4 ARGS="-k name"
	@$(BIN)/python -m testing.browser
	@$(PYTEST) --durations 25 $(ARGS)

test-strict: $(VENV)/.dev ## run the PostgreSQL tests with SERIALIZABLE, and without LISTEN, NOTIFY and advisory locks: JOBS=4 CONFLICTS=10
	@TEST_DATABASE_PROFILE=portable $(if $(CONFLICTS),TEST_DATABASE_CONFLICTS=$(CONFLICTS)) $(PYTEST) --durations 25 $(ARGS)

test-databases: $(VENV)/.dev tools/databases/node_modules/.made ## run the database tests with PostgreSQL 14 to 18, on Linux: VERSIONS=14,18 ARGS="-k name"
	@$(BIN)/python -m tools.databases.run $(if $(VERSIONS),--versions $(VERSIONS)) -- $(ARGS)

test-fast: $(VENV)/.dev ## run the short tests on SQLite, without PostgreSQL, a browser, Node or a worker: JOBS=4
	@$(PYTEST) --durations 10 -m fast $(ARGS)

properties: $(VENV)/.dev ## run the property tests with fifty times as many examples: JOBS=4
	@$(PYTEST) --hypothesis-profile many -m hypothesis $(ARGS)

torture: $(VENV)/.dev ## prove the promises of docs/reliability.md under injected faults: PROOF=delivery N=10000 DB=sqlite|postgresql|portable SEED=1
	$(BIN)/python -m torture $(PROOF) --database $(or $(DB),sqlite) --seed $(or $(SEED),1) $(if $(N),--size $(N))

fuzz: $(VENV)/.dev ## send random and hostile requests: N=100000 DB=sqlite|postgresql SEED=1 ONLY=<number>
	$(BIN)/python -m fuzz --database $(or $(DB),sqlite) --seed $(or $(SEED),1) $(if $(N),--size $(N)) $(if $(ONLY),--only $(ONLY))

compared: $(VENV)/.dev ## compare answers with and without compiled queries: N=100000 DB=sqlite|postgresql SEED=1
	$(BIN)/python -m fuzz.compared --database $(or $(DB),sqlite) --seed $(or $(SEED),1) $(if $(N),--size $(N))

bench: $(VENV)/.dev .tools/bench/.made bench/peers/node/node_modules/.made ## compare the cost of reads with other servers: N=10000 ROUNDS=5 SECONDS=5 ONLY=connectql,mercurius
	$(BIN)/python -m bench.reads $(if $(N),--size $(N)) $(if $(ROUNDS),--rounds $(ROUNDS)) \
	  $(if $(SECONDS),--seconds $(SECONDS)) $(if $(ONLY),--only $(ONLY))

bench-live: $(VENV)/.dev ## measure the cost of open subscriptions and of changes: DB=postgresql|sqlite|portable N=2000
	$(BIN)/python -m bench.live --database $(or $(DB),postgresql) $(if $(N),--size $(N))

bench-intake: $(VENV)/.dev ## measure the intake of notifications: DB=postgresql|sqlite N=6000 CALLS=15
	$(BIN)/python -m bench.intake --database $(or $(DB),postgresql) $(if $(N),--size $(N)) $(if $(CALLS),--calls $(CALLS))

bench-outgoing: $(VENV)/.dev ## measure the cost of changes with and without an endpoint for outgoing events: DB=postgresql|sqlite N=100
	$(BIN)/python -m bench.outgoing --database $(or $(DB),postgresql) $(if $(N),--size $(N))

bench-growth: $(VENV)/.dev ## measure the cost of pages of merchants as their number grows: DB=postgresql|sqlite SIZES=1000,100000,1000000 REQUESTS=1000000
	$(BIN)/python -m bench.growth --database $(or $(DB),postgresql) $(if $(SIZES),--sizes $(SIZES)) $(if $(REQUESTS),--requests $(REQUESTS))

bench-growth-payments: $(VENV)/.dev ## measure the cost of pages of payments as their number grows: SIZES=1000,100000,1000000,10000000
	$(BIN)/python -m bench.payment_growth $(if $(SIZES),--sizes $(SIZES))

bench-shards: $(VENV)/.dev ## simulate merchants and payments spread over several databases: N=1000000 SEED=1
	@$(BIN)/python -m bench.shards $(if $(N),--size $(N)) $(if $(SEED),--seed $(SEED))

http-audit: $(VENV)/.dev tools/audit/node_modules/.made ## run the public audits of GraphQL over HTTP with their original tool
	@$(BIN)/python -m tests.api.graphql.compared_audits

board: board/node_modules/.made ## build the operator board into api/board/static
	cd board && $(NODE) node_modules/@graphql-codegen/cli/esm/bin.js --config codegen.json
	cd board && $(NODE) node_modules/typescript/bin/tsc
	cd board && $(NODE) node_modules/vite/bin/vite.js build --logLevel warn $(if $(OUT),--outDir $(OUT))

check: $(VENV)/.dev board/node_modules/.made contract/lint/node_modules/.made contract/federation/node_modules/.made tools/clients/node_modules/.made .tools/clients/.made .tools/python-client/.made clients/typescript/dist/.made examples/portal/node_modules/.made .tools/deploy/.made ## check lint, types, import directions, migrations, the schema, the simulator with Stripe's clients, the package and the files in deploy/
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/python -m api schema --check
	$(BIN)/python -m contract
	$(BIN)/node contract/lint/node_modules/eslint/bin/eslint.js -c contract/lint/eslint.config.js --max-warnings 0 schema.graphql
	$(BIN)/node contract/lint/node_modules/eslint/bin/eslint.js -c contract/lint/operations.config.js --max-warnings 0 'clients/*/operations/*.graphql'
	$(BIN)/python -m contract.federation
	$(BIN)/python -m api makemigrations --check
	cd clients/typescript && $(NODE) scripts/generate.js --check && $(NODE) node_modules/typescript/bin/tsc && \
	  $(NODE) node_modules/typescript/bin/tsc -p tests && $(NODE) scripts/size.js
	cd examples/portal && $(NODE) node_modules/@graphql-codegen/cli/cjs/bin.js --config codegen.json --check && $(NODE) node_modules/typescript/bin/tsc && $(NODE) node_modules/@biomejs/biome/bin/biome ci .
	.tools/python-client/bin/python clients/python/generate.py --check
	$(BIN)/node clients/manifests.js --check
	$(MAKE) --no-print-directory board OUT=$(CURDIR)/var/board
	diff -r var/board api/board/static
	$(BIN)/python -m tools.clients.run .tools/clients/bin/python
	$(BIN)/python -m tools.deploy.files
	$(BIN)/python -m tools.deploy.proxies
	$(BIN)/python -m tools.deploy.package

format: $(VENV)/.dev ## format the code and fix lint errors
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

schema: $(VENV)/.run ## write schema.graphql from the code
	$(BIN)/python -m api schema

client: clients/typescript/node_modules/.made examples/portal/node_modules/.made .tools/python-client/.made contract/federation/node_modules/.made ## write the clients and the portal's documents from schema.graphql, and compile the TypeScript client
	.tools/python-client/bin/python clients/python/generate.py
	$(BIN)/node clients/manifests.js
	cd clients/typescript && $(NODE) scripts/generate.js
	cd examples/portal && $(NODE) node_modules/@graphql-codegen/cli/cjs/bin.js --config codegen.json
	@rm -f clients/typescript/dist/.made
	@$(MAKE) --no-print-directory clients/typescript/dist/.made

portal: examples/portal/dist/.made ## build the merchant portal, which `make run` serves

schema-release: $(VENV)/.dev ## save schema.graphql as the released schema, with which later changes are compared
	$(BIN)/python -m contract release

migrations: $(VENV)/.run ## write a migration for changed models: NAME=add_payments
	$(BIN)/python -m api makemigrations $(NAME)

rebuild: $(VENV)/.run ## rewrite the documents of merchants, payments and payouts from the mirror
	$(BIN)/python -m api rebuild

lock: .tools/bin/uv ## resolve the dependencies again and write the lock files
	.tools/bin/uv pip compile -q --universal --generate-hashes --no-emit-index-url --no-header --no-annotate \
	  --python-version 3.11 pyproject.toml -o requirements.lock
	.tools/bin/uv pip compile -q --universal --generate-hashes --no-emit-index-url --no-header --no-annotate \
	  --python-version 3.11 --group dev pyproject.toml -o requirements-dev.lock
	.tools/bin/uv pip compile -q --universal --generate-hashes --no-emit-index-url --no-header --no-annotate \
	  --python-version 3.11 --group audit -o requirements-audit.lock
	.tools/bin/uv pip compile -q --universal --generate-hashes --no-emit-index-url --no-header --no-annotate \
	  --python-version 3.11 --group clients -o requirements-clients.lock
	.tools/bin/uv pip compile -q --universal --generate-hashes --no-emit-index-url --no-header --no-annotate \
	  --python-version 3.11 --group python-client -o requirements-python-client.lock
	.tools/bin/uv pip compile -q --universal --generate-hashes --no-emit-index-url --no-header --no-annotate \
	  --python-version 3.11 --group package -o requirements-package.lock
	.tools/bin/uv pip compile -q --universal --generate-hashes --no-emit-index-url --no-header --no-annotate \
	  --python-version 3.11 --group deploy -o requirements-deploy.lock
	.tools/bin/uv pip compile -q --universal --generate-hashes --no-emit-index-url --no-header --no-annotate \
	  --python-version 3.11 --group bench -c requirements.lock pyproject.toml -o requirements-bench.lock

package: .tools/bin/uv ## build the installable package into dist/
	@.tools/bin/uv build -q --wheel --build-constraints requirements-package.lock --require-hashes --out-dir dist .
	@ls dist/*.whl

audit: .tools/audit/.made $(VENV)/.dev ## check all locked dependencies for advisories at PyPI and npm
	@for lock in requirements*.lock; do echo "$$lock"; \
	  .tools/audit/bin/pip-audit --strict --disable-pip --require-hashes --progress-spinner off -r $$lock || failed=1; done; \
	for folder in board clients/typescript examples/portal contract/lint contract/federation tests/clients tools/audit tools/clients tools/databases bench/peers/node; do echo "$$folder/package-lock.json"; \
	  (cd $$folder && $(CURDIR)/$(BIN)/npm audit --no-update-notifier --loglevel=error) || failed=1; done; \
	test -z "$$failed" || { echo "The audit failed: an advisory above, or no answer from the registry." >&2; exit 1; }

clean: ## delete the environment, the caches and the local data
	rm -rf $(VENV) .tools board/node_modules clients/typescript/node_modules clients/typescript/dist examples/portal/node_modules examples/portal/dist contract/lint/node_modules contract/federation/node_modules tests/clients/node_modules tools/audit/node_modules tools/clients/node_modules tools/databases/node_modules bench/peers/node/node_modules var dist .pytest_cache .mypy_cache .ruff_cache .hypothesis

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

# Node and npm come with the development tools.
%/node_modules/.made: %/package-lock.json $(VENV)/.dev
	@echo "Installing the Node packages of $* ..." >&2
	@cd $* && $(NPM_CI)
	@touch $@

# The package that apps in this repository import as @connectql/client.
clients/typescript/dist/.made: clients/typescript/node_modules/.made clients/typescript/tsconfig.build.json $(shell find clients/typescript/src -name '*.ts')
	@rm -rf clients/typescript/dist
	@cd clients/typescript && $(NODE) node_modules/typescript/bin/tsc -p tsconfig.build.json
	@touch $@

# The build needs less than a fifth of the portal's packages, because the portal's generated documents are committed.
examples/portal/node_modules/.built: examples/portal/package-lock.json $(VENV)/.dev
	@test examples/portal/node_modules/.made -nt $< || { echo "Installing the Node packages of examples/portal ..." >&2 && \
	  cd examples/portal && $(NPM_CI) --omit=dev; }
	@touch $@

examples/portal/dist/.made: examples/portal/node_modules/.built $(shell find clients/typescript/src examples/portal -type f -not -path '*/node_modules/*' -not -path '*/dist/*')
	@echo "Building the merchant portal ..." >&2
	@cd examples/portal && $(NODE) node_modules/vite/bin/vite.js build --logLevel warn
	@touch $@

.tools/bench/.made: requirements-bench.lock | $(VENV)/bin/python
	@echo "Installing the compared servers ..." >&2
	@.tools/bin/uv venv -q --allow-existing --python $(BIN)/python .tools/bench
	@.tools/bin/uv pip install -q --python .tools/bench/bin/python --require-hashes -r requirements-bench.lock
	@touch $@

.tools/python-client/.made: requirements-python-client.lock | $(VENV)/bin/python
	@echo "Installing the generator of the Python client ..." >&2
	@.tools/bin/uv venv -q --allow-existing --python $(BIN)/python .tools/python-client
	@.tools/bin/uv pip install -q --python .tools/python-client/bin/python --require-hashes -r requirements-python-client.lock
	@touch $@

.tools/clients/.made: requirements-clients.lock | $(VENV)/bin/python
	@echo "Installing an earlier version of Stripe's SDK ..." >&2
	@.tools/bin/uv venv -q --allow-existing --python $(BIN)/python .tools/clients
	@.tools/bin/uv pip install -q --python .tools/clients/bin/python --require-hashes -r requirements-clients.lock
	@touch $@

.tools/deploy/.made: requirements-deploy.lock | $(VENV)/bin/python
	@echo "Installing the tools that check the files in deploy/ ..." >&2
	@.tools/bin/uv venv -q --allow-existing --python $(BIN)/python .tools/deploy
	@.tools/bin/uv pip install -q --python .tools/deploy/bin/python --require-hashes -r requirements-deploy.lock
	@touch $@

.tools/audit/.made: requirements-audit.lock | $(VENV)/bin/python
	@echo "Installing pip-audit ..." >&2
	@.tools/bin/uv venv -q --allow-existing --python $(BIN)/python .tools/audit
	@.tools/bin/uv pip install -q --python .tools/audit/bin/python --require-hashes -r requirements-audit.lock
	@touch $@
