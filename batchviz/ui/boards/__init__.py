"""Boards: named, saved comparisons with a link of their own, readable when their author is gone.

    saving.py    the dialogs that save a comparison as a board and rename one
    opened.py    which board is open, and how its reader looks at it: address and session
    heading.py   what the author wrote, and the buttons
    around.py    what is missing, and the way back to how it was saved
    shelf.py     this visitor's boards

All that users wrote (names, texts) is shown as text.
"""
