"""How fast the program is on this machine, beside the limit of its framework: ``python3 dev.py bench``.

``words`` and ``growth`` make a community of the size asked for, ``site`` and ``limit`` are what the web
server serves, ``client`` asks it, ``measures`` says what is asked, ``report`` prints it.
"""
