"""报送时效与质量: how soon each department hands in what it decided, and how many of its rows are refused."""
