"""How layers look: the folium map, its data over signed addresses, styles and legend. No Streamlit here."""
