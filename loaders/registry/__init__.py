"""Registry exports (登记信息): organisations with their capital, region and legal representative."""
