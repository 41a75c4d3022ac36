"""What must hold while parts of the system are killed."""
