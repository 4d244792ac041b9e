"""Files of rows and columns as grids of printed text, whatever their names say that they are."""
