"""What comes in from elsewhere; importers are named after where from."""
