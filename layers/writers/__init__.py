"""Outside files go out: each is written beside its place, re-opened and compared before it is offered."""
