"""What open maps of a branch share: acts of the hand that become commands, changes by others, and who is there."""
