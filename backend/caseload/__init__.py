"""People join, live with it and leave, and who looks after them."""
