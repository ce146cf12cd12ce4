"""The screen. The only package that imports Streamlit; it never meets training.

main            the frame around the pages          resources       store and engine of this installation
session         whom the script runs for            session_state   everything a session remembers, typed
url             what the address says               locks           what a lesson's link has fixed
components/     parts that several pages share; they know no page
playground/  compare/  boards/  runs/  data/        a folder a page; boards know Compare, the others only what is above
admin/          what an administrator sees beyond a visitor
"""
