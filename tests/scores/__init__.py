"""Published scores, tried as a safety officer tries them."""
