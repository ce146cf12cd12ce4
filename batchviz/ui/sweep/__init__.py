"""The Sweep page: every batch size at every learning rate, several seeds, one answer.

state.py       which sweep is open, or how the form is filled in, and the page's address
form.py        what to sweep; how much that is, how long it takes and what it will tell
sweep_list.py  this visitor's sweeps
header.py      the page's name, and what can be done with the open sweep
data.py        its runs and what they say, kept until another run has ended
results.py     what it says, as one fragment that follows its runs
answer.py      the answer in parts, and what must be known beside it
heat_map.py    batch size x learning rate
charts.py      all other figures
elsewhere.py   what the answer becomes on another machine
"""
