"""Files to carry instead of a network: the pages in one file, forms that seal into a file."""
