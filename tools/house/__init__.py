"""The house checks: one module per family of rules, each a function from a Tree to findings."""
