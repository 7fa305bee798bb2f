# Two images: `tika` (text out of office files) and `vankho` (portal, workers, scheduler), both for docker-compose.yml.
# Every base is pinned; tests/operations/test_compose.py holds the versions to services/versions.py.

# ---- Tika: the same file from Maven Central that `make services` runs, held to its SHA-256
FROM maven:3.9.9-eclipse-temurin-21 AS tika-file
ARG TIKA_VERSION=3.3.2
ARG TIKA_SHA256=cdbe7fde72583dec8528f9c0ed962cacb7f6624f9900b1f733df638410f77540
RUN mvn -q -B dependency:copy -Dartifact=org.apache.tika:tika-server-standard:${TIKA_VERSION}:jar -DoutputDirectory=/tika \
 && mv /tika/tika-server-standard-${TIKA_VERSION}.jar /tika/tika-server.jar \
 && echo "${TIKA_SHA256}  /tika/tika-server.jar" | sha256sum --check

FROM eclipse-temurin:25.0.3_9-jre AS tika
COPY --from=tika-file /tika/tika-server.jar /tika/tika-server.jar
COPY config/tika.xml /config/tika.xml
USER 10002:10002
WORKDIR /tmp
EXPOSE 9998
ENTRYPOINT ["java", "-Xmx128m", "-Djava.awt.headless=true", "-jar", "/tika/tika-server.jar"]
CMD ["-c", "/config/tika.xml", "-h", "0.0.0.0", "-p", "9998"]

# ---- Văn Khố: packages into an environment of their own, built where a compiler may be
FROM python:3.11.13-slim-bookworm AS build
ENV PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_CACHE_DIR=1
RUN python -m venv /opt/vankho
COPY requirements.txt requirements-full.txt /tmp/
RUN /opt/vankho/bin/pip install -r /tmp/requirements.txt -r /tmp/requirements-full.txt
WORKDIR /srv/vankho
COPY pyproject.toml README.md ./
COPY analyzers ./analyzers
COPY archive ./archive
COPY search ./search
COPY indexer ./indexer
COPY desk ./desk
COPY portal ./portal
COPY vankho ./vankho
COPY templates ./templates
COPY static ./static
COPY config ./config
RUN /opt/vankho/bin/pip install --no-deps -e . \
 && /opt/vankho/bin/pybabel -q compile -d templates/translations

FROM python:3.11.13-slim-bookworm AS vankho
# openssl is for the one-shot service that makes the certificates
RUN apt-get update \
 && apt-get install -y --no-install-recommends openssl tesseract-ocr tesseract-ocr-vie tesseract-ocr-fra \
 && rm -rf /var/lib/apt/lists/* \
 && groupadd --system --gid 10001 vankho \
 && useradd --system --uid 10001 --gid 10001 --no-create-home --home-dir /nonexistent --shell /usr/sbin/nologin vankho \
 && install -d -o 10001 -g 10001 -m 0750 /var/lib/vankho
COPY --from=build /opt/vankho /opt/vankho
COPY --from=build /srv/vankho /srv/vankho
ENV PATH=/opt/vankho/bin:/usr/local/bin:/usr/bin:/bin \
    LANG=C.UTF-8 \
    PYTHONDONTWRITEBYTECODE=1 \
    PYTHONUNBUFFERED=1 \
    VANKHO_HOME=/var/lib/vankho
USER 10001:10001
WORKDIR /srv/vankho
EXPOSE 8077
ENTRYPOINT ["vankho"]
CMD ["serve", "--host", "0.0.0.0", "--no-worker"]
