"""The start server: a page that links everything, tokens, merchants, and the built demo app."""
