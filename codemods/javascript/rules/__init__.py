"""One rewrite per file; its name is its name everywhere: ``--only``, reports, fixture folders, docs."""
