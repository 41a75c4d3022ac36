"""The journeys of a person, a carer and those who answer them, each in real browsers against a whole system."""
