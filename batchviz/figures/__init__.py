"""How things look, apart from Streamlit: one palette, one template, one file a chart."""
