"""How sure a number is: intervals, paired comparisons, and what more data would tell."""
