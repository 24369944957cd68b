"""The deadline hour of a province, against the installed portal: ``make load``."""
