"""A store folder and a query: what a release and the web ask, and how no query can harm them."""
