# 承载 Chengzai. Two commands matter: `make run` opens the app, `make test` proves it.
# Everything is installed into .venv from hashed locks; the second time costs nothing.

PYTHON ?= python3
VENV   := .venv
PY     := $(VENV)/bin/python
PIP    := $(PY) -m pip --disable-pip-version-check
PORT   ?= 8501

.PHONY: run test check lint types arrows orders endure soak bench docs demo lock clean browser strace help

help:
	@grep -E '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 12

run: $(VENV)/.runtime chengzai workspaces/demo.gpkg ## open the app on the demo workspace
	./chengzai serve workspaces/demo.gpkg --port $(PORT) --open

# A browser that did not get round to something within its time is asked once more; what is wrong is never tried again.
test: $(VENV)/.dev chengzai browser strace ## run every test, the browser's too
	$(PY) -m pytest -n 2 --dist loadfile --no-loadscope-reorder --durations 40 --reruns 1 --only-rerun '^TimeoutError: .*Timeout [0-9]+ms'

check: lint types arrows test ## everything that has to hold before a commit

lint: $(VENV)/.dev
	$(VENV)/bin/ruff check .
	$(VENV)/bin/ruff format --check .

types: $(VENV)/.dev
	$(VENV)/bin/mypy

arrows: $(VENV)/.dev
	$(VENV)/bin/lint-imports

orders: $(VENV)/.dev ## try 500 orders of 50 acts on a real store; the tests try fewer
	CHENGZAI_ORDERS=full $(PY) -m pytest tests/layers/test_any_order.py

bench: $(VENV)/.dev chengzai browser ## measure speed and memory; writes docs/benchmarks.md
	$(PY) tests/bench/run.py

endure: $(VENV)/.dev strace ## break every save off at every system call: the full sweep, takes long
	CHENGZAI_EVERY_CALL=1 $(PY) -m pytest tests/durability -s

soak: $(VENV)/.dev ## bring in 600 damaged files of every format; the tests bring in 60
	CHENGZAI_SOAK=600 $(PY) -m pytest -s tests/corpus/test_mutations.py

docs: $(VENV)/.dev ## rebuild what is generated in docs/
	$(PY) -m layers.dictionary > docs/data-dictionary.md
	$(PY) -m layers.field_names > docs/field-names.md

demo: $(VENV)/.dev ## rebuild data/demo from the facts
	$(PY) -m data.build_demo

workspaces/demo.gpkg: | $(VENV)/.runtime chengzai
	./chengzai demo $@

# The wrapper that docs and scripts use: ./chengzai VERB …
chengzai:
	@printf '#!/bin/sh\nhere=$$(cd "$$(dirname "$$0")" && pwd)\nexec "$$here/$(PY)" "$$here/cli.py" "$$@"\n' > $@
	@chmod +x $@

$(VENV)/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
	  { echo "Python 3.11 or newer is needed; this is $$($(PYTHON) --version). Set PYTHON=…"; exit 1; }
	$(PYTHON) -m venv $(VENV) || { echo "venv is missing; on Debian/Ubuntu: apt-get install python3-venv"; exit 1; }

$(VENV)/.runtime: requirements.lock | $(VENV)/bin/python
	$(PIP) install --quiet --require-hashes -r requirements.lock
	@touch $@

$(VENV)/.dev: requirements-dev.lock requirements.lock | $(VENV)/bin/python
	$(PIP) install --quiet --require-hashes -r requirements-dev.lock
	@touch $@ $(VENV)/.runtime

# The browser comes from the system. Where it cannot be had, its tests are skipped by name, and fail under CI=true.
browser:
	@sh tests/browser/install.sh

# The sweeps that prove that nothing is lost hold a process by strace; without it the same.
strace:
	@sh tests/durability/install.sh

lock: $(VENV)/bin/python ## resolve requirements.in again into hashed locks without an index address
	$(PIP) install --quiet uv
	for name in requirements requirements-dev; do \
	  $(VENV)/bin/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-header \
	    --no-annotate --no-emit-index-url $$name.in -o $$name.lock; \
	done

clean:
	rm -rf $(VENV) chengzai .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
