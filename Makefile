# `make run` and `make test` need Python >= 3.11 with pip and venv; another one: make PYTHON=python3.12
PYTHON ?= python3
VENV := .venv
SOAK ?= 5
PY := $(VENV)/bin/python
TRANSLATIONS := $(patsubst %.po,%.mo,$(wildcard resources/locale/*/LC_MESSAGES/*.po))

.DEFAULT_GOAL := help
.PHONY: help run test test-recipes lint soak bench models screenshots texts dist clean

help: ## show what there is
	@sed -n 's/^\([a-z-]*\):.*## /  make \1\t/p' $(MAKEFILE_LIST) | expand -t 20

run: $(VENV)/.installed-run $(TRANSLATIONS) ## open the window (without a display: train in the terminal)
	@if [ "$$(uname)" = Linux ] && [ -z "$$DISPLAY$$WAYLAND_DISPLAY$$QT_QPA_PLATFORM" ]; then \
		echo "There is no display, so MicroNN trains here in the terminal: micronn train"; \
		$(PY) -m micronn_gui train; \
	else \
		PYTHON=$(PY) .ci/system-libraries && $(PY) -m micronn_gui; \
	fi

test: $(VENV)/.installed-dev $(TRANSLATIONS) ## run the tests
	@PYTHON=$(PY) .ci/system-libraries Xvfb xauth xdotool
	QT_QPA_PLATFORM=offscreen $(PY) -m pytest --numprocesses logical --dist loadgroup --max-worker-restart 0

test-recipes: $(VENV)/.installed-dev ## train every recipe up to its document's headline (about 15 minutes)
	$(PY) -m pytest -m "slow or minutes" tests/core/settings/test_recipes.py

lint: $(VENV)/.installed-dev ## check style and types
	$(PY) -m ruff check
	$(PY) -m ruff format --check
	$(PY) -m mypy

soak: $(VENV)/.installed-dev $(TRANSLATIONS) ## damaged files, random events and kills: make soak SOAK=minutes
	$(PY) -m tests.soak $(SOAK)

bench: $(VENV)/.installed-bench ## measure against the tutorial's class, PyTorch and scikit-learn
	$(PY) -m tests.benchmarks

models: $(VENV)/.installed-run ## train the ready networks anew (some minutes)
	$(PY) -m micronn_core.cli.pretrained resources/models --drawings tests/strokes.json

screenshots: $(VENV)/.installed-dev ## draw the pictures of the README
	$(PY) -m tests.screenshots resources/screenshots

texts: $(VENV)/.installed-run ## collect the texts to translate; begin a language: make texts NEW=de
	$(PY) -m micronn_core.common.translations $(NEW)
	@$(MAKE) --no-print-directory translations

dist: $(VENV)/.installed-dev ## build the wheel and the source archive
	$(PY) -m build

clean: ## remove what was made, .venv too
	rm -rf $(VENV) build dist .pytest_cache .mypy_cache .ruff_cache
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

.PHONY: translations
translations: $(TRANSLATIONS)

%.mo: %.po
	$(PY) -m babel.messages.frontend --quiet compile --input-file $< --output-file $@

# What is installed already is not asked for again, so a complete .venv needs no network.
$(VENV)/.installed-%: MICRONN = '.$(patsubst %,[%],$(filter-out run,$*))'
$(VENV)/.installed-%: pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
		{ echo "MicroNN needs Python 3.11 or newer; name yours: make PYTHON=python3.12"; exit 1; }
	@[ -x $(VENV)/bin/pip ] || $(PYTHON) -m venv $(VENV) || \
		{ rm -rf $(VENV); echo "Python cannot make a .venv; on Debian: apt-get install python3-venv"; exit 1; }
	@$(PY) -m pip install -q --no-index --no-build-isolation -e $(MICRONN) 2>/dev/null || \
		{ echo "Installing MicroNN into $(VENV) ..."; $(PY) -m pip install -q -e $(MICRONN); }
	@touch $@
