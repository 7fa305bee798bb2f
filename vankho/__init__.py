"""The program: command line, server, worker, demonstration archive; the only room that knows all the others."""
