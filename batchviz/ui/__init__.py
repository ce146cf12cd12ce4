"""The screen. The only package that imports Streamlit; it never meets training.

shell (navigation and style), form (the sidebar's questions), facts (what the answers imply), live (the chart),
laboratory (store and engine of this installation), visitor (who is asking), link (what the address says).
"""
