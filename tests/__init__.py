"""The tests mirror the slices; flows, contracts, browser and chaos walk the whole system."""
