"""Forms: defined once in content/forms/, rendered, checked and read from that definition."""
