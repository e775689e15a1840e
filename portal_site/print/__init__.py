"""Print: posters, leaflets and paper forms as PDF, and the pages that their codes lead to."""
