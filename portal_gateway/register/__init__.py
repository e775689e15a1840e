"""The officers' register: pages to read cases and to answer them."""
