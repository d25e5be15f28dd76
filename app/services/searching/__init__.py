"""The search for partners, and being introduced to them."""
