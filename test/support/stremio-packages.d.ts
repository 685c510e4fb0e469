// Test packages that come without types: the parts in use.

declare module 'stremio-addon-linter' {
  export function lintManifest(manifest: unknown): {
    readonly valid: boolean;
    readonly errors: readonly Error[];
    readonly warnings: readonly Error[];
  };
}

declare module 'stremio-addon-client' {
  interface AddonClient {
    readonly manifest: Readonly<Record<string, unknown>>;
    isSupported(resource: string, type: string, id: string): boolean;
    get(resource: string, type: string, id: string, extra?: object): Promise<Readonly<Record<string, unknown>>>;
  }
  const client: { detectFromURL(url: string): Promise<{ readonly addon: AddonClient }> };
  export default client;
}
