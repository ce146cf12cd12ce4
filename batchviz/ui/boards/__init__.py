"""Boards: named, saved comparisons with a link of their own, readable when their author is gone.

    dialogs.py       the dialogs that save a comparison as a board and rename one
    board_state.py   which board is open, and how its reader looks at it: address and session
    frame.py         what the author wrote, the buttons, what is missing, the way back to how it was saved
    board_list.py    this visitor's boards, and undoing the deletion of one

All that users wrote (names, texts) is shown as text.
"""
