"""By which rules any engine answers: what a word is, what a query asks for, how matches are marked."""
