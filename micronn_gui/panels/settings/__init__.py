"""The recipe's fields and explanations."""
