# make run   the main job: a million card payments under three protocols
# make test  all tests
# Both install what is missing (Debian packages), configure and build first.

SCENARIO ?= card_payment

.PHONY: run test build same-bits bench soak docs golden clean

run: build
	@build/release/indoubt run $(SCENARIO)

build: build/release/build.ninja
	@cmake --build --preset release --target indoubt 1>&2

build/%/build.ninja:
	@tools/setup.sh run
	@cmake --preset $* 1>&2

# The other compiler and the unoptimised build must give the same bits as the release.
same-bits: build/debug/build.ninja build/clang/build.ninja
	@cmake --build --preset debug --target test_fingerprints
	@cmake --build --preset clang --target test_fingerprints
	@build/debug/tests/test_fingerprints --gtest_brief=1
	@build/clang/tests/test_fingerprints --gtest_brief=1

test:
	@tools/setup.sh test
	@$(MAKE) --no-print-directory build/release/build.ninja
	@cmake --build --preset release
	@$(MAKE) --no-print-directory same-bits
	@ctest --preset release --parallel $$(nproc)

bench:
	@$(MAKE) --no-print-directory build/release/build.ninja
	@cmake --build --preset release
	@for b in build/release/bench/*_bench; do $$b; done

# Random scenarios for as long as you like: chains against simulations of 100,000 transactions.
SOAK ?= 10000
soak:
	@$(MAKE) --no-print-directory build/release/build.ninja
	@cmake --build --preset release --target test_agreement
	@INDOUBT_SOAK=$(SOAK) build/release/tests/test_agreement --gtest_filter='RandomChains.*'

# Documentation that the program itself writes; about ten minutes.
docs: build
	@build/release/indoubt reference > docs/scenario.md
	@build/release/indoubt mistakes --markdown > docs/mistakes.md
	@build/release/indoubt verdicts --markdown > docs/verdicts.md
	@build/release/indoubt verdicts --markdown --participants 3 --states 3_000_000 | sed "1s/.*/\n# Three participants/" >> docs/verdicts.md
	@build/release/indoubt verdicts --markdown --participants 4 --states 3_000_000 | sed "1s/.*/\n# Four participants/" >> docs/verdicts.md

# The shortest traces of the known-bad variants; some minutes.
golden: build
	@build/release/indoubt verdicts --mistakes --traces --states 1_000_000 > tests/golden/known_bad_traces.txt

clean:
	rm -rf build
