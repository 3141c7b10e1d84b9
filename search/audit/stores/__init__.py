"""What the audit keeps beside the records, one store a file."""
