# Everything a newcomer types. `make` alone says what there is.

# Rust lives in the home folder; a terminal opened before its installation does not know.
export PATH := $(PATH):$(HOME)/.cargo/bin

.PHONY: help run test check bench quality pictures

help: ## This list
	@grep -E '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/^([a-z]+):.*## /  make \1\t/' | expand -t 16

run: ## Build and serve, on http://127.0.0.1:8080 unless configured otherwise
	@scripts/need build
	cargo run --release --locked -- serve

test: ## All tests, on SQLite, on a throw-away PostgreSQL, in a headless browser and against a real model server
	@scripts/need build test
	scripts/with-postgres scripts/with-peer cargo test --locked

check: ## Formatting, lints, documentation, content files, licences and advisories
	@scripts/need build
	cargo fmt --check
	cargo clippy --locked --all-targets -- -D warnings
	RUSTDOCFLAGS="-D warnings" cargo doc --locked --no-deps
	cargo run --locked --quiet -- check
	@if command -v cargo-deny >/dev/null; then cargo deny check; else echo "cargo-deny is not installed: licences and advisories go unchecked"; fi

bench: ## How fast: hearing, scoring, transcribing, many conversations at once, spoken ones, pages and exports
	@scripts/need build
	cargo bench --locked --bench bench

quality: ## How well turns are found in synthetic French speech, in noise and echo
	@scripts/need build quality
	cargo bench --locked --bench quality

pictures: ## A picture of every page, at phone and desktop width, light and dark, in docs/pictures
	@scripts/need build test
	rm -f docs/pictures/*.webp
	COMPTOIR_PICTURES=docs/pictures cargo test --locked --test browser -- every_page
