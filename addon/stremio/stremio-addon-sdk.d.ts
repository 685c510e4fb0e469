// The two parts of stremio-addon-sdk in use. Its main module also loads a second express, a file server and a browser
// opener, which cost 130 ms and 10 MB at start.

declare module 'stremio-addon-sdk/src/builder.js' {
  export interface HandlerArguments {
    readonly type: string;
    readonly id: string;
    readonly extra: Readonly<Record<string, string | string[] | undefined>>;
  }

  export type Handler = (args: HandlerArguments) => Promise<object>;

  /** What `getRouter` serves. */
  export interface AddonInterface {
    readonly manifest: object;
  }

  export default class AddonBuilder {
    /** Throws when the manifest is not one. Freezes it. */
    constructor(manifest: object);
    defineStreamHandler(handler: Handler): this;
    defineMetaHandler(handler: Handler): this;
    defineCatalogHandler(handler: Handler): this;
    defineSubtitlesHandler(handler: Handler): this;
    /** Throws when a resource of the manifest has no handler. */
    getInterface(): AddonInterface;
  }
}

declare module 'stremio-addon-sdk/src/getRouter.js' {
  import type { RequestHandler } from 'express';
  import type { AddonInterface } from 'stremio-addon-sdk/src/builder.js';

  export default function getRouter(addon: AddonInterface): RequestHandler;
}
