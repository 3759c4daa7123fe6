"""From the files of the demonstration to its rows.

``people``, ``topics`` and ``committees`` read the files as they were written · ``faults`` says what in
them cannot be (pure) · ``moments`` turns "twelve days ago" into dates · ``store`` writes, once each.
"""
