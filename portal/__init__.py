"""The portal command: wires the zones together for a person at a terminal."""
