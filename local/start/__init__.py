"""The start server. It serves a page with links to everything, tokens, merchants, and the built demo app."""
