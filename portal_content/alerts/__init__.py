"""Alerts: content/alerts/<id>.yml, one file each; everything shown is made from it."""
