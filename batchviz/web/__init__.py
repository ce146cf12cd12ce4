"""The ASGI side: routes, middleware, caches. The only importer of Starlette."""
