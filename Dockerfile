# The mock of both banks. docs/container.md says how to use it; compose.yaml is an example.
FROM node:26-slim AS build
WORKDIR /src
COPY package.json package-lock.json ./
RUN npm ci --no-audit --no-fund
COPY . .
RUN npm run build

FROM node:26-slim
WORKDIR /homologa
ENV NODE_ENV=production
COPY package.json package-lock.json LICENSE ./
RUN npm ci --omit=dev --no-audit --no-fund && npm cache clean --force
COPY features ./features
COPY login-scripts ./login-scripts
COPY schemas ./schemas
COPY targets ./targets
COPY proxy/environment-proxy.js ./proxy/
COPY --from=build /src/dist ./dist
USER node
EXPOSE 4010
# The control API wants the token that the container was started with.
HEALTHCHECK --interval=10s --timeout=3s --start-period=10s --retries=3 \
  CMD ["node", "-e", "fetch('http://127.0.0.1:4010/_mock/health', { headers: { authorization: `Bearer ${process.env.HOMOLOGA_CONTROL_TOKEN}` } }).then(({ ok }) => process.exit(ok ? 0 : 1), () => process.exit(1))"]
ENTRYPOINT ["node", "dist/cli/homologa.js"]
# Refused until HOMOLOGA_CONTROL_TOKEN is set: all of the container's addresses are open.
CMD ["serve", "--host", "0.0.0.0"]
