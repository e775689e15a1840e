"""Every table of the register in one place, for migrations and for the test that compares."""

from portal_gateway import arrivals, audit, cases, follow_ups, link, replies, seats
from portal_gateway.connectors import tables as outbox
from portal_gateway.database import RegisterRow
from portal_gateway.register import (
    accounts,
    devices,
    openings,
    reprisals,
    rights,
    second_factor,
    sessions,
    work,
)
from portal_gateway.sought import rows as sought

FEATURES = (
    *(arrivals, audit, cases, follow_ups, link, outbox, replies, seats, sought),
    *(accounts, devices, openings, reprisals, rights, second_factor, sessions, work),
)
"""Modules with tables; importing them is what makes METADATA complete."""

METADATA = RegisterRow.metadata
"""All tables of this zone, and of no other."""
