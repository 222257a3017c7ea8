"""``python -m wijkengids`` is the command ``wijkengids``."""

from wijkengids.cli import main

main()
