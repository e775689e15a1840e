"""The public zone: takes sealed submissions, gives receipts, hands over, cannot read."""
