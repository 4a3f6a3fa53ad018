"""Assessment plans: which certificate level is assessed, by which weighted components, with which pass lines."""
