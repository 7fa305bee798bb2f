"""The real services of the full profile on one machine, without Docker: ``make services`` and ``make services-stop``.

Standard library only, so that it runs before anything is installed; imports no room of the program.
"""
