"""The life of a render: submit, advance, finish, cancel. May import every service below."""
