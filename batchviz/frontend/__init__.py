"""What runs in the browser, and what Python tells it: scripts, styles, the payload of a run, plotly.js."""
