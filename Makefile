# Every target in plain commands: CONTRIBUTING.md.
PYTHON ?= $(shell command -v python3.11 || command -v python3.12 || command -v python3.13 || command -v python3)
BIN := .venv/bin
LOCK := uv pip compile --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header -q pyproject.toml

.PHONY: run test check audit fuzz sentence-transformers bench bench-cluster lock clean
SERVICE ?= pypi

run: .venv/run.stamp  ## environment, install, index, serve with sample data on http://127.0.0.1:8000
	$(BIN)/bole sample --candidates 700 --vacancies 300
	$(BIN)/bole serve

test: .venv/dev.stamp  ## all tests; those that need Chromium, Sentence Transformers, Elasticsearch or PostgreSQL are skipped with a reason where there is none
	$(BIN)/python -m pytest -n 2 --dist loadfile

check: .venv/dev.stamp  ## lint, format, types, import contracts
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

audit: .venv/dev.stamp  ## known vulnerabilities of requirements/run.txt; what could not be audited is a failure
	$(BIN)/python requirements/audit.py $(SERVICE)

fuzz: .venv/dev.stamp  ## requests made up from the published schema, many of them, from nobody, an employer and a job seeker
	BOLE_TEST_EXAMPLES=400 $(BIN)/python -m pytest -q tests/api/test_generated_requests.py tests/api/access/test_generated_as_somebody.py

sentence-transformers: .venv/sentence-transformers.stamp  ## what other embedding models need

bench: .venv/dev.stamp  ## figures of docs/benchmarks.md
	$(BIN)/bole bench

bench-cluster: .venv/dev.stamp  ## the same records and queries on the embedded index and on Elasticsearch, side by side
	$(BIN)/python tests/servers/run_with.py --elasticsearch --heap 2g -- $(BIN)/bole bench-cluster

lock:  ## renew requirements/ (needs uv)
	# What leaves least choice goes first: optimum-onnx wants an older transformers, and that its tokenizers.
	# The others go by it, since all are installed in one environment and none may undo another.
	$(LOCK) --extra sentence-transformers --group sentence-transformers-tests -o requirements/sentence-transformers.txt
	$(LOCK) -c requirements/sentence-transformers.txt -o requirements/run.txt
	$(LOCK) -c requirements/sentence-transformers.txt --group dev -o requirements/dev.txt

clean:  ## remove the environment and what was fitted or indexed here
	rm -rf .venv var dist

.venv/run.stamp: requirements/run.txt pyproject.toml
	$(PYTHON) -m venv .venv
	$(BIN)/python -m pip install -q --disable-pip-version-check --require-hashes -r requirements/run.txt
	$(BIN)/python -m pip install -q --disable-pip-version-check --no-deps -e .
	# Where Python may not write bytecode by itself, a command would compile us at every start.
	$(BIN)/python -m compileall -q api ingest search taxonomies
	touch $@

.venv/dev.stamp: requirements/dev.txt .venv/run.stamp
	$(BIN)/python -m pip install -q --disable-pip-version-check --require-hashes -r requirements/dev.txt
	touch $@

# Some gigabytes: torch for Linux comes with its libraries for GPUs, whether there is one or not.
.venv/sentence-transformers.stamp: requirements/sentence-transformers.txt .venv/dev.stamp
	$(BIN)/python -m pip install -q --disable-pip-version-check --require-hashes -r requirements/sentence-transformers.txt
	touch $@
