"""Compare: any set of recorded runs, fairly."""

import streamlit as st

st.html('<h1 class="batchviz-name">Compare</h1>')
