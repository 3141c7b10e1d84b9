# The program alone: no data, no settings, no secret. Built by docker-compose.yml, described in docs/operations.md.
FROM python:3.11.14-slim-bookworm AS build
ENV PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_CACHE_DIR=1
WORKDIR /build
COPY requirements/run.txt requirements/dev.txt requirements/
RUN python -m venv /opt/bole \
 && /opt/bole/bin/pip install --require-hashes -r requirements/run.txt
# Of the development set only what builds the wheel, by the same hashes; one that is missing here is an error.
RUN python -m venv /opt/builder \
 && awk '/^[a-z]/ { keep = /^(hatchling|packaging|pathspec|pluggy|tomlkit|trove-classifiers)==/ } keep' \
      requirements/dev.txt > requirements/build.txt \
 && /opt/builder/bin/pip install --require-hashes -r requirements/build.txt
COPY pyproject.toml README.md LICENSE NOTICE ./
COPY taxonomies taxonomies
COPY search search
COPY ingest ingest
COPY api api
RUN /opt/builder/bin/pip wheel --no-deps --no-build-isolation -w dist . \
 && /opt/bole/bin/pip install --no-deps dist/bole-*.whl \
 && /opt/bole/bin/python -m compileall -q /opt/bole/lib

FROM python:3.11.14-slim-bookworm
# A fixed number, so that whoever prepares a volume knows whose it is.
RUN groupadd --system --gid 10001 bole \
 && useradd --system --uid 10001 --gid bole --home-dir /data --shell /usr/sbin/nologin bole \
 && install -d -o bole -g bole -m 750 /data
COPY --from=build /opt/bole /opt/bole
# Without the last one the runtime of the bundled model sends usage data to its maker.
ENV PATH=/opt/bole/bin:$PATH PYTHONDONTWRITEBYTECODE=1 PYTHONUNBUFFERED=1 BOLE_DATA_DIR=/data \
    ORT_DISABLE_TELEMETRY=1
USER bole
WORKDIR /data
VOLUME /data
ENTRYPOINT ["bole"]
CMD ["serve"]
