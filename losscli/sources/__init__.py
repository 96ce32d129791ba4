"""One reader for each file format, and the way from columns to batches."""
