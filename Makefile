# `make` regenerates every figure, `make test` tests everything; both set up what they need.
# `make help` lists the rest.

PYTHON ?= python3
PRESET ?= laptop
CORES ?= all
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready
# A configuration of your own: make CONFIG=mine.yaml
CONFIG ?=
# A profile's folder, to submit jobs: make PROFILE=workflow/profiles/slurm
PROFILE ?=
BENCHMARK ?=
# Files of tests run side by side, in their order: the slowest, a cluster's, wait for most of the time.
SIDE_BY_SIDE ?= --numprocesses logical --maxprocesses 4 --dist loadfile --no-loadscope-reorder
# Of `make plan`, `make provenance` and `make benchmark`.
FIGURE ?= all
FILE ?=
# The plainest code that torch and MKL have: tests of rounding are run with it, too.
PLAIN_PROCESSOR = ATEN_CPU_CAPABILITY=default MKL_CBWR=COMPATIBLE
OWN = --preset $(PRESET) --config "$(CONFIG)"
BUILD = $(BIN)/python workflow/build.py $(OWN) --cores $(CORES) --profile "$(PROFILE)"
.DEFAULT_GOAL := all
# Packages come from the environment alone, whatever variables of the user's add.
unexport PYTHONPATH PYTHONHOME PYTHONSAFEPATH
export PYTHONNOUSERSITE := 1
# Two runs in one folder would wait for each other's lock.
.NOTPARALLEL:

.PHONY: all
all: $(READY)  ## every figure, table and verdict, and the report (PRESET=laptop, CORES=all, CONFIG=, PROFILE=)
	@$(BUILD) all

.PHONY: test
test: $(READY)  ## all tests, lint and format (TESTS='-m "not slow"' for the fast ones)
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/snakefmt --check Snakefile workflow/rules
	$(BIN)/python -m pytest $(SIDE_BY_SIDE) $(TESTS)
	$(PLAIN_PROCESSOR) $(BIN)/python -m pytest $(SIDE_BY_SIDE) -m rounding tests/science

.PHONY: list
list: $(READY)  ## the menu: every figure, what it shows, what it costs (PRESET=, CONFIG=)
	@$(BIN)/python workflow/menu.py $(PRESET) --config "$(CONFIG)"

.PHONY: plan
plan: $(READY)  ## what would run, why, how long and how much memory it would take (FIGURE=all, PRESET=, CONFIG=)
	@$(BIN)/python workflow/plan.py "$(FIGURE)" $(OWN) --cores $(CORES)

.PHONY: provenance
provenance: $(READY)  ## what made a figure or table, and how to make it again (FILE=results/laptop/figures/…)
	@$(BIN)/python workflow/show_provenance.py "$(or $(FILE),$(error Name a file: make provenance FILE=results/laptop/figures/marion2025/fig7.pdf))"

.PHONY: check
check: $(READY)  ## compare results with their checksums; `make` does so too, and mends (PRESET=, CONFIG=)
	@$(BIN)/python workflow/check_results.py $(PRESET) --config "$(CONFIG)"

.PHONY: benchmark
benchmark: $(READY)  ## speed against the plain way, and how cost grows (BENCHMARK=--short or --long)
	@$(BIN)/python workflow/benchmark.py $(BENCHMARK)

.PHONY: unlock
unlock: $(READY)  ## after a run was killed: let the next one start
	@$(BIN)/python workflow/unlock.py $(OWN)

.PHONY: config
config: $(READY)  ## write laptop.yaml and the schema anew from the typed model
	$(BIN)/python workflow/write_config.py

.PHONY: protocol
protocol: $(READY)  ## vary each setting that a paper leaves open once, and write workflow/PROTOCOL.md
	$(BIN)/python workflow/vary.py

.PHONY: format
format: $(READY)  ## format and fix the code
	$(BIN)/ruff format . && $(BIN)/ruff check --fix . && $(BIN)/snakefmt Snakefile workflow/rules

# `make marion2025_fig7` draws one figure.
luther2019_% hanin2018_% marion2025_%: $(READY)
	@$(BUILD) $@

# Anything else is nothing.
.DEFAULT:
	@echo "There is no target '$@': 'make list' names the figures, such as marion2025_fig7, 'make help' the rest." >&2; exit 2

.PHONY: help
help:  ## this list
	@awk -F':.*## ' '/^[a-z]+:.*## /{printf "%-11s%s\n", $$1, $$2}' Makefile
	@echo "luther2019_theory and any other figure of 'make list': that figure alone"

$(READY): envs/requirements.lock
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { \
	  echo "deepinit needs Python 3.11 or newer; '$(PYTHON)' is older or missing. Name another: make PYTHON=python3.12"; exit 1; }
	@echo "Setting up $(VENV) from envs/requirements.lock, once; a minute or two and 1.6 GB (several more where torch brings CUDA)"
	@$(PYTHON) -m venv $(VENV) || { \
	  echo "Python cannot make virtual environments here; on Debian and Ubuntu: apt install python3-venv"; exit 1; }
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check -r envs/requirements.lock
	@touch $(READY)
