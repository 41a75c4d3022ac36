"""Who is told next when nobody has acted: ladders, rotas and each step as it was taken."""
