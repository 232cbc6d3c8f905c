"""Who may sign in to the staff desk: password and second factor, tries that are counted, and what was done."""
