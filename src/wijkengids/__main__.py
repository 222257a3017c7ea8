"""``python -m wijkengids`` is the command ``wijkengids``."""

from wijkengids.cli import main

if __name__ == "__main__":  # the web processes import this module too
    main()
