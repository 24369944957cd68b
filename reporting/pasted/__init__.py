"""A block copied from Excel or Word, before it becomes figures: ``blocks`` reads what the clipboard
holds, ``placing`` finds the row of each line, ``preview`` says what writing them would do."""
