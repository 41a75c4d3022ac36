"""The ways to sign in, one file each; a local account is the one that needs nobody else."""
