"""How this copy runs: settings, addresses, the embedded database, the server, the console entry point."""
