"""From the rounds of one test to its outcome: nothing is accused before it was asked again."""
