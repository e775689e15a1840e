"""What keeps the service running and what it may say about itself."""
