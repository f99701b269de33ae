"""Where Streamlit enters: apart, as it takes a folder ``pages`` beside its script as its own."""
