# Words, not options: each target is one word that does one thing, and CI runs only these words.
# The build itself is CMake and Ninja (CMakePresets.json); this file only strings the words together.
.DEFAULT_GOAL := help
.PHONY: help run build test check bench fuzz golden fmt deps install weights heads clean
SHELL := /bin/bash
JOBS ?= $(shell nproc)
PORT ?= 4100
PREFIX ?= /usr/local
FUZZ_SECONDS ?= 60
PYTHON ?= /usr/bin/python3
TRAINING ?= build/training
CMAKE_BUILD = cmake --build --preset $(1) --parallel $(JOBS) $(if $(2),--target $(2))
# A preset is configured once; Ninja configures again by itself when a list of sources changes.
CONFIGURE = test -f build/$(1)/build.ninja || cmake --preset $(1) $(2)

help:  ## this list
	@echo "Basin: make WORD"
	@sed -n 's/^\([a-z]*\):.*## \(.*\)/  \1\t\2/p' Makefile | expand -t 12

run: build  ## install what is missing, build, start on loopback (PORT=4100)
	@exec build/release/basin serve --port $(PORT)

build:  ## the release program: build/release/basin
	@tools/deps build
	@$(call CONFIGURE,release)
	@$(call CMAKE_BUILD,release,basin libbasin libbasin_shared)

test:  ## unit tests under ASan and UBSan, house checks, process tests
	@tools/deps test
	@$(call CONFIGURE,dev)
	@$(call CMAKE_BUILD,dev)
	@ctest --preset dev
	@BASIN_BIN=build/dev/basin $(PYTHON) -m pytest -q tests

check: test  ## what CI runs: test, formatting, clang-tidy, the release program, clang's answers, TSan
	@tools/check_format
	@tools/check_clang_tidy
	@$(MAKE) --no-print-directory build
	@BASIN_BIN=build/release/basin $(PYTHON) -m pytest -q tests -m "not clients"
	@$(call CONFIGURE,clang)
	@$(call CMAKE_BUILD,clang,answers)
	@$(call CMAKE_BUILD,release,answers)
	@$(PYTHON) tools/same_answers.py build/release/answers build/dev/answers build/clang/answers
	@$(call CONFIGURE,tsan)
	@$(call CMAKE_BUILD,tsan,threaded_tests)
	@ctest --preset tsan

bench: build  ## a decision beside memchr and fastText; requests/s, latency, streams beside nginx and haproxy
	@tools/deps bench
	@$(call CONFIGURE,bench)
	@$(call CMAKE_BUILD,bench,decision load upstream)
	@$(PYTHON) bench/run.py --basin build/release/basin --tools build/bench/bench

fuzz:  ## each fuzzer for FUZZ_SECONDS=60 on top of its corpus
	@tools/deps test
	@$(call CONFIGURE,fuzz)
	@$(call CMAKE_BUILD,fuzz)
	@tools/run_fuzzers build/fuzz $(FUZZ_SECONDS)

golden:  ## write the golden files and generated documents anew; look at `git diff` before you commit
	@$(call CONFIGURE,dev)
	@$(call CMAKE_BUILD,dev)
	@BASIN_GOLDEN=write ctest --preset dev
	@tools/write_examples build/dev/basin
	@git diff --stat -- tests/golden docs README.md

fmt:  ## format all C++ files
	@tools/check_format --fix

deps:  ## everything that building, testing and checking needs
	@tools/deps test

install: build  ## program, library, headers, man pages, completions under PREFIX=/usr/local
	@cmake --install build/release --prefix $(PREFIX)

weights: build  ## train all shipped weights anew: DATA=folder (an hour or two; training/README.md)
	@test -n "$(DATA)" || { echo "make weights DATA=folder (see training/README.md)"; exit 2; }
	@test -x $(TRAINING)/bin/python || python3 -m venv $(TRAINING)
	@$(TRAINING)/bin/pip install -q -r training/requirements.txt
	@$(TRAINING)/bin/python training/distill.py --data "$(DATA)" --out build/distilled.pt --checkpoint build/distill.pt
	@$(TRAINING)/bin/python training/fetch.py --into build/teachers
	@$(TRAINING)/bin/python training/finetune.py --data "$(DATA)" --distilled build/distilled.pt \
	  --teacher build/teachers/bge-small-en-v1.5.onnx \
	  --out weights/encoder.basin --rows training/encoder_rows.jsonl --checkpoint build/teacher.pt
	@$(MAKE) --no-print-directory heads

heads: build  ## only what is light, on the encoder that stands: DATA=folder (a minute)
	@test -n "$(DATA)" || { echo "make heads DATA=folder (see training/README.md)"; exit 2; }
	@build/release/basin train --data "$(DATA)" --spelling weights/spelling.basin
	@$(MAKE) --no-print-directory build
	@build/release/basin train --data "$(DATA)" --encoder weights/encoder.basin \
	  --encoder-rows training/encoder_rows.jsonl --out weights/basin.weights
	@test ! -d "$(DATA)/outcomes" || build/release/basin train --outcomes "$(DATA)/outcomes" \
	  --weights weights/basin.weights --out src/upstream/ability_fit.inc

clean:  ## remove build/
	@rm -rf build
