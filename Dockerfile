# The image of every role; `docker compose build` makes it, or by hand:
#
#   docker build --tag facestream:0.1.0 .
#   docker build --tag facestream:0.1.0-gpu --build-arg VARIANT=gpu .

# cpu or gpu: chooses the TensorFlow that is built in, and the base image
ARG VARIANT=cpu

FROM debian:12.12-slim AS build
SHELL ["/bin/bash", "-euo", "pipefail", "-c"]
# the tag pins the distribution's release; pinned package versions would vanish with the next security update
# hadolint ignore=DL3008
RUN apt-get update \
    && apt-get install --yes --no-install-recommends binutils maven openjdk-17-jdk-headless unzip zip \
    && rm -rf /var/lib/apt/lists/*
WORKDIR /src
COPY .mvn .mvn
COPY pom.xml facestream LICENSE ./
COPY src/main src/main
ARG VARIANT
RUN --mount=type=cache,target=/root/.m2 \
    profile=${VARIANT#cpu} \
    && mvn -B -q ${profile:+-P"$profile"} -Dmaven.test.skip -Dspotless.check.skip package
# The native libraries are unpacked here and removed from the jars; otherwise JavaCPP would unpack 850 MB at each start,
# to a place where the process can write. Files for compilers and Python stay out, and so do TensorFlow's symbols
# (160 MB). OpenCV expects OpenBLAS under a name of its own.
RUN mkdir natives \
    && for jar in target/quarkus-app/lib/main/*-linux-x86_64*.jar; do \
        unzip -q "$jar" -x 'META-INF/*' -d natives; \
        zip -q -d "$jar" '*/linux-x86_64*/*'; \
    done \
    && find natives -type d \( -name include -o -name python -o -name share \) -prune -exec rm -r {} + \
    && strip natives/org/tensorflow/internal/c_api/linux-x86_64*/libtensorflow_*.so.2 \
    && ln -s libopenblas.so.0 natives/org/bytedeco/openblas/linux-x86_64/libopenblas_nolapack.so.0 \
    && chmod -R go=u-w .

FROM debian:12.12-slim AS cpu

# what TensorFlow 2.16 loads: CUDA 12 with cuDNN 8
FROM nvidia/cuda:12.2.2-cudnn8-runtime-ubuntu22.04 AS gpu

# hadolint ignore=DL3006
FROM ${VARIANT} AS runtime
LABEL org.opencontainers.image.title="FaceStream" \
      org.opencontainers.image.description="Camera frames on Kafka in, identity events on Kafka out" \
      org.opencontainers.image.version="0.1.0" \
      org.opencontainers.image.licenses="Apache-2.0"
SHELL ["/bin/bash", "-euo", "pipefail", "-c"]
# hadolint ignore=DL3008
RUN apt-get update \
    && apt-get install --yes --no-install-recommends openjdk-17-jre-headless \
    && rm -rf /var/lib/apt/lists/* \
    && groupadd --gid 10001 facestream \
    && useradd --uid 10001 --gid 10001 --no-create-home --home-dir /nonexistent --shell /usr/sbin/nologin facestream \
    && install --directory --owner=10001 --group=10001 /scratch
WORKDIR /opt/facestream
COPY --from=build /src/facestream /src/LICENSE ./
COPY --from=build /src/src/main/docker/health ./
COPY --from=build /src/natives natives
COPY --from=build /src/target/quarkus-app target/quarkus-app
# a number, so that Kubernetes can verify that it is not root
USER 10001:10001
EXPOSE 9000
HEALTHCHECK --interval=10s --timeout=5s --start-period=120s --retries=3 CMD ["/opt/facestream/health", "live"]
ENTRYPOINT ["/opt/facestream/facestream"]
CMD ["up"]
