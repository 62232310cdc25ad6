"""What every room speaks with: exchanges, endpoints, evidence, safe text. Imports no room."""
