"""The warehouse's API on FastAPI: the candidate of the second reference pair."""
