"""Run the service without compiled queries, so that graphql-core answers all operations."""

import os

from api.app import create_app
from api.configuration import settings as settings_module
from api.server import logs, server

if __name__ == "__main__":
    settings = settings_module.read(os.environ)
    logs.configure(json=settings.log_json, level=settings.log_level)
    server.run(create_app(settings, compiles=False), settings)
