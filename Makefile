# `make` regenerates every figure, `make test` tests everything; both set up what they need.
# `make help` lists the rest.

# Variables of the same name that other programs have exported are not meant.
$(foreach name,PRESET CONFIG CORES PROFILE FIGURE FILE TESTS MODEL INPUTS NETWORKS DEPTH SEED BLOCKS,$(if $(filter environment,$(origin $(name))),\
  $(info make: $(name) of the environment is not used; write it after 'make')))
PYTHON = python3
PRESET = laptop
CORES = all
# A configuration of your own: make CONFIG=mine.yaml
CONFIG =
# A profile's folder, to submit jobs: make PROFILE=profiles/slurm
PROFILE =
# Of `make plan`, `make provenance`, `make benchmark` and `make test`.
FIGURE = all
FILE =
BENCHMARK =
TESTS =
# Of `make probe`: two places file.py:name, and what build(depth) is asked for if it takes a depth.
MODEL =
INPUTS =
NETWORKS = 50
DEPTH =
SEED = 0
# Names of modules with a residual branch, where they are not found: make probe BLOCKS='layers.*'
BLOCKS =
# Files of tests run side by side, in their order: those that wait for most of the time first.
SIDE_BY_SIDE = --numprocesses auto --dist loadfile --no-loadscope-reorder
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready
# The Python from which it was made may be gone.
$(shell test -x .venv/bin/python || rm -f .venv/.ready)
OWN = --preset $(PRESET) --config "$(CONFIG)"
# `exec`, so that a signal reaches it and not a shell before it.
BUILD = exec $(BIN)/python workflow/cli.py build $(OWN) --cores $(CORES) --profile "$(PROFILE)"
.DEFAULT_GOAL := all
# Two runs in one folder would wait for each other's lock.
.NOTPARALLEL:

# What is asked for is done or refused: make itself would take the name of a file for a goal that is
# reached, and ignore a variable that it does not know.
MAKEFLAGS += --no-builtin-rules
FIGURES := $(patsubst workflow/papers/%/paper.py,%_%,$(wildcard workflow/papers/*/paper.py)) own_%
COMMANDS := all test list plan provenance check benchmark probe unlock config protocol api format
OF_BUILD := PRESET CONFIG CORES PROFILE
OF_all := $(OF_BUILD)
OF_test := TESTS SIDE_BY_SIDE
OF_plan := PRESET CONFIG CORES FIGURE
OF_provenance := FILE
OF_benchmark := BENCHMARK
OF_probe := MODEL INPUTS NETWORKS DEPTH SEED BLOCKS
$(foreach command,list check unlock,$(eval OF_$(command) := PRESET CONFIG))
GOALS := $(or $(MAKECMDGOALS),all)
GIVEN := $(foreach name,$(.VARIABLES),$(if $(filter command line,$(origin $(name))),$(if $(filter-out MAKE% -%,$(name)),$(name))))
TAKEN := PYTHON $(if $(filter $(COMMANDS),$(GOALS)),$(OF_$(firstword $(GOALS))),$(OF_BUILD))
ifneq ($(GOALS),help)
$(foreach goal,$(filter-out $(COMMANDS) $(FIGURES) $(READY),$(GOALS)),$(error There is no target '$(goal)': 'make list' names the figures, such as marion2025_fig7, 'make help' the rest))
$(if $(filter $(COMMANDS),$(GOALS)),$(if $(word 2,$(GOALS)),$(error One at a time: $(GOALS)$(if $(filter plan,$(GOALS)), (make plan FIGURE=marion2025_fig7)))))
$(foreach name,$(filter-out $(TAKEN),$(GIVEN)),$(error 'make $(firstword $(GOALS))' has no variable $(name); it has $(TAKEN)))
$(if $(CONFIG),$(if $(filter PRESET,$(GIVEN)),$(error PRESET and CONFIG are both given, and CONFIG names its own preset: leave one out)))
endif

# Packages come from the environment alone, and pip installs them there, whatever a user's variables say.
unexport $(filter PYTHON%,$(.VARIABLES)) PIP_TARGET PIP_PREFIX
export PYTHONNOUSERSITE := 1
export PIP_USER := 0
# A character that the terminal does not have is shown as another, not an error.
export PYTHONIOENCODING := :replace

.PHONY: all
all: $(READY)  ## every figure, table and verdict, and the pages to read (PRESET=laptop, CORES=all, CONFIG=, PROFILE=)
	@$(BUILD) all

.PHONY: test
test: $(READY)  ## all tests, lint and format (TESTS='-m "not slow"' for the fast ones)
	$(BIN)/python -m ruff format --check .
	$(BIN)/python -m ruff check .
	$(BIN)/python -m snakefmt --check Snakefile workflow/rules
	$(BIN)/python -m pytest $(SIDE_BY_SIDE) $(TESTS)

.PHONY: list
list: $(READY)  ## the menu: every figure, what it shows, what it costs (PRESET=, CONFIG=)
	@$(BIN)/python workflow/cli.py list $(PRESET) --config "$(CONFIG)"

.PHONY: plan
plan: $(READY)  ## what would run, why, how long and how much memory it would take (FIGURE=all, PRESET=, CONFIG=)
	@$(BIN)/python workflow/cli.py plan "$(FIGURE)" $(OWN) --cores $(CORES)

.PHONY: provenance
provenance: $(READY)  ## what made a figure or table, and how to make it again (FILE=results/laptop/figures/…)
	@$(BIN)/python workflow/cli.py provenance "$(or $(FILE),$(error Name a file: make provenance FILE=results/laptop/figures/marion2025/fig7.pdf))"

.PHONY: check
check: $(READY)  ## compare results with the checksums that their jobs wrote down (PRESET=, CONFIG=)
	@$(BIN)/python workflow/cli.py check $(PRESET) --config "$(CONFIG)"

.PHONY: benchmark
benchmark: $(READY)  ## speed against the reference way (BENCHMARK=--short or --long)
	@$(BIN)/python workflow/cli.py benchmark $(BENCHMARK)

.PHONY: probe
probe: $(READY)  ## a network of your own: MODEL=net.py:build INPUTS=net.py:batch (NETWORKS=50, DEPTH=, SEED=0, BLOCKS=)
	@$(BIN)/python workflow/cli.py probe "$(or $(MODEL),$(error Name a function that returns a module, and a batch: make probe MODEL=net.py:build INPUTS=net.py:batch))" \
	  "$(or $(INPUTS),$(error Name a batch of inputs: make probe MODEL=$(MODEL) INPUTS=net.py:batch))" \
	  --networks "$(NETWORKS)" --seed "$(SEED)" $(if $(DEPTH),--depth "$(DEPTH)") $(if $(BLOCKS),--blocks $(foreach name,$(BLOCKS),'$(name)'))

.PHONY: unlock
unlock: $(READY)  ## after a run was killed: let the next one start
	@env -u SNAKEMAKE_PROFILE $(BIN)/python -m snakemake --unlock

.PHONY: config
config: $(READY)  ## write laptop.yaml and the schema from the typed model
	$(BIN)/python workflow/cli.py config

.PHONY: protocol
protocol: $(READY)  ## vary each setting that a paper leaves open once, and write workflow/PROTOCOL.md
	$(BIN)/python workflow/cli.py protocol

.PHONY: api
api: $(READY)  ## pages on every function of the library, from its docstrings, into build/api
	$(BIN)/python workflow/cli.py api

.PHONY: format
format: $(READY)  ## format and fix the code
	$(BIN)/python -m ruff format . && $(BIN)/python -m ruff check --fix . && $(BIN)/python -m snakefmt Snakefile workflow/rules

# `make marion2025_fig7` draws one figure.
$(FIGURES): $(READY) FORCE
	@$(BUILD) $@
# A file of the name of a figure is not that figure.
FORCE:

.PHONY: help
help:  ## this list
	@awk -F':.*## ' '/^[a-z]+:.*## /{printf "%-11s%s\n", $$1, $$2}' Makefile
	@echo "luther2019_theory and any other figure of 'make list': that figure alone"

$(READY): envs/requirements.lock
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { \
	  echo "deepinit needs Python 3.11 or newer; '$(PYTHON)' is older or missing. Name another: make PYTHON=python3.12"; exit 1; }
	@case '$(CURDIR)' in *:*) echo "Python makes no environment in a folder with a colon in its path: move $(CURDIR)"; exit 1;; esac
	@test -w . || { echo "No permission to write to $(CURDIR): work in a copy of your own"; exit 1; }
	@echo "Setting up $(VENV) from envs/requirements.lock, once; a minute or two and 1.6 GB (several more where torch brings CUDA)"
	@$(PYTHON) -m venv --clear $(VENV) || { \
	  echo "Python cannot make virtual environments here; on Debian and Ubuntu: apt install python3-venv"; exit 1; }
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check -r envs/requirements.lock || { \
	  echo "The packages could not be installed, see above. Behind a proxy or with a mirror, set pip's own variables (PIP_PROXY, PIP_INDEX_URL)"; exit 1; }
	@$(BIN)/python -c 'import pandas, rich, snakemake, torch'
	@touch $(READY)
