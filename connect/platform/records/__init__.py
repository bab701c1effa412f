"""Records that operators read: workers and problems of the past, the use by clients, and their manifests."""
