"""The screens: the only place besides `app.py` that knows Streamlit."""
