"""Every measure of the product, computed from plain numbers or from the warehouse's tables."""
