"""Slips of the paper, each found by one function over a form's rows; ``lint`` lists them."""
