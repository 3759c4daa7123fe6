"""Discussions and questions that come from elsewhere, read from files and kept as threads.

``rows`` reads lines and says what is wrong with one · ``stackexchange`` and ``questions`` know one
form of file each · ``plan`` is what they give: threads as they were found · ``markdown`` and
``split`` turn a text into ours (pure) · ``writeup`` makes a thread ready · ``store`` writes it.
"""
