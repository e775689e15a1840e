"""Names of people: the same name in other spellings and scripts, and why it is the same."""
