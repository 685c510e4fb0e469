// The files beside the pages: the logo, styles and scripts.

import { join } from 'node:path';
import express, { Router } from 'express';

/** The logo is shown by Stremio, from anywhere; page assets by our own pages. */
export function createAssetRoutes(packageDir: string): Router {
  const router = Router();
  const logo = { root: join(packageDir, 'manifest'), maxAge: '1d' };
  for (const name of ['logo.png', 'logo.svg']) {
    router.get(`/${name}`, (_req, res) => {
      res.setHeader('Access-Control-Allow-Origin', '*');
      res.setHeader('Cross-Origin-Resource-Policy', 'cross-origin');
      res.setHeader('X-Content-Type-Options', 'nosniff');
      res.setHeader('Content-Security-Policy', "default-src 'none'; style-src 'unsafe-inline'");
      res.sendFile(name, logo);
    });
  }
  const assets = join(packageDir, 'addon', 'pages', 'assets');
  router.use('/assets', express.static(assets, { index: false, redirect: false, maxAge: '5m', setHeaders: noSniff }));
  return router;
}

function noSniff(res: { setHeader(name: string, value: string): unknown }): void {
  res.setHeader('X-Content-Type-Options', 'nosniff');
}
