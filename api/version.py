"""The version of this release. The package, `/healthz`, `connectql --version` and workers have the same."""

VERSION = "0.1.0"
