"""Pages of content, one module for each kind."""
