"""The rules of the house: machines, permissions, consortium rules, scoring. Pure: standard library only."""
