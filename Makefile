# VidGenie-API. Needs Python >= 3.11 with pip; everything else is installed into .venv.
PYTHON ?= python3
PY := .venv/bin/python
export PYTHONDONTWRITEBYTECODE := 1

.PHONY: help setup demo up test fuzz test-browser test-node check bless docs bench bench-api bench-full clean

help: ## Show these lines
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## (.*)/  make \1\t\2/' | expand -t 16

setup: ## Make .venv and install everything, pinned by hash
	@$(PYTHON) tools/setup.py

demo: setup ## From nothing to demo.mp4, through HTTP, as a user would
	@$(PY) tools/demo.py

up: setup ## Run an instance: PostgreSQL, API, workers (data in ./data)
	@$(PY) -m vidgenie up

check: setup ## Format, lint, strict types, import contracts, tidy and unit tests (under a minute)
	@$(PY) -m ruff format --check -q src tests tools bench
	@$(PY) -m ruff check -q src tests tools bench
	@$(PY) -m mypy --no-error-summary
	@.venv/bin/lint-imports --no-logo
	@$(PY) -m pytest tests/tidy tests/unit

test: setup ## The whole suite
	@$(PY) -m pytest -n 2 --dist loadfile --ignore tests/browser --ignore tests/node tests

fuzz: setup ## Requests and files that nobody thought of, for minutes, from a new seed (FUZZ_SEED=… repeats one)
	@seed=$${FUZZ_SEED:-$$(date +%s)}; echo "FUZZ_SEED=$$seed"; \
	FUZZ_EXAMPLES=$${FUZZ_EXAMPLES:-150} FUZZ_SEED=$$seed $(PY) -m pytest -n 2 tests/e2e/test_fuzz.py tests/media/test_spoilt.py

test-browser: setup ## What only a browser can tell: where it breaks lines, whether it plays our joins (needs Chromium)
	@$(PY) -m pytest tests/browser

test-node: setup ## The Shotstack door with Shotstack's own Node client (needs Node and npm)
	@$(PY) -m pytest tests/node

bless: setup ## Accept an example's plan, frames and sound: make bless EXAMPLE=0012
	@test -n "$(EXAMPLE)" || { echo "which one? make bless EXAMPLE=0012"; exit 2; }
	@BLESS=1 $(PY) -m pytest tests/golden -k "$(EXAMPLE)"

docs: setup ## Write the contact sheet of all examples (docs/gallery.png)
	@$(PY) tools/gallery.py sheet

bench: setup ## Measure short films against ffmpeg and the encoder's floor (two minutes)
	@$(PY) bench/run.py

bench-api: setup ## Measure the API under load, a batch, claims and memory (two minutes)
	@$(PY) bench/api.py

bench-full: setup ## The same at full length, and against MoviePy (made in .venv-bench)
	@$(PY) tools/setup.py bench
	@$(PY) bench/run.py --full

clean: ## Remove what was generated (not ./data)
	@rm -rf .venv .venv-bench bench/.work .mypy_cache .ruff_cache .pytest_cache .hypothesis demo.mp4
	@find src tests tools bench -name __pycache__ -type d -prune -exec rm -rf {} +
