#!/bin/sh
# Make requirements/*.txt anew from pyproject.toml: every package with its version and hashes, for every system, naming no host.
# Needs uv. With --upgrade newer versions are taken; otherwise only what pyproject.toml asks for changes.
set -eu
cd "$(dirname "$0")/.."
lock() {
    target=$1
    shift
    uv pip compile "$@" --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header --no-annotate \
        --quiet --output-file "requirements/$target.txt"
}
upgrade=${1:-}
lock run pyproject.toml --extra postgres $upgrade
lock test pyproject.toml --extra postgres --group test --constraint requirements/run.txt $upgrade
lock node requirements/node.in $upgrade
