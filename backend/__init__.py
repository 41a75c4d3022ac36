"""The backend of Alongside: one folder a clinical domain, the same file names in each."""
