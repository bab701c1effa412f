"""The version of this release, which the package, `/healthz`, `connectql --version` and workers report."""

VERSION = "0.1.0"
