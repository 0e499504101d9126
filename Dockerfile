# A static binary in an empty image: no shell, no package manager, nothing to update but koira itself.
FROM golang:1.26-bookworm AS build
WORKDIR /src
COPY go.mod go.sum ./
RUN go mod download
COPY . .
RUN .ci/static /koira && mkdir -m 0700 /data

FROM scratch
COPY --from=build /etc/ssl/certs/ca-certificates.crt /etc/ssl/certs/
COPY --from=build /koira /koira
COPY --from=build --chown=65532:65532 /data /data
USER 65532:65532
WORKDIR /data
VOLUME /data
# Run it with a read-only root and no capabilities:
#   docker run --read-only --cap-drop all --security-opt no-new-privileges -v koira:/data -v ./koira.toml:/koira.toml:ro --env-file secrets.env koira
# storage.path in koira.toml is then "/data/koira.db".
HEALTHCHECK --interval=1m --timeout=5s --start-period=30s CMD ["/koira", "health", "--config", "/koira.toml"]
ENTRYPOINT ["/koira"]
CMD ["run", "--config", "/koira.toml"]
