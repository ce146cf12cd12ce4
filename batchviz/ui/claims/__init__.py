"""The page Claims: cards that are tested with one press, and the report of all of them."""
