"""What the Data page does: a visitor's own table becomes a data set to train on.

upload (the file, read), new_dataset (from the file to a data set), options (how it is read, what is predicted from
what), preview (what is in it), dataset_list (the data kept).
"""
