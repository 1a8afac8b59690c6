// Gives the tests' precompiled header a target of its own.
