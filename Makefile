# make demo, make test: the two commands of the README. Everything they need is installed into .venv
# and node_modules folders; the browser comes from the system's package manager.

PYTHON ?= python3
BIN := .venv/bin
READY := .venv/.ready
export PYTHONUNBUFFERED = 1

.PHONY: help demo test nightly check explore bench docs format setup clean

help:
	@echo "make demo    migrate the sample app, prove it, serve it (DEMO_EXIT=1: stop after the proof)"
	@echo "make test    all tests, the real browser's included"
	@echo "make nightly LIVE_STEPS (10000) random writes, logins and faults against live collections"
	@echo "make check   formatting, lint, types, who imports whom"
	@echo "make explore rewrite and run COUNT front ends that nobody wrote, from SEED on"
	@echo "make bench   measure the bridge beside fetch and handlers, the codemods beside others"
	@echo "make docs    write the generated parts of docs/ anew"

setup: $(READY)

$(READY): pyproject.toml scripts/setup.sh
	@PYTHON="$(PYTHON)" scripts/setup.sh
	@touch $@

demo: $(READY)
	@scripts/need_node.sh
	@$(BIN)/fetch2socket demo $(if $(PORT),--port $(PORT))

test: $(READY)
	@scripts/need_node.sh
	@scripts/need_chromium.sh
	@$(BIN)/pytest

nightly: $(READY)
	@scripts/need_node.sh
	@LIVE_STEPS=$(or $(LIVE_STEPS),10000) $(BIN)/pytest tests/bridge/live/test_machine.py

check: $(READY)
	@$(BIN)/ruff format --check .
	@$(BIN)/ruff check .
	@$(BIN)/mypy
	@$(BIN)/lint-imports

explore: $(READY)
	@scripts/need_node.sh
	@$(BIN)/python -m tests.codemods.behaviour.explore --count $(or $(COUNT),2000) --seed $(or $(SEED),1)

bench: $(READY)
	@scripts/need_node.sh
	@$(BIN)/python -m benchmarks.dispatch --markdown docs/benchmarks.md
	@$(BIN)/python -m benchmarks.live --markdown docs/benchmarks-live.md
	@$(BIN)/python -m benchmarks.parity --markdown docs/benchmarks-parity.md
	@$(BIN)/python -m benchmarks.codemods --markdown docs/benchmarks-codemods.md
	@$(BIN)/python -m benchmarks.server_codemod --markdown docs/benchmarks-server.md

docs: $(READY)
	@$(BIN)/python -m scripts.write_docs

format: $(READY)
	@$(BIN)/ruff format .
	@$(BIN)/ruff check --fix .

clean:
	rm -rf .venv .demo .pytest_cache .mypy_cache .ruff_cache .hypothesis
	find . -name node_modules -prune -exec rm -rf {} +
