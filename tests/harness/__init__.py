"""What the project's own tests are made of: projects to run the plugin in, servers, runs, cases."""
