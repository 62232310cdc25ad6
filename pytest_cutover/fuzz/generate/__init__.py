"""From an OpenAPI document to cases worth sending. Pure, but for the document that is read."""
