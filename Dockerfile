# syntax=docker/dockerfile:1
# Two ways, by target:
#   docker build --target baked -t pullquote .   the models are in the image (1.2 GB more, works offline at once)
#   docker build --target slim  -t pullquote .   the models are mounted at /models; fill it once with
#       docker run --rm -v models:/models pullquote models pull
# TORCH_ARGS names a CPU build of PyTorch, as in the Makefile.

FROM python:3.11-slim-bookworm AS build
ARG TORCH_ARGS="torch==2.13.0"
ENV PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_CACHE_DIR=1
RUN python -m venv /opt/pullquote
WORKDIR /src
RUN /opt/pullquote/bin/pip install ${TORCH_ARGS}
COPY pyproject.toml constraints.txt README.md LICENSE ./
COPY service service
COPY index index
COPY prompts prompts
COPY eval eval
RUN /opt/pullquote/bin/pip install --constraint constraints.txt '.[local,sources]'

FROM build AS weights
ENV PULLQUOTE_MODELS_DIR=/models
RUN /opt/pullquote/bin/pullquote models pull \
 && /opt/pullquote/bin/pullquote models verify \
 && cp LICENSE /models/LICENSE-Apache-2.0.txt

FROM python:3.11-slim-bookworm AS slim
# llama.cpp needs OpenMP's runtime
RUN apt-get update && apt-get install --no-install-recommends --yes libgomp1 && rm -rf /var/lib/apt/lists/* \
 && useradd --system --uid 10001 --home-dir /data pullquote && install -d -o pullquote /data /models
COPY --from=build /opt/pullquote /opt/pullquote
ENV PATH=/opt/pullquote/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    PULLQUOTE_DATA_DIR=/data \
    PULLQUOTE_MODELS_DIR=/models \
    PULLQUOTE_BIND=0.0.0.0:8000
USER pullquote
WORKDIR /data
VOLUME /data
EXPOSE 8000
HEALTHCHECK --interval=30s --timeout=5s --start-period=60s \
  CMD ["python", "-c", "import urllib.request as r; r.urlopen('http://127.0.0.1:8000/healthz', timeout=4)"]
ENTRYPOINT ["pullquote"]
CMD ["serve"]

FROM slim AS baked
COPY --from=weights --chown=root:root /models /models
