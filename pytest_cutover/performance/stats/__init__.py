"""What may be concluded from what was measured. Pure: values in, values out."""
