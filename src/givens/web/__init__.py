"""The page: a server on this machine that renders what ``api`` answers, and its templates and scripts (extra ``[ui]``)."""
