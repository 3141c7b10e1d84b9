"""The measures of the audit, one idea a file: formula, source and a worked example in each docstring."""
