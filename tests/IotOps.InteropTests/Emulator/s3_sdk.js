// What programs do with S3 through AWS's SDK for JavaScript; prints what came of it as JSON.
'use strict';
const { Readable } = require('node:stream');
const s3 = require('@aws-sdk/client-s3');
const { Upload } = require('@aws-sdk/lib-storage');
const { getSignedUrl } = require('@aws-sdk/s3-request-presigner');

const Bucket = 'js-bucket';
const client = new s3.S3Client({ forcePathStyle: true, maxAttempts: 1 });
const send = (Command, input) => client.send(new Command({ Bucket, ...input }));
const text = async answer => (await answer).Body.transformToString();
const nameOf = async promise => { try { await promise; return null; } catch (error) { return error.name; } };
const all = async pages => { const list = []; for await (const page of pages) list.push(page); return list; };

async function objects(seen) {
    await send(s3.CreateBucketCommand, {});
    await s3.waitUntilBucketExists({ client, maxWaitTime: 10 }, { Bucket });
    const put = await send(s3.PutObjectCommand, { Key: 'a b+\u00e4.txt', Body: 'text', ContentType: 'text/plain', Metadata: { thing: 't' }, Tagging: 'site=north' });
    seen.defaultChecksum = put.ChecksumCRC32 ?? null;
    const read = await send(s3.GetObjectCommand, { Key: 'a b+\u00e4.txt', ChecksumMode: 'ENABLED' });
    seen.read = [await read.Body.transformToString(), read.ContentType, read.Metadata.thing, read.TagCount];
    await send(s3.PutObjectCommand, { Key: 'stream', Body: Readable.from([Buffer.alloc(65536, 'a'), Buffer.from('end')]), ContentLength: 65539 });
    seen.stream = (await text(send(s3.GetObjectCommand, { Key: 'stream' }))).length;
    seen.range = await text(send(s3.GetObjectCommand, { Key: 'stream', Range: 'bytes=-4' }));
    for (const ChecksumAlgorithm of ['CRC32', 'CRC32C', 'CRC64NVME', 'SHA1', 'SHA256']) {
        await send(s3.PutObjectCommand, { Key: 'sums/' + ChecksumAlgorithm, Body: '123456789', ChecksumAlgorithm });
    }
    seen.sums = {};
    for (const name of Object.keys(s3.ChecksumAlgorithm).filter(n => /^(CRC|SHA(1|256)$)/.test(n))) {
        seen.sums[name] = (await send(s3.HeadObjectCommand, { Key: 'sums/' + name, ChecksumMode: 'ENABLED' }))['Checksum' + name] ?? null;
    }
    const attributes = await send(s3.GetObjectAttributesCommand, { Key: 'stream', ObjectAttributes: ['ETag', 'ObjectSize', 'Checksum'] });
    seen.attributes = [attributes.ObjectSize, attributes.Checksum.ChecksumType];
    const copy = await send(s3.CopyObjectCommand, { Key: 'copy', CopySource: `${Bucket}/${encodeURIComponent('a b+\u00e4.txt')}`, TaggingDirective: 'REPLACE', Tagging: 'site=south' });
    seen.copy = [copy.CopyObjectResult.ChecksumType, (await send(s3.GetObjectTaggingCommand, { Key: 'copy' })).TagSet];
    seen.refusals = [
        await nameOf(send(s3.GetObjectCommand, { Key: 'none' })),
        await nameOf(send(s3.HeadObjectCommand, { Key: 'none' })),
        await nameOf(client.send(new s3.ListObjectsV2Command({ Bucket: 'none-at-all' }))),
        await nameOf(send(s3.PutObjectCommand, { Key: 'stream', Body: 'x', IfNoneMatch: '*' })),
        await nameOf(send(s3.PutObjectCommand, { Key: 'x', Body: 'x', ServerSideEncryption: 'aws:kms' })),
    ];
}

async function uploads(seen) {
    const body = Buffer.alloc(11 << 20, 'abcdefg');
    for (const ChecksumAlgorithm of [undefined, 'SHA256', 'CRC32C']) {
        const upload = new Upload({ client, params: { Bucket, Key: 'big/' + ChecksumAlgorithm, Body: Readable.from([body]), ChecksumAlgorithm }, partSize: 5 << 20 });
        await upload.done();
    }
    seen.big = (await all(s3.paginateListObjectsV2({ client, pageSize: 2 }, { Bucket, Prefix: 'big/' }))).flatMap(p => p.Contents.map(o => [o.Key, o.Size, o.ETag.slice(-3, -1)]));
    seen.equal = body.equals(Buffer.from(await (await send(s3.GetObjectCommand, { Key: 'big/SHA256' })).Body.transformToByteArray()));
    seen.part = (await send(s3.HeadObjectCommand, { Key: 'big/SHA256', PartNumber: 3, ChecksumMode: 'ENABLED' })).ContentLength;
    for (let i = 0; i < 5; i++) await send(s3.CreateMultipartUploadCommand, { Key: 'pending' + i });
    const pages = [];
    for (let marker = {}; marker && pages.length < 10;) {
        const page = await send(s3.ListMultipartUploadsCommand, { MaxUploads: 2, ...marker });
        pages.push(page.Uploads.length);
        marker = page.IsTruncated ? { KeyMarker: page.NextKeyMarker, UploadIdMarker: page.NextUploadIdMarker } : null;
    }
    seen.pending = pages;
    const parts = await send(s3.CreateMultipartUploadCommand, { Key: 'parts' });
    for (let PartNumber = 1; PartNumber <= 3; PartNumber++) await send(s3.UploadPartCommand, { Key: 'parts', UploadId: parts.UploadId, PartNumber, Body: 'x' });
    // The SDK's own paginator of ListParts never ends, on S3 neither: S3 says where to go on behind the last page, too.
    seen.parts = [];
    for (let PartNumberMarker; seen.parts.length < 10;) {
        const page = await send(s3.ListPartsCommand, { Key: 'parts', UploadId: parts.UploadId, MaxParts: 2, PartNumberMarker });
        seen.parts.push(page.Parts.length);
        if (!page.IsTruncated) break;
        PartNumberMarker = page.NextPartNumberMarker;
    }
}

async function links(seen) {
    const put = await getSignedUrl(client, new s3.PutObjectCommand({ Bucket, Key: 'by url', Metadata: { from: 'url' } }), { expiresIn: 60 });
    seen.putByUrl = (await fetch(put, { method: 'PUT', body: 'by url' })).status;
    const get = await getSignedUrl(client, new s3.GetObjectCommand({ Bucket, Key: 'by url', ResponseContentType: 'text/x' }), { expiresIn: 60 });
    const got = await fetch(get);
    seen.gotByUrl = [await got.text(), got.headers.get('content-type'), got.headers.get('x-amz-meta-from')];
}

async function versions(seen) {
    await send(s3.PutBucketVersioningCommand, { VersioningConfiguration: { Status: 'Enabled' } });
    seen.versioning = (await send(s3.GetBucketVersioningCommand, {})).Status;
    const ids = [];
    for (const Body of ['one', 'two', 'three']) ids.push((await send(s3.PutObjectCommand, { Key: 'v', Body })).VersionId);
    const marker = await send(s3.DeleteObjectCommand, { Key: 'v' });
    seen.marker = [marker.DeleteMarker, await nameOf(send(s3.GetObjectCommand, { Key: 'v' }))];
    seen.first = await text(send(s3.GetObjectCommand, { Key: 'v', VersionId: ids[0] }));
    const listed = await send(s3.ListObjectVersionsCommand, { Prefix: 'v' });
    seen.order = [listed.Versions.map(v => ids.indexOf(v.VersionId)), listed.DeleteMarkers.map(m => m.IsLatest)];
    const restored = await send(s3.CopyObjectCommand, { Key: 'v', CopySource: `${Bucket}/v?versionId=${ids[1]}` });
    seen.restored = [restored.CopySourceVersionId === ids[1], await text(send(s3.GetObjectCommand, { Key: 'v' }))];
    await send(s3.PutObjectTaggingCommand, { Key: 'v', VersionId: ids[0], Tagging: { TagSet: [{ Key: 'k', Value: 'v' }] } });
    seen.tags = (await send(s3.GetObjectTaggingCommand, { Key: 'v', VersionId: ids[0] })).TagSet;
    await send(s3.PutBucketLifecycleConfigurationCommand, {
        LifecycleConfiguration: { Rules: [{ ID: 'a', Status: 'Enabled', Filter: { Prefix: 'x/' }, AbortIncompleteMultipartUpload: { DaysAfterInitiation: 7 } }] },
    });
    seen.lifecycle = (await send(s3.GetBucketLifecycleConfigurationCommand, {})).Rules.map(r => [r.ID, r.Filter.Prefix, r.AbortIncompleteMultipartUpload.DaysAfterInitiation]);

    // What a clean-up does: page by page, deleting what the page held.
    let pages = 0;
    for (let marker = {}; marker && pages < 100; pages++) {
        const page = await send(s3.ListObjectVersionsCommand, { MaxKeys: 3, ...marker });
        const Objects = [...page.Versions ?? [], ...page.DeleteMarkers ?? []].map(({ Key, VersionId }) => ({ Key, VersionId }));
        if (Objects.length > 0) seen.errors = (await send(s3.DeleteObjectsCommand, { Delete: { Objects } })).Errors ?? [];
        marker = page.IsTruncated ? { KeyMarker: page.NextKeyMarker, VersionIdMarker: page.NextVersionIdMarker } : null;
    }
    seen.left = (await send(s3.ListObjectVersionsCommand, {})).Versions?.length ?? 0;
    seen.pages = pages;
    await send(s3.DeleteBucketCommand, {});
    seen.buckets = (await client.send(new s3.ListBucketsCommand({}))).Buckets?.length ?? 0;
}

(async () => {
    const seen = {};
    for (const part of [objects, uploads, links, versions]) await part(seen);
    process.stdout.write(JSON.stringify(seen) + '\n');
})().catch(error => { console.error(error); process.exit(1); });
