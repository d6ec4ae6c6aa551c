"""How the book is made: `python -m press html` builds it (see __main__.py)."""
