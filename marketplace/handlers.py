"""What the marketplace does when told: each handler reads the state that it needs and moves by compare-and-set."""
