"""The service: verified answers over an index, through a command line and HTTP."""
