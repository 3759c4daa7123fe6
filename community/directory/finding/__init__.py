"""What somebody looks for, and which services answer that, in which order and why. Pure."""
