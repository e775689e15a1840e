"""The steps between the portal and the register; each can be repeated without harm."""
