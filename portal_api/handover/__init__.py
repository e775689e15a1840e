"""The gateway's side: handing over, acknowledgement."""
