"""What the sub-commands of the portal command do."""
