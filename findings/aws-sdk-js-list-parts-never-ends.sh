#!/usr/bin/env bash
# @aws-sdk/client-s3 3.1169.0: paginateListParts never ends.
#
# Expected: the loop ends behind the page whose IsTruncated is false, as those of the SDKs for Go, Rust and Swift do since they had the same fault.
# Seen:     the SDK looks at NextPartNumberMarker alone. S3 gives one with the last page, too, and "0" with the empty page behind it, so that the
#           listing begins again, for ever.
# Matters:  a clean-up or a resumed upload that lists its parts this way hangs and asks S3 as fast as it can. Look at IsTruncated yourself.
# Beside it: an HTTP server that answers ListParts as S3 does: three parts, two a page.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
npm install --silent --no-audit --no-fund @aws-sdk/client-s3@3.1169.0
cat >finding.js <<'JS'
'use strict';
const http = require('http');
const { S3Client, paginateListParts } = require('@aws-sdk/client-s3');

const server = http.createServer((request, response) => {
    const marker = Number(new URL(request.url, 'http://s3').searchParams.get('part-number-marker') ?? 0);
    const shown = [1, 2, 3].filter(n => n > marker).slice(0, 2);
    response.setHeader('Content-Type', 'application/xml');
    response.end(`<ListPartsResult xmlns="http://s3.amazonaws.com/doc/2006-03-01/"><PartNumberMarker>${marker}</PartNumberMarker>
        <NextPartNumberMarker>${shown.at(-1) ?? 0}</NextPartNumberMarker><MaxParts>2</MaxParts><IsTruncated>${marker + shown.length < 3}</IsTruncated>
        ${shown.map(n => `<Part><PartNumber>${n}</PartNumber><Size>1</Size></Part>`).join('')}</ListPartsResult>`);
});

server.listen(0, '127.0.0.1', async () => {
    const client = new S3Client({
        endpoint: `http://127.0.0.1:${server.address().port}`, region: 'us-east-1', forcePathStyle: true, credentials: { accessKeyId: 'k', secretAccessKey: 's' },
    });
    const seen = [];
    for await (const page of paginateListParts({ client, pageSize: 2 }, { Bucket: 'b', Key: 'k', UploadId: 'u' })) {
        seen.push(`${page.Parts?.length ?? 0} ${page.IsTruncated ? 'more' : 'last'}`);
        if (seen.length === 5) break;
    }
    console.log(seen.join(', '));
    server.close();
    client.destroy();
});
JS
output=$(NODE_NO_WARNINGS=1 timeout 60 node finding.js)
echo "$output"
[[ $output == '2 more, 1 last, 0 last, 2 more, 1 last' ]]
