"""Who people are to this house: roles and assignments, sessions, tokens, second factor, registration, throttling."""
