# Headstart in a container. It could not be run where it was written (no container engine there): please report what fails.
FROM node:20-bookworm-slim AS build
# better-sqlite3, utp-native and yencode compile where no prebuilt binary can be had; the image may run on another processor
# than the one it is built on.
ENV npm_config_enable_native_tuning=0
RUN apt-get update \
  && apt-get install -y --no-install-recommends python3 make g++ \
  && rm -rf /var/lib/apt/lists/*
WORKDIR /app
COPY package.json package-lock.json .npmrc ./
COPY vendor vendor
RUN npm ci
COPY . .
RUN npm run build && npm prune --omit=dev

FROM node:20-bookworm-slim
# Large buffers go back to the system when they are freed (glibc keeps them otherwise).
ENV NODE_ENV=production DATA_DIR=/data PORT=7000 MALLOC_MMAP_THRESHOLD_=262144
RUN mkdir /data && chown node:node /data
WORKDIR /app
COPY --from=build /app/package.json ./
COPY --from=build /app/vendor vendor
COPY --from=build /app/node_modules node_modules
COPY --from=build /app/dist dist
# Read beside package.json: clips, page assets, logo.
COPY --from=build /app/addon/clips addon/clips
COPY --from=build /app/addon/pages/assets addon/pages/assets
COPY --from=build /app/manifest manifest
USER node
VOLUME /data
EXPOSE 7000
HEALTHCHECK --interval=30s --timeout=5s --start-period=20s CMD ["node", "dist/scripts/health.js"]
CMD ["node", "dist/scripts/start.js"]
