"""Who changed what, when: every change of the registry's records, in one chain that nobody alters unseen (PP-02, PP-37)."""
