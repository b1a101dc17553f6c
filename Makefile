SHELL := bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help
.NOTPARALLEL:

# The address of `make run`. The suites of `make test`, such as suites="native browser"; empty means all.
listen ?= 127.0.0.1:8080
suites ?=
# Seconds that `make fuzz` runs each target.
seconds ?= 300

# The sources of the pages. Folders are listed too, because they change when a file is added or removed.
pages := $(shell find index.html Trunk.toml Cargo.toml Cargo.lock scripts/versions.sh scripts/build.mjs scripts/build \
	scripts/package-lock.json src style softphones crates/api crates/client crates/dashboard crates/paint 2>/dev/null)

.PHONY: help
help: ## List the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "make %-13s%s\n", $$1, $$2 }' Makefile

.PHONY: run
run: build ## Build, then serve demo data at http://127.0.0.1:8080 (listen=ADDRESS for another address)
	@mkdir -p target/demo
	@exec target/release/ringback serve --demo --listen $(listen) --database-url sqlite://target/demo/ringback.db

.PHONY: build
build: tools-build dist/index.html ## Build target/release/ringback, a single file, and dist/
	@. scripts/tools.sh; say "the server"; cargo build --release --locked --package ringback-server

# These flags make the dashboard 30 % smaller. A panic traps at once, without a message, in a standard library built for
# that; Leptos erases the types of components. The widget has flags of its own (scripts/build/widget.mjs).
# RUSTC_BOOTSTRAP lets the pinned stable compiler accept them.
dashboard := RUSTC_BOOTSTRAP=1 CARGO_UNSTABLE_BUILD_STD=std,panic_abort \
	CARGO_UNSTABLE_BUILD_STD_FEATURES=optimize_for_size CARGO_UNSTABLE_PANIC_IMMEDIATE_ABORT=true \
	CARGO_PROFILE_WASM_PANIC=immediate-abort \
	RUSTFLAGS='--cfg erase_components -Zlocation-detail=none -Zfmt-debug=none'

# The page gets the time when its build began, so that make notices an edit during the build.
# Trunk rejects NO_COLOR=1, and would reuse wasm-bindgen's output of an earlier build.
dist/index.html: $(pages)
	@. scripts/tools.sh; \
	say "the dashboard and the widget"; \
	mkdir -p target/dashboard; touch target/pages-began; rm -rf "$${CARGO_TARGET_DIR:-target}/wasm-bindgen"; \
	$(dashboard) env -u NO_COLOR trunk build --release --locked; \
	touch -r target/pages-began $@

.PHONY: dev
dev: tools-build ## Serve debug builds at http://127.0.0.1:8080; rebuild and reload on save
	@. scripts/tools.sh; exec node scripts/dev.mjs

.PHONY: check
check: tools-check ## Check formatting, lints, dependencies between crates, and licences
	@scripts/check.sh

.PHONY: test
test: tools-test build ## Run all tests (suites="…": some of native browser end-to-end engines python-client node-client openapi fuzzing durability)
	@scripts/test.sh $(suites)

.PHONY: test-hosts
test-hosts: tools-hosts build ## Bundle the npm package, and rate calls on pages with other libraries and frameworks
	@. scripts/tools.sh; \
	node --test --test-concurrency=1 --test-reporter=./tests/node/hosts/reporter.js tests/node/hosts/*.test.js

.PHONY: soak
soak: tools-test build ## Send 1,000 random ratings through a failing network (RINGBACK_SEED=… repeats a run)
	@. scripts/tools.sh; RINGBACK_RUNS=1000 node --test --test-reporter=spec tests/node/e2e/outbox.test.js

.PHONY: bench bench-widget
bench: tools-bench build ## Measure the dashboard with 10,000,000 ratings; writes docs/benchmarks.md
	@. scripts/tools.sh; node bench/dashboard.js

bench-widget: tools-bench build ## Compare the widget with other forms; writes docs/benchmarks.md
	@. scripts/tools.sh; node bench/widget.js

.PHONY: pictures
pictures: tools-test build ## Take the screenshots in docs/images
	@. scripts/tools.sh; node tests/node/pictures.js

.PHONY: fuzz
fuzz: tools-build ## Fuzz the parsers (seconds=300 for each target)
	@scripts/fuzz.sh long $(seconds)

.PHONY: tools-build tools-check tools-test tools-hosts tools-bench
tools-build tools-check tools-test tools-hosts tools-bench: tools-%:
	@scripts/setup.sh $*
