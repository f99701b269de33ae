"""The script that Streamlit runs for every interaction: as little as possible."""

from dashboard.main import main

main()
