"""What everything stands on: errors, resources, files, texts."""
