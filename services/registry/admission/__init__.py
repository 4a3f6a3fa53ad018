"""How TEOs and colleges come in: recruitment rounds, panels, public notice, and the filings of provinces (PP-04, PP-33)."""
