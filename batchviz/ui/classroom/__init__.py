"""The page Class: a lesson for many at once, without accounts.

state     which class is on the page, and as whom       entry     coming in: join one, open one
watch     the numbers that every screen follows          student   what a member sees
teacher   what the teacher alone sees                    screen    what stands on the wall
reveal    the runs, and how an answer did                grid      what the class trains together
gain      whether it taught
"""
