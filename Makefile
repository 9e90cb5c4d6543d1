# TORCH_ARGS names PyTorch: a CPU build spares several gigabytes. With PyTorch's own index, for example:
#   make run TORCH_ARGS="torch==2.13.0 --index-url ADDRESS_OF_THE_CPU_WHEELS"
TORCH_ARGS ?= torch==2.13.0
PYTHON ?= python3
PIP := .venv/bin/pip --disable-pip-version-check install --quiet --constraint constraints.txt
SET ?= squad
BASELINE := eval/baselines/samples.jsonl
SOURCES := service index prompts eval tests

.PHONY: run test setup models fast format eval eval-record bench bench-growth bench-adding bench-load bench-extraction measure calibrate proof clean

run: setup models ## set everything up, index the sample articles, and serve them
	.venv/bin/pullquote add eval/samples/articles
	.venv/bin/pullquote serve

setup: .venv/run.stamp

models: setup ## bring the model files, 1.2 GB, once
	.venv/bin/pullquote models pull

test: .venv/dev.stamp models ## lint, types and all tests, with the real models
	.venv/bin/ruff check $(SOURCES)
	.venv/bin/ruff format --check $(SOURCES)
	.venv/bin/mypy
	.venv/bin/lint-imports
	.venv/bin/pytest -n logical --dist loadscope --cov --cov-report= --cov-fail-under=90 -m "not model"
	.venv/bin/pytest -m model $$(grep -rl --include="*.py" "mark.model" tests)

fast: .venv/dev.stamp ## the tests that need no model and are not marked slow, in some minutes
	.venv/bin/pytest -n logical --dist loadscope -m "not model and not slow"

format: .venv/dev.stamp
	.venv/bin/ruff check --fix $(SOURCES)
	.venv/bin/ruff format $(SOURCES)

eval: .venv/run.stamp models ## answer the project's own questions from recordings, and compare with the baseline; no chat model is asked
	rm -f data/eval/replay.jsonl
	.venv/bin/pullquote eval run samples --mode replay --out data/eval/replay.jsonl
	.venv/bin/pullquote eval compare $(BASELINE) data/eval/replay.jsonl --html data/eval/report.html --markdown data/eval/report.md

eval-record: .venv/run.stamp models ## ask the chat model for what the recordings lack, and make the baseline anew; goes on where it was
	.venv/bin/pullquote eval run samples --mode record --out data/eval/record.jsonl
	mv data/eval/record.jsonl $(BASELINE)

bench: .venv/bench.stamp models ## retrieval: quality, speed beside a peer, filters; six minutes
	.venv/bin/python -m eval.bench

bench-growth: .venv/bench.stamp models ## how the index grows to a million sentences; twenty minutes
	.venv/bin/python -m eval.bench growth

bench-adding: .venv/run.stamp models ## articles a second from files, the memory that it takes, and the same files again; ten minutes
	.venv/bin/python -m eval.bench.adding

measure: .venv/bench.stamp models ## measure answers over one set, in minutes to a quarter of an hour: make measure SET=squad
	.venv/bin/python -m eval.measure $(SET) $(MEASURE_ARGS)

bench-load: .venv/run.stamp models ## requests a second and latency of several clients; two minutes
	.venv/bin/python -m eval.bench.load

bench-extraction: .venv/run.stamp ## text and metadata of pages, beside trafilatura alone; two minutes
	.venv/bin/python -m eval.bench.extraction

calibrate: .venv/bench.stamp models ## make the calibration of the default model anew, from what was measured of the tuning parts
	.venv/bin/python -m eval.measure squad --part tune --thorough
	.venv/bin/python -m eval.measure.calibrate squad --features support told agreement --out service/checking/calibrations/qwen2.5-coder-1.5b-instruct.json

proof: .venv/dev.stamp models ## a thousand planted instructions against a model that obeys them all; the API against its description; kills, damages, sequences, a full disk, hostile files and addresses; an hour, and a table at the end
	.venv/bin/python -m eval.proof all

.venv/bin/pip:
	$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Pullquote needs Python 3.11 or later; name it: make PYTHON=python3.12")'
	$(PYTHON) -m venv .venv

# torch first, by its own arguments: whatever asks for it later then finds it
.venv/torch.stamp: .venv/bin/pip
	@echo "installing $(TORCH_ARGS)"
	.venv/bin/pip --disable-pip-version-check install --progress-bar on $(TORCH_ARGS)
	@touch $@

.venv/run.stamp: .venv/torch.stamp pyproject.toml constraints.txt
	@echo "installing the rest, some minutes the first time"
	$(PIP) --editable '.[local,sources]'
	@touch $@

.venv/dev.stamp: .venv/run.stamp
	$(PIP) --editable '.[local,sources,dev]'
	@touch $@

.venv/bench.stamp: .venv/run.stamp
	$(PIP) --editable '.[local,sources,bench]'
	@touch $@

clean: ## remove the virtual environment; articles and models in data/ stay
	rm -rf .venv
