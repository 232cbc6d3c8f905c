# One image, roles by command: web (the default), worker, beat, migrate. See compose.yaml.
FROM python:3.12-slim AS build
WORKDIR /site
# LOCK=sentry adds the package that reports errors (SENTRY_DSN).
ARG LOCK=run
COPY requirements/ requirements/
RUN python -m venv /venv && /venv/bin/pip install --no-cache-dir --disable-pip-version-check --require-hashes -r "requirements/$LOCK.txt"
COPY . .
# Style sheets and pictures are joined, hashed and compressed once. Keys are thrown away: collecting needs none.
RUN ENVIRONMENT=demo SECRET_KEY=only-for-collecting-static-files-and-thrown-away-after-it STATIC_ROOT=/static \
    /venv/bin/python manage.py collectstatic --noinput -v 0

FROM python:3.12-slim
RUN useradd --uid 10001 --no-create-home --shell /usr/sbin/nologin site
ENV PATH=/venv/bin:$PATH PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 STATIC_ROOT=/static
WORKDIR /site
COPY --from=build /venv /venv
COPY --from=build /static /static
COPY --from=build /site /site
USER 10001
EXPOSE 8000
# Asked under the site's own name: any other host is refused.
HEALTHCHECK --interval=10s --timeout=3s --start-period=20s \
    CMD ["python", "-c", "import os, urllib.request as u; u.urlopen(u.Request('http://127.0.0.1:8000/health/live', headers={'Host': os.environ['SITE_URL'].split('/')[2]}), timeout=2)"]
CMD ["granian", "--interface", "wsgi", "navigator.wsgi:application", "--host", "0.0.0.0", "--port", "8000", "--workers", "2", "--blocking-threads", "8", "--no-ws", "--respawn-failed-workers", "--log-level", "warning"]
