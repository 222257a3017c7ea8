"""From files to a valid graph."""
