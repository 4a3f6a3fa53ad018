"""What a certificate is worth: a TEO proposes the credit record within a month, the operator approves it."""
