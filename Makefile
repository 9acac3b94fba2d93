# SPDX-License-Identifier: GPL-2.0
#
# Thin on purpose: every target calls one script, which says more with --help.

.DEFAULT_GOAL := help
# One goal after another; the scripts know themselves what may run at once.
.NOTPARALLEL:
export V

help: ## list the targets
	@awk -F':.*## ' '/^[a-z-]+:.*## / { printf "  make %-14s %s\n", $$1, $$2 }' Makefile

setup: ## install what is missing: packages, QEMU
	@scripts/setup.sh

bench: ## the default campaign, before against after (BENCH_ARGS="--threads ...")
	@scripts/setup.sh --what bench
	@scripts/vmapbench bench $(BENCH_ARGS)

claims: ## published statements at full size, theirs beside ours on one page
	@scripts/setup.sh --what check
	@scripts/vmapbench claim --all

test: ## the tests that need neither kernels nor guests (minutes)
	@scripts/setup.sh --what check
	@tests/run.sh unit host

check: ## all tests, on real kernels in real guests
	@scripts/setup.sh --what check
	@tests/run.sh --sanitize

fuzz: ## every parser of the host programs under libFuzzer, FUZZ_SECONDS each (default 3600)
	@scripts/setup.sh --what check
	@$(MAKE) -s -C tests/unit/fuzz OUT=$(CURDIR)/build/fuzz
	@tests/unit/fuzz/run.sh build/fuzz/fuzz $${FUZZ_SECONDS:-3600} -1

check-debug: ## the layers on kernels that look for mistakes
	@scripts/setup.sh --what check
	@tests/run.sh debug

check-vmalloc: ## the kernel's own test of vmalloc, every case (long)
	@scripts/setup.sh --what check
	@tests/run.sh vmalloc

check-mutants: ## the gate on every patch in tests/data/mutants (long)
	@scripts/setup.sh --what check
	@MUTANTS=all tests/run.sh mutants

clean: ## remove what can be made again in this checkout: build/
	rm -rf build

clean-cache: ## remove kernels, sources and the private QEMU from the cache
	@scripts/setup/clean-cache.sh

.PHONY: help setup bench claims test check check-debug check-mutants check-vmalloc clean clean-cache fuzz
