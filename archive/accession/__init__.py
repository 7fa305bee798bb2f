"""Accession: delivered rows become records of the catalogue, by the rules of DESIGN sections 5 and 8."""
