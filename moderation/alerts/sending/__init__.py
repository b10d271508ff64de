"""The worker's half of alerts: it alone opens addresses. The public site may not import it (pyproject.toml).

`gathering` reads the inbox and asks each address's owner; `spreading` cuts an entry of the public log into batches;
`delivering` goes through a batch; `letters` says it in words; `channel` is what carries a letter, `mail` the one way
that there is.
"""
