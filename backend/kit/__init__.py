"""The life of kit: in stock, claimed, installed and proved, handed over, lost, cleaned, scrapped, recalled."""
