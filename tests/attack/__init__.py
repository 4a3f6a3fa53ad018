"""What a hostile or clumsy client sends, at every door there is and every door there will be."""
