"""Everything on one machine, for trying and developing: `make run` and `make token`."""
