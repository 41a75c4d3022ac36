"""Published scores as pure functions, one file each, for the rules and for a safety officer at a desk."""
