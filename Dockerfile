# Build with the tools, run without them.
FROM rust:1.95-bookworm AS build
# whisper.cpp is built with cmake; the image brings the C++ compiler.
RUN apt-get update && apt-get install -y --no-install-recommends cmake && rm -rf /var/lib/apt/lists/*
WORKDIR /build
COPY . .
RUN cargo build --release --locked

FROM debian:bookworm-slim
# whisper.cpp wants the C++ library; models and other services are reached over HTTPS.
RUN apt-get update && apt-get install -y --no-install-recommends ca-certificates libstdc++6 \
    && rm -rf /var/lib/apt/lists/*
RUN useradd --system --uid 10001 --home-dir /data --create-home comptoir
COPY --from=build /build/target/release/comptoir /usr/local/bin/comptoir
USER comptoir
WORKDIR /data
VOLUME /data
# Inside a container the loopback address reaches nobody; publish the port on the host's own: -p 127.0.0.1:8080:8080.
ENV COMPTOIR_LISTEN=0.0.0.0:8080 \
    DATABASE_URL=sqlite:/data/comptoir.db \
    COMPTOIR_FOLDER=/data
EXPOSE 8080
ENTRYPOINT ["comptoir"]
CMD ["serve"]
