"""What the Data page does: a visitor's own table becomes a data set to train on.

upload (the file, read), making (from the file to a data set), choices (how it is read, what is predicted from what),
table (what is in it), shelf (the data kept), words (texts of users, shown as text).
"""
