"""Charts: one file, one chart. They read the warehouse, draw with Plotly, and know nothing of Streamlit."""
