"""The phones people sign in on: what one may bring after its session ended, and how one is shut out."""
