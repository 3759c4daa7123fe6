"""The doors of the directory: the HSDS interface, and its pages."""
