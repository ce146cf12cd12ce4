# BatchViz in one container: web server, dispatcher and workers. Runs are kept in /data:
#   docker build -t batchviz . && docker run -p 8501:8501 -v batchviz:/data batchviz

FROM debian:trixie-slim AS base
# tini reaps the workers that a killed dispatcher leaves behind and passes the stop signal on.
# hadolint ignore=DL3008
RUN apt-get update \
    && apt-get install -y --no-install-recommends python3 tini \
    && rm -rf /var/lib/apt/lists/*

FROM base AS environment
# hadolint ignore=DL3008
RUN apt-get update && apt-get install -y --no-install-recommends binutils python3-venv
WORKDIR /build
# For PostgreSQL and a Dask cluster: --build-arg WITH="psycopg[binary] distributed" (compose.yaml does).
ARG WITH=""
COPY requirements.txt constraints.txt ./
# hadolint ignore=SC2086
RUN python3 -m venv /opt/venv \
    && /opt/venv/bin/pip install --no-cache-dir --requirement requirements.txt $WITH --constraint constraints.txt
# What only those need who build on these libraries, test or debug them: 0.6 GB.
WORKDIR /opt/venv/lib/python3.13/site-packages
RUN /opt/venv/bin/pip uninstall --yes libclang pip \
    && rm -r tensorflow/include pyarrow/include pyarrow/tests pandas/tests \
    && strip --strip-unneeded tensorflow/libtensorflow_cc.so.2

FROM base
RUN useradd --uid 1000 --create-home batchviz && install --directory --owner batchviz /data
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
    CMD ["sh", "-c", "exec python -c \"import sys, urllib.request; urllib.request.urlopen(sys.argv[1], timeout=4)\" \"http://127.0.0.1:$PORT/${STREAMLIT_SERVER_BASE_URL_PATH:+$STREAMLIT_SERVER_BASE_URL_PATH/}api/health\""]
ENTRYPOINT ["tini", "--"]
CMD ["sh", "-c", "exec python -m batchviz serve --host 0.0.0.0 --port \"$PORT\""]
