"""Pages that the server itself writes, in the frame of the built site."""
