"""What comes with a message: pictures, PDF, plain text.

``kinds`` says what a file is, ``names`` what it may be called, ``pictures`` has it drawn anew by ``redraw``
in a process of its own, ``intake`` joins the three. None of them knows the database; ``services.attachments``
and ``queries.attachments`` do.
"""
