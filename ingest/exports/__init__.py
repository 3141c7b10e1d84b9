"""Lists out: the columns of a screen as CSV, XLSX or JSON Lines, safe to open in a spreadsheet program."""
