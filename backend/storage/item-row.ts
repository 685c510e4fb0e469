// Items as rows of the database: their columns, and how they are read.

import { z } from 'zod';
import { CorruptDataError, isContentId } from '../content/index.js';
import type { ContentId } from '../content/index.js';

/** One item. Times are epoch ms. */
export interface KeptItem {
  /** Small integer, stable across restarts, never given twice. */
  readonly id: number;
  readonly nzoId: string;
  readonly itemKey: string;
  readonly contentId: ContentId;
  readonly kind: 'nzb' | 'torrent' | 'http';
  readonly name: string;
  readonly category: string;
  /** Its folder's name; no two items of a category share one. */
  readonly folder: string;
  readonly jobId: string | null;
  readonly status: 'queued' | 'processing' | 'streamable' | 'completed' | 'failed';
  readonly stage: string;
  readonly percentage: number;
  readonly error: { readonly code: string; readonly message: string } | null;
  /** Since when it is known not to play; null where its failure says nothing of the release. */
  readonly failedAt: number | null;
  readonly createdAt: number;
  readonly completedAt: number | null;
  readonly isFavourite: boolean;
}

const rowForm = z.object({
  id: z.number(),
  nzo_id: z.string(),
  item_key: z.string(),
  content_id: z.string().refine(isContentId),
  kind: z.enum(['nzb', 'torrent', 'http']),
  name: z.string(),
  category: z.string(),
  folder: z.string(),
  job_id: z.string().nullable(),
  status: z.enum(['queued', 'processing', 'streamable', 'completed', 'failed']),
  stage: z.string(),
  percentage: z.number(),
  error_code: z.string().nullable(),
  error_message: z.string().nullable(),
  failed_at: z.number().nullable(),
  created_at: z.number(),
  completed_at: z.number().nullable(),
  is_favourite: z.number(),
});

/** What `readItem` reads. */
export const ITEM_COLUMNS = [
  ...['id', 'nzo_id', 'item_key', 'content_id', 'kind', 'name', 'category', 'folder', 'job_id', 'status', 'stage'],
  ...['percentage', 'error_code', 'error_message', 'failed_at', 'created_at', 'completed_at', 'is_favourite'],
]
  .map((column) => `items.${column}`)
  .join(', ');

/** The same for an item as it stands in one of its places. */
export const PLACED_ITEM_COLUMNS = ITEM_COLUMNS.replace('items.category', 'item_places.category').replace(
  'items.folder',
  'item_places.folder',
);

/** A row of `ITEM_COLUMNS`. @throws {CorruptDataError} */
export function readItem(row: unknown): KeptItem | null {
  if (row === undefined) return null;
  const parsed = rowForm.safeParse(row);
  if (!parsed.success) throw new CorruptDataError('A kept item cannot be read.', { cause: parsed.error });
  const { data } = parsed;
  return {
    id: data.id,
    nzoId: data.nzo_id,
    itemKey: data.item_key,
    contentId: data.content_id,
    kind: data.kind,
    name: data.name,
    category: data.category,
    folder: data.folder,
    jobId: data.job_id,
    status: data.status,
    stage: data.stage,
    percentage: data.percentage,
    error: data.error_code === null ? null : { code: data.error_code, message: data.error_message ?? '' },
    failedAt: data.failed_at,
    createdAt: data.created_at,
    completedAt: data.completed_at,
    isFavourite: data.is_favourite === 1,
  };
}
