"""What becomes of an edit's sources before it is resolved: those that cannot be had."""
