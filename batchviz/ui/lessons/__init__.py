"""The page Lessons: a path of them, and one that is played.

state       what is open and what was answered        path       all lessons, and how far one is
play        the steps of one, in their order          question   one question as widgets
race        its runs: started, drawn, read            outcome    what came of it, the answer drawn over it
recorded_race   what plays until they have begun
take_away   files that leave with somebody            write      a lesson of one's own
lesson_text Markdown that does nothing
"""
