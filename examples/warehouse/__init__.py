"""The warehouse: a second reference pair, as teams write such backends (see README.md)."""
