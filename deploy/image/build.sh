#!/bin/sh
# Installs the package and its locked dependencies into a new virtual environment: build.sh TARGET
# Also writes TARGET/sbom.cdx.json, the list of everything in it. Run it in the checkout.
# Set the variable UV to use another program than `uv`.
set -eu

target=$1
uv=${UV:-uv}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

"$uv" venv -q "$work/tools"
"$uv" pip install -q --python "$work/tools/bin/python" --require-hashes -r requirements-package.lock
"$uv" build -q --wheel --no-build-isolation --python "$work/tools/bin/python" --out-dir "$work/dist" .

"$uv" venv -q "$target"
"$uv" pip install -q --python "$target/bin/python" --compile-bytecode --require-hashes -r requirements.lock
"$uv" pip install -q --python "$target/bin/python" --compile-bytecode --no-deps "$work"/dist/*.whl
"$work/tools/bin/cyclonedx-py" environment --output-reproducible --output-file "$target/sbom.cdx.json" "$target/bin/python" 2>/dev/null
