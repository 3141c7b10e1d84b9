"""Spreadsheets in: candidates and vacancies from CSV and XLSX, with an answer for every row.

`opening.read_table` (bytes to a table, or a refusal) -> `checking.check` (a record or faults for each
row) -> `corrected.write_corrected` (the faulty rows with what to do). `template` makes empty sheets.
"""
