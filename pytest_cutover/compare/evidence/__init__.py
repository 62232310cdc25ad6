"""What a comparison contributes to the gates, the report and the screen."""
