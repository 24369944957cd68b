# The portal's commands. `make` alone lists them.

PORT ?= 8000
PYTHON ?= python3
PYTEST_ARGS ?=
MINUTES ?= 10
ROUNDS ?= 16
MILLIONS ?= 20
export CLERKS ?= 300

NODE_INSTALLED = tests/judges/node_modules/.package-lock.json
PYTEST = .venv-test/bin/python -m pytest -n auto --maxprocesses 4 --maxschedchunk 16

.PHONY: help demo test check bench bench-large bench-years load hosts replica same-bytes soak chaos fuzz scan audit excel judges sso pictures clean
.DEFAULT_GOAL := help

help: ## list these commands
	@sed -n 's/^\([a-z-]*\): .*## /\1	/p' Makefile | while IFS='	' read -r name text; do \
	    printf 'make %-12s %s\n' "$$name" "$$text"; done

demo: .venv/installed ## start the portal with example data on http://127.0.0.1:$PORT; keeps its data
	@.ci/packages run
	.venv/bin/python manage.py migrate --verbosity 0
	.venv/bin/python manage.py load_catalogue
	.venv/bin/python manage.py collectstatic --noinput --verbosity 0
	.venv/bin/python manage.py load_demo
	.venv/bin/python manage.py remind
	@printf '\nThe portal is at http://127.0.0.1:%s/ (Ctrl-C stops it); letters go to var/mail.\n\n' $(PORT)
	@PORTAL_URL=http://127.0.0.1:$(PORT) exec .ci/serve --bind 127.0.0.1:$(PORT)

# The second run is of the tests that need a database (tests/conftest.py marks them), without the
# browser and the tables of access: what those show does not depend on which. That may
# leave none of the tests that PYTEST_ARGS chose, which pytest ends with 5.
test: .venv-test/installed ## run the tests on SQLite, then on PostgreSQL; PYTEST_ARGS goes to pytest
	@.ci/packages test
	@echo "── SQLite"
	@unset DATABASE_URL; $(PYTEST) $(PYTEST_ARGS)
	@echo "── PostgreSQL"
	@code=0; \
	.venv-test/bin/python tests/with_postgres.py $(PYTEST) $(PYTEST_ARGS) -m "database and not browser and not one_database" || code=$$?; \
	$(if $(strip $(PYTEST_ARGS)),[ $$code != 5 ] || exit 0;) \
	if [ $$code != 75 ] || [ "$$CI" = true ]; then exit $$code; fi; \
	echo "┌──────────────────────────────────────────────────────────────┐"; \
	echo "│  NOT TESTED ON POSTGRESQL: no server could be had (above).   │"; \
	echo "│  Only the SQLite run counts. CI fails where this happens.    │"; \
	echo "└──────────────────────────────────────────────────────────────┘"

# Settings of an installation behind a proxy, so that Django's own checks judge those.
check: export DEBUG = off
check: export HTTPS = on
check: export ALLOWED_HOSTS = portal.example
check: export PORTAL_URL = https://portal.example
check: export DATABASE_URL = sqlite://:memory:
check: export SECRET_KEY = $(shell od -An -N32 -tx1 /dev/urandom | tr -d ' \n')
check: .venv-test/installed ## lint, format, types, layers, migrations and Django's deployment checks
	@.ci/packages run
	.venv-test/bin/ruff check .
	.venv-test/bin/ruff format --check .
	.venv-test/bin/mypy
	.venv-test/bin/lint-imports --no-logo
	.venv-test/bin/python manage.py makemigrations --check --dry-run
	.venv-test/bin/python manage.py check --deploy --fail-level WARNING

bench: .venv-test/installed ## measure the portal against its time budgets
	@.ci/packages test
	@code=0; \
	.venv-test/bin/python -m tests.bench_rules || code=$$?; \
	.venv-test/bin/python -m tests.bench || code=$$?; \
	.venv-test/bin/python -m tests.bench_books || code=$$?; \
	env -u DATABASE_URL .venv-test/bin/python -m tests.bench_province || code=$$?; \
	.venv-test/bin/python tests/with_postgres.py .venv-test/bin/python -m tests.bench_province || code=$$?; \
	exit $$code

bench-large: .venv-test/installed ## measure 1, 10 and 34 provinces, 20 million figures, on PostgreSQL: 13 GB of disk; ROUNDS=16
	@.venv-test/bin/python tests/with_postgres.py .venv-test/bin/python -m tests.bench_large $(ROUNDS)

bench-years: .venv-test/installed ## measure 20 million figures in one table and in one for each year: 8 GB of disk
	@.venv-test/bin/python tests/with_postgres.py .venv-test/bin/python -m tests.bench_partitions $(MILLIONS)

load: .venv-test/installed ## the deadline hour of a province on PostgreSQL, 300 clerks; MINUTES=10, CLERKS=300
	@.ci/packages test
	@.venv-test/bin/python tests/with_postgres.py .venv-test/bin/python -m tests.load $(MINUTES)

hosts: .venv-test/installed ## serve one portal from two hosts, every request from the other than the one before
	@.ci/packages test
	@.venv-test/bin/python tests/with_postgres.py .venv-test/bin/python -m tests.hosts

replica: .venv-test/installed ## read pages from a second PostgreSQL server that falls behind, and is killed
	@.ci/packages test
	@.venv-test/bin/python -m tests.with_replica .venv-test/bin/python -m tests.replica

same-bytes: .venv-test/installed ## publish the example on SQLite and PostgreSQL: the same bytes, and derived again
	@.venv-test/bin/python -m tests.same_bytes

soak: .venv-test/installed ## type while everything breaks down, and look for what was lost; CELLS=1000
	@.ci/packages test
	@.venv-test/bin/python -m tests.resilience $(CELLS)

# Needs age and the programs of a PostgreSQL server; everything stays on this machine.
chaos: .venv-test/installed ## kill all that serves fifty clerks, 20 times, and look for what was lost; KILLS=20 SEED=1
	@.ci/packages test
	@env -u DATABASE_URL .venv-test/bin/python -m tests.chaos $(or $(KILLS),20) $(or $(SEED),1)

fuzz: .venv-test/installed ## send every address what no honest browser sends, and judge the answers; SECONDS=180 SEED=1
	@.ci/packages run
	@env -u DATABASE_URL .venv-test/bin/python -m tests.fuzz --seconds $(or $(SECONDS),180) --seed $(or $(SEED),1)

scan: .venv-test/installed .venv-scan/installed ## let wapiti and sqlmap look for holes in a served portal: ten minutes at most
	@.ci/packages run
	@.venv-test/bin/python -m tests.scan --seconds $(or $(SECONDS),60)

# What cannot be looked up counts as not audited: without the network this fails and says so.
audit: .venv-scan/installed ## look the pinned packages and the regular expressions up among known faults; needs the network
	@.venv-scan/bin/regexploit-py $$(git ls-files '*.py' | grep -v '^tests/')
	@for file in requirements.txt tests/requirements.txt; do \
	    .venv-scan/bin/pip-audit --strict --no-deps --disable-pip -r $$file || { \
	    echo "NOT AUDITED, or with known faults (above): $$file" >&2; exit 1; }; done

excel: .venv-test/installed ## compare exported Excel and Word files with LibreOffice (soffice must be there)
	@.ci/packages test
	@.venv-test/bin/python -m tests.with_libreoffice
	@env -u DATABASE_URL .venv-test/bin/python -m tests.papers_in_libreoffice

# npm trusts whom the machine trusts, not only whom it brings along itself.
sso $(NODE_INSTALLED): export NODE_OPTIONS := --use-openssl-ca $(NODE_OPTIONS)
sso: .venv-test/installed ## sign in by a real provider of OpenID Connect, fetched by npm, on loopback
	@env -u DATABASE_URL .venv-test/bin/python -m tests.sso

# With CI=true a choice of the states: docs/adr/0033-outside-judges.md.
judges: .venv-test/installed $(NODE_INSTALLED) ## axe-core, the Nu HTML checker and Lighthouse on every page; PAGES=/dot/
	@.ci/packages judges
	@.venv-test/bin/python -m tests.judges $(if $(filter true,$(CI)),--chosen) $(PAGES)

pictures: .venv-test/installed ## draw the pictures of the user guide anew
	@.ci/packages test
	@.venv-test/bin/python -m tests.pictures

clean: ## remove virtual environments and caches; never the data in var/
	rm -rf .venv .venv-test .venv-scan .pytest_cache .mypy_cache .ruff_cache .import_linter_cache .hypothesis tests/judges/node_modules
	find . -path ./var -prune -o -name __pycache__ -type d -exec rm -rf {} +

$(NODE_INSTALLED): tests/judges/package.json tests/judges/package-lock.json
	@.ci/packages judges
	@echo "Installing the Node packages into $(@D)"
	@npm ci --prefix tests/judges --ignore-scripts --no-audit --no-fund --loglevel=error
	@touch $@

.venv/installed: requirements.txt
.venv-test/installed: requirements.txt tests/requirements.txt
.venv-scan/installed: tests/scan/requirements.txt

# Made anew whenever a requirement changes: an upgraded one would keep what is no longer named.
.venv/installed .venv-test/installed .venv-scan/installed:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { \
	    echo "Python 3.11 or newer is needed: make PYTHON=python3.x ..." >&2; exit 1; }
	@[ ! -L $(@D) ] || { \
	    echo "$(@D) is a link: it would be emptied for all who use it. Remove the link first." >&2; exit 1; }
	@echo "Installing the Python packages into $(@D)"
	@$(PYTHON) -m venv --clear $(@D) || { rm -rf $(@D); \
	    echo "Python has no venv module: apt-get install python3-venv" >&2; exit 1; }
	@$(@D)/bin/python -m pip install --quiet --disable-pip-version-check -r $(lastword $^)
	@touch $@
