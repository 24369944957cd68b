"""What each kind of file holds, as grids of cells."""
