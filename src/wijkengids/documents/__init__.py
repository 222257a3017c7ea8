"""What a document says, and how it is written down in each format; no HTTP here."""
