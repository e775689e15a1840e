"""Files that the offline form saved, sent through a page that works without script."""
