"""What stands on top of it all."""
