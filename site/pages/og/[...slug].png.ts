// The picture of each article for link previews: /og/problems/website-down.png
import type { APIRoute, GetStaticPaths } from 'astro';
import sharp from 'sharp';
import { allArticles, type KnownArticle } from '../../knowledge.ts';
import { articlePicture } from '../../articlePicture.ts';

export const getStaticPaths = (async () =>
  (await allArticles()).map((article) => ({
    params: { slug: article.slug },
    props: { article },
  }))) satisfies GetStaticPaths;

export const GET: APIRoute<{ article: KnownArticle }> = async ({ props }) => {
  const png = await sharp(Buffer.from(articlePicture(props.article.data)))
    .png({ compressionLevel: 6 })
    .toBuffer();
  return new Response(new Uint8Array(png), { headers: { 'content-type': 'image/png' } });
};
