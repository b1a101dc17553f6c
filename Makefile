SHELL := bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help
.NOTPARALLEL:

# Where `make run` serves, and which suites `make test` runs: make test suites="native browser". Empty means all.
listen ?= 127.0.0.1:8080
suites ?=
# How long `make fuzz` runs each target, in seconds.
seconds ?= 300

# What the pages are made of. The folders stand for files that came or went.
pages := $(shell find index.html Trunk.toml Cargo.toml Cargo.lock scripts/versions.sh scripts/widget.sh scripts/dashboard.sh scripts/shrink.sh \
	scripts/shorten.mjs scripts/attributes.js scripts/texts.js src style softphones \
	crates/api crates/client crates/dashboard crates/paint 2>/dev/null)

.PHONY: help
help: ## Say what there is
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "make %-13s%s\n", $$1, $$2 }' Makefile

.PHONY: run
run: build ## Build, then serve at http://127.0.0.1:8080 with demo data (listen=ADDRESS: elsewhere)
	@mkdir -p target/demo
	@exec target/release/ringback serve --demo --listen $(listen) --database-url sqlite://target/demo/ringback.db

.PHONY: build
build: tools-build dist/index.html ## Build target/release/ringback, one file to copy to a server, and dist/
	@. scripts/tools.sh; say "the server"; cargo build --release --locked --package ringback-server

# What makes the dashboard three tenths smaller: a panic traps at once, without words, in a standard library built for that,
# and components are erased (the widget would be larger for it, and has flags of its own in scripts/widget.sh).
# RUSTC_BOOTSTRAP lets the pinned stable compiler do this.
dashboard := RUSTC_BOOTSTRAP=1 CARGO_UNSTABLE_BUILD_STD=std,panic_abort \
	CARGO_UNSTABLE_BUILD_STD_FEATURES=optimize_for_size CARGO_UNSTABLE_PANIC_IMMEDIATE_ABORT=true \
	CARGO_PROFILE_WASM_PANIC=immediate-abort \
	RUSTFLAGS='--cfg erase_components -Zlocation-detail=none -Zfmt-debug=none'

# The page gets the time at which its build began, so that an edit in between is not missed.
# Trunk takes NO_COLOR=1 for a mistake, and what an earlier build left of wasm-bindgen for a part of this one.
dist/index.html: $(pages)
	@. scripts/tools.sh; \
	say "the dashboard and the widget"; \
	mkdir -p target; touch target/pages-began; rm -rf "$${CARGO_TARGET_DIR:-target}/wasm-bindgen"; \
	$(dashboard) env -u NO_COLOR trunk build --release --locked; \
	touch -r target/pages-began $@

.PHONY: check
check: tools-check ## Check format, lints, walls between the crates, licences of dependencies
	@scripts/check.sh

.PHONY: test
test: tools-test build ## Run every test (suites="native browser": these of native browser end-to-end python-client node-client openapi fuzzing durability)
	@scripts/test.sh $(suites)

.PHONY: soak
soak: tools-test build ## Lose, delay and repeat the requests of 1,000 random ratings (RINGBACK_SEED=… repeats them)
	@. scripts/tools.sh; RINGBACK_RUNS=1000 node --test --test-reporter=spec tests/node/e2e/outbox.test.js

.PHONY: bench bench-widget
bench: tools-bench build ## Measure the dashboard with 10,000,000 ratings behind it, into docs/benchmarks.md
	@. scripts/tools.sh; node bench/dashboard.js

bench-widget: tools-bench build ## Measure the widget beside the same form made otherwise, into docs/benchmarks.md
	@. scripts/tools.sh; node bench/widget.js

.PHONY: pictures
pictures: tools-test build ## Take the pictures in docs/images, to be looked at
	@. scripts/tools.sh; node tests/node/pictures.js

.PHONY: fuzz
fuzz: tools-build ## Look for inputs that break a parser (seconds=300: so long each)
	@scripts/fuzz.sh long $(seconds)

.PHONY: tools-build tools-check tools-test tools-bench
tools-build tools-check tools-test tools-bench: tools-%:
	@scripts/setup.sh $*
