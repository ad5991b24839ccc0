# Everything needs one environment, .venv, which is made when it is missing and renewed when pyproject.toml changes.

VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready
# Environments of their own for the tests against other people's libraries.
LIBRARIES := $(VENV)/environments/libraries
TENSORFLOW := $(VENV)/environments/tensorflow
FUZZ := $(VENV)/environments/fuzz
# The build without CUDA, which PyPI does not have; without it, pip takes gigabytes.
TORCH ?= torch==2.13.0+cpu
TESTING := 'pytest~=9.2' 'hypothesis~=6.170' 'numpy>=1.26' 'absl-py>=2.1'
# The first interpreter that is there and new enough; `make PYTHON=/path/to/python` chooses another.
PYTHON ?= $(shell for python in python3 python3.14 python3.13 python3.12 python3.11 python; do \
	$$python -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && { echo $$python; break; }; done)
CRASH_TRIALS ?= 10000
SOAK_MINUTES ?= 30
# For all targets of tests/fuzz together.
FUZZ_SECONDS ?= 600
# What checks the types of the page's JavaScript; nobody needs it to use or to build givens.
TYPESCRIPT := node_modules/.bin/tsc

export PIP_DISABLE_PIP_VERSION_CHECK := 1

.DEFAULT_GOAL := help
.PHONY: help demo test check format docs pictures browser large js bench bench-quick bench-scale bench-wide bench-page crash soak fuzz libraries tensorflow clean

help: ## what can be made
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/\1\t\2/p' Makefile | expand -t 13

demo: $(READY) ## train on real data a few times, then look at what was recorded
	@PATH="$(abspath $(BIN)):$$PATH" bash examples/demo.sh

test: check browser ## check, then every test
	$(BIN)/pytest -n 2

check: $(READY) ## style, types and layers
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/mypy
	$(BIN)/lint-imports

browser: ## Chromium for the tests of the page, where it is missing and can be installed
	@command -v "$${CHROMIUM:-chromium}" >/dev/null || command -v google-chrome >/dev/null || \
		{ [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null && apt-get update -qq >/dev/null 2>&1 && \
		DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends chromium >/dev/null 2>&1; } || \
		echo "no Chromium here, and it cannot be installed: the tests in tests/web/browser are skipped (apt-get install chromium)"

large: $(READY) browser ## a hundred thousand runs in a real browser: three minutes
	$(BIN)/pytest --large tests/web/browser/test_large.py

js: $(TYPESCRIPT) ## types and logic of the page's JavaScript; needs Node 20 or newer
	$(TYPESCRIPT) -p tests/web/js/tsconfig.json
	node --test tests/web/js/*.test.js

format: $(READY) ## put every file into shape
	$(BIN)/ruff check --fix
	$(BIN)/ruff format

docs: $(READY) ## bring the reference, the output shown in pages, and README's demo up to date
	$(BIN)/python docs/generate_reference.py
	$(BIN)/python docs/show_demo.py
	$(BIN)/python docs/code_blocks.py

pictures: $(READY) browser ## the pictures of the page in docs/images
	$(BIN)/python docs/show_page.py

bench: $(READY) ## measure givens beside ten other tools: import to kill -9, size, values; half an hour after their installation; writes docs/benchmarks.md
	$(BIN)/python bench/run.py --write

bench-quick: $(READY) ## the same with fewer repeats, tools and groups: three minutes
	$(BIN)/python bench/run.py --quick

bench-page: $(READY) browser ## measure the page: first rows, sort, scroll and brush at 100,000 runs
	$(BIN)/python bench/page.py

bench-scale: $(READY) ## measure reading at 1,000 to 1,000,000 runs, beside MLflow and trackio; makes 10 GB of stores
	$(BIN)/python bench/scale.py

bench-wide: $(READY) ## measure every command on 12,000 distinct keys, and on runs of 10,000 keys: two minutes
	$(BIN)/python bench/wide.py

crash: $(READY) ## kill processes at random moments, CRASH_TRIALS times (10000); full disks, failing files, two hosts
	$(BIN)/pytest -n 2 tests/crash --crash-trials $(CRASH_TRIALS)

fuzz: $(FUZZ)/.ready ## think up inputs for the readers, FUZZ_SECONDS (600) in all; atheris has wheels for Linux
	$(FUZZ)/bin/python tests/fuzz/fuzz.py --seconds $(FUZZ_SECONDS)

soak: $(READY) ## everything at once for SOAK_MINUTES (30): memory, descriptors and bytes of processes that go on
	$(BIN)/python tests/crash/soak.py $(SOAK_MINUTES)

libraries: $(LIBRARIES)/.ready ## tests against the libraries that give configurations and values, all installed
	$(LIBRARIES)/bin/python -m pytest --all-installed tests/unit/sources tests/unit/codec tests/unit/configs/test_schema.py tests/contract/test_libraries.py tests/contract/test_no_secret_is_written.py tests/unit/lifecycle/test_notebooks.py tests/torch

tensorflow: $(TENSORFLOW)/.ready ## tests against TensorFlow
	TF_CPP_MIN_LOG_LEVEL=3 $(TENSORFLOW)/bin/python -m pytest --all-installed tests/tensorflow

clean: ## remove what was made here, the stores of runs excepted
	rm -rf $(VENV) node_modules build dist .hypothesis .import_linter_cache .mypy_cache .pytest_cache .ruff_cache

$(READY): pyproject.toml
	@test -n "$(PYTHON)" || { echo "givens needs Python 3.11 or newer: install it, or say make PYTHON=/path/to/python" >&2; exit 1; }
	@$(BIN)/python -m pip --version >/dev/null 2>&1 || $(PYTHON) -m venv --clear $(VENV) || \
		{ echo "the venv module does not work: on Debian and Ubuntu, apt-get install python3-venv" >&2; exit 1; }
	$(BIN)/python -m pip install --quiet --editable '.[dev]'
	@touch $@

$(TYPESCRIPT):
	npm install --silent --no-save --no-package-lock typescript@7.0.2

$(LIBRARIES)/.ready: $(READY)
	$(BIN)/python -m venv $(LIBRARIES)
	$(LIBRARIES)/bin/python -m pip install --quiet '$(TORCH)' || \
		$(LIBRARIES)/bin/python -m pip install --quiet --index-url https://download.pytorch.org/whl/cpu '$(TORCH)'
	$(LIBRARIES)/bin/python -m pip install --quiet $(TESTING) 'ipykernel>=6.29' --editable '.[analysis,compat,tensors]'
	@touch $@

$(FUZZ)/.ready: $(READY)
	$(BIN)/python -m venv $(FUZZ)
	$(FUZZ)/bin/python -m pip install --quiet --editable '.[fuzz]'
	@touch $@

$(TENSORFLOW)/.ready: $(READY)
	$(BIN)/python -m venv $(TENSORFLOW)
	$(TENSORFLOW)/bin/python -m pip install --quiet $(TESTING) --editable '.[tensorflow]'
	@touch $@
