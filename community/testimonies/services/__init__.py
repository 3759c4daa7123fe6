"""What is done with testimonies: left and taken back, looked at, shown."""
