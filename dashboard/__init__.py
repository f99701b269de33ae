"""The dashboard: what OSPO staff see. It reads the database and explains."""
