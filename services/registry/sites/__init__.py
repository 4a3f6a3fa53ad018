"""Assessment sites: declared by a college, settled by TEO and province, filed (OP-23)."""
