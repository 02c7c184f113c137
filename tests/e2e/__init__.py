"""The dashboard in a browser: what is drawn, what fits, what an address opens, what the keyboard can do."""
