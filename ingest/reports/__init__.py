"""Reports on supply and demand as files: what they say (`content`), and as docx, xlsx and csv."""
