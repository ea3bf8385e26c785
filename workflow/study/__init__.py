"""What a study needs around the library: files, network, devices, tables, data sets, verdicts.

It knows of no paper and imports nothing of the project but `deepinit`.
"""
