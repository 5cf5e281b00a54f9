"""What clips show: uploads and fetched sources, kept by content. May import storage, net."""
