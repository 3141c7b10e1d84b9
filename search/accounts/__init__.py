"""Who asks: accounts, what each may see, and what was done with personal data."""
