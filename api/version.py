"""The version of this release. The package, `/healthz` and `connectql --version` have the same."""

VERSION = "0.1.0"
