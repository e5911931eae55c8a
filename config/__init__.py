"""The project: settings, addresses, processes. The only place that knows both apps."""
