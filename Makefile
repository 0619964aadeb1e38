# creditgraph 信用图谱: the two commands are `make serve` and `make test`.
PYTHON ?= python3
VENV   := .venv
BIN    := $(VENV)/bin
DEMO   ?= small
NODE   := $(shell command -v npm)
BROWSED := tests/web/test_explorer.py tests/web/test_explorer_links.py tests/web/test_explorer_faults.py
CHROME := $(shell command -v chromium || command -v chromium-browser)
PIP    := $(BIN)/python -m pip install --disable-pip-version-check --progress-bar on --constraint constraints.txt

.PHONY: help serve test test-web test-external test-fault check rule-mutation rule-book catalogue format schema lock bench clean

help:  ## what can be typed here
	@awk -F ':.*## ' '/^[a-z-]+:.*## /{printf "  make %-15s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

$(VENV)/runtime: pyproject.toml constraints.txt
	@echo "安装运行依赖 / installing runtime dependencies"
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	@$(PIP) --editable .
	@touch $@

$(VENV)/development: $(VENV)/runtime
	@echo "安装开发依赖 / installing development dependencies"
	@$(PIP) --editable '.[dev]'
	@touch $@

serve: $(VENV)/runtime  ## Neo4j, the demo world, the API; prints its address and a token per role (DEMO=none starts empty)
	@$(BIN)/python server.py --demo $(DEMO)

test: $(VENV)/development  ## the whole suite on a real Neo4j
ifeq ($(NODE),)
	@echo "没有 Node.js,略去 tests/web / no Node.js here: leaving out tests/web (graphql-http, graphql-eslint, codegen, Apollo)"
endif
ifeq ($(CHROME),)
	@echo "没有 Chromium,略去探索页测试 / no Chromium here: leaving out the explorer in a browser (make test-web)"
endif
	@$(BIN)/python -m pytest $(if $(NODE),,--ignore=tests/web) $(if $(CHROME),,$(addprefix --ignore=,$(BROWSED)))

test-web: $(VENV)/development  ## the explorer: built as committed, its units, and in Chromium on a real server
ifeq ($(CHROME),)
	@echo "需要 Chromium / Chromium is needed: apt-get install chromium" >&2; exit 1
endif
	@$(BIN)/python -m pytest tests/web/test_explorer_build.py $(BROWSED)

test-external: $(VENV)/development  ## the same suite on a second server, addressed by bolt:// and by neo4j://
	@$(BIN)/python -m tests.external

check: $(VENV)/development  ## format, lint, types
	@$(BIN)/ruff format --check .
	@$(BIN)/ruff check .
	@$(BIN)/mypy

test-fault: $(VENV)/development  ## 200,000 rows, interrupted 50 times in all: every load leaves the same graph
	@$(BIN)/python -m tests.faults

rule-mutation: $(VENV)/development  ## alter the law one condition at a time: every mutant must fail a case of the casebook
	@$(BIN)/python -m tests.rule_mutation

rule-book: $(VENV)/runtime  ## rewrite docs/rules.md and its pictures from the rule pack
	@$(BIN)/python -m docs.rulebook

catalogue: $(VENV)/runtime  ## rewrite docs/catalogue.md from the collection catalogue
	@$(BIN)/python -m loaders catalog docs > docs/catalogue.md

format: $(VENV)/development  ## rewrite the layout of the code
	@$(BIN)/ruff format .
	@$(BIN)/ruff check --fix .

schema: $(VENV)/runtime  ## print schema/schema.graphql from the code
	@$(BIN)/python -m schema print

bench: $(VENV)/development  ## every benchmark that needs no home of yours, and which bars were missed
	@$(BIN)/python -m bench

lock:  ## rewrite constraints.txt: names and versions only
	@rm -rf $(VENV)-lock && $(PYTHON) -m venv $(VENV)-lock
	@$(VENV)-lock/bin/python -m pip install --quiet --upgrade --editable '.[dev]'
	@$(VENV)-lock/bin/python -m pip list --format=freeze --exclude-editable | grep -vE '^(pip|setuptools|wheel)==' > constraints.txt
	@rm -rf $(VENV)-lock

clean:  ## remove the environment, the home and caches
	@rm -rf $(VENV) .creditgraph .pytest_cache .mypy_cache .ruff_cache .hypothesis
