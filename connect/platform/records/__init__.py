"""Records of the platform's past, which operators read and `connect.platform.health` removes."""
