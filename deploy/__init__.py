"""How the site gets onto a machine: locks, local set-up, container image, web server, database roles."""
