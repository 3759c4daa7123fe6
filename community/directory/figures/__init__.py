"""Which figures of the directory may be told. Pure."""
