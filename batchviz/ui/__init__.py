"""The screen. The only package that imports Streamlit; it never meets training.

shell (navigation and style), playground (what that page does), form (the sidebar's questions), batch_size and widgets
(its parts), facts (what the answers imply), live (the chart), address (what the link says), laboratory (store and
engine of this installation), visitor (who is asking), own (a visitor's own data in the form), data (the page where it
is uploaded).
"""
