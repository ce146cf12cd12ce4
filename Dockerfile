# BatchViz in one container: web server, dispatcher and workers. Runs are kept in /data:
#   docker build -t batchviz . && docker run -p 8501:8501 -v batchviz:/data batchviz

FROM python:3.12-slim AS environment
WORKDIR /build
# For PostgreSQL and a Dask cluster: --build-arg WITH="psycopg[binary] distributed" (compose.yaml does).
ARG WITH=""
COPY requirements.txt constraints.txt ./
# hadolint ignore=SC2086
RUN python -m venv /opt/venv \
    && /opt/venv/bin/pip install --no-cache-dir --requirement requirements.txt $WITH --constraint constraints.txt

FROM python:3.12-slim
# tini reaps the workers that a killed dispatcher leaves behind and passes the stop signal on.
# hadolint ignore=DL3008
RUN apt-get update \
    && apt-get install -y --no-install-recommends tini \
    && rm -rf /var/lib/apt/lists/* \
    && useradd --uid 1000 --create-home batchviz \
    && install --directory --owner batchviz /data
COPY --from=environment /opt/venv /opt/venv
WORKDIR /app
COPY . .
# Nothing is written into the image when it runs, so that its root may be read-only (docs/deploy/README.md).
RUN /opt/venv/bin/python -m compileall -q /app

# Some hosts choose the port; they name it in PORT.
ENV PATH=/opt/venv/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    PYTHONDONTWRITEBYTECODE=1 \
    BATCHVIZ_DATA_DIR=/data \
    STREAMLIT_SERVER_HEADLESS=true \
    PORT=8501
USER 1000
VOLUME /data
EXPOSE 8501
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=30s --timeout=5s --start-period=30s --retries=3 \
    CMD ["python", "-c", "import os, urllib.request as r; r.urlopen(f\"http://127.0.0.1:{os.environ['PORT']}/api/health\", timeout=4)"]
ENTRYPOINT ["tini", "--"]
CMD ["sh", "-c", "exec python -m batchviz serve --host 0.0.0.0 --port \"$PORT\""]
