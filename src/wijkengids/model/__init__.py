"""Pure, no I/O: what every room speaks."""
