"""Handouts: what is printed and given away, in editions with a code each."""
