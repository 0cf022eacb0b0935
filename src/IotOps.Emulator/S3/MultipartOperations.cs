using System.Xml;
using System.Xml.Linq;
using IotOps.Emulator.Checksums;
using IotOps.Emulator.Http;
using IotOps.Emulator.Signing;

namespace IotOps.Emulator.S3;

/// <summary>Multipart uploads, from beginning to completion or abort.</summary>
internal sealed class MultipartOperations(BucketStore store)
{
    private const int MaxParts = 10_000;
    private const long MinPartBytes = 5 << 20;

    public Task CreateAsync(S3Call call)
    {
        Bucket bucket = store.Bucket(call.Bucket);
        string? algorithm = call.Header("x-amz-checksum-algorithm")?.ToLowerInvariant();
        string? type = call.Header("x-amz-checksum-type");
        if (algorithm is not null)
        {
            using var known = Checksum.Create(algorithm);
        }

        bool isComposite = type is null ? algorithm != "crc64nvme" : type != "FULL_OBJECT";
        if (algorithm is not null && (isComposite ? algorithm == "crc64nvme" : !Checksum.IsCrc(algorithm)))
        {
            throw new Refusal(400, "InvalidRequest", $"The {type} checksum type cannot be used with the {algorithm} checksum algorithm.");
        }

        var upload = new MultipartUpload(Guid.NewGuid().ToString("N"), call.Key, store.Now, ObjectHeaders.Of(call))
        {
            ChecksumAlgorithm = algorithm,
            IsComposite = isComposite,
        };
        bucket.Begin(upload);
        if (algorithm is not null)
        {
            call.Response.Headers["x-amz-checksum-algorithm"] = algorithm.ToUpperInvariant();
            call.Response.Headers["x-amz-checksum-type"] = isComposite ? "COMPOSITE" : "FULL_OBJECT";
        }

        return S3Answer.WriteXmlAsync(call, "InitiateMultipartUploadResult", xml =>
        {
            xml.WriteElementString("Bucket", call.Bucket);
            xml.WriteElementString("Key", call.Key);
            xml.WriteElementString("UploadId", upload.Id);
        });
    }

    public async Task UploadPartAsync(S3Call call)
    {
        (Bucket bucket, MultipartUpload upload, int number) = Part(call);
        ReceivedBody body = await ReceivedBody.ReadAsync(call, store.Blobs, upload.ChecksumAlgorithm).ConfigureAwait(false);
        var part = new UploadPart(number, body.Blob, body.Md5, body.Checksum, store.Now);
        bucket.Add(upload, part);
        call.Response.Headers.ETag = part.ETag;
        ObjectOperations.WriteChecksum(call, part.Checksum);
        await S3Answer.WriteEmptyAsync(call, 200).ConfigureAwait(false);
    }

    public async Task UploadPartCopyAsync(S3Call call)
    {
        (Bucket bucket, MultipartUpload upload, int number) = Part(call);
        (StoredObject source, _) = ObjectOperations.Source(call, store);
        ByteRange range = ByteRange.Parse(call.Header("x-amz-copy-source-range"), source.Blob.Length) ?? new ByteRange(0, source.Blob.Length);
        Blob blob = await store.Blobs.SliceAsync(source.Blob, range.Offset, range.Count, call.Aborted).ConfigureAwait(false);
        byte[] md5 = await BlobChecksum.ComputeAsync(blob, "md5", call.Aborted).ConfigureAwait(false);
        ObjectChecksum? checksum = upload.ChecksumAlgorithm is { } algorithm
            ? new ObjectChecksum(algorithm, Convert.ToBase64String(await BlobChecksum.ComputeAsync(blob, algorithm, call.Aborted).ConfigureAwait(false)), IsComposite: false)
            : null;
        var part = new UploadPart(number, blob, md5, checksum, store.Now);
        bucket.Add(upload, part);
        await S3Answer.WriteXmlAsync(call, "CopyPartResult", xml =>
        {
            xml.WriteElementString("LastModified", S3Time.Format(part.LastModified));
            xml.WriteElementString("ETag", part.ETag);
        }).ConfigureAwait(false);
    }

    public async Task CompleteAsync(S3Call call)
    {
        Bucket bucket = store.Bucket(call.Bucket);
        string id = call.Query.Find("uploadId")!;
        XElement root = await S3Xml.ReadAsync(call, "CompleteMultipartUpload").ConfigureAwait(false);

        // A client that lost the answer asks again and is told the same.
        if (bucket.CompletedETag(id) is { } known && bucket.Find(call.Key) is { } existing && existing.ETag == known)
        {
            await WriteCompletedAsync(call, existing).ConfigureAwait(false);
            return;
        }

        MultipartUpload upload = bucket.Upload(call.Key, id);
        List<UploadPart> parts = Chosen(root, upload, bucket.Parts(upload));
        Blob blob = await store.Blobs.JoinAsync([.. parts.Select(p => p.Blob)], call.Aborted).ConfigureAwait(false);
        var stored = new StoredObject
        {
            Key = upload.Key,
            Blob = blob,
            ETag = $"\"{Hex.Encode(Sum("md5", parts.Select(p => p.Md5)))}-{parts.Count}\"",
            LastModified = store.Now,
            Headers = upload.Headers,
            Checksum = await ObjectChecksumAsync(upload, parts, blob, call.Aborted).ConfigureAwait(false),
            PartSizes = [.. parts.Select(p => p.Blob.Length)],
        };
        CheckWhole(call, stored);
        bucket.Put(stored, present => ObjectConditions.CheckWrite(call, present));
        bucket.End(upload, stored.ETag);
        await WriteCompletedAsync(call, stored).ConfigureAwait(false);
    }

    public Task AbortAsync(S3Call call)
    {
        Bucket bucket = store.Bucket(call.Bucket);
        bucket.End(bucket.Upload(call.Key, call.Query.Find("uploadId")!), completedETag: null);
        return S3Answer.WriteEmptyAsync(call, 204);
    }

    public Task ListPartsAsync(S3Call call)
    {
        Bucket bucket = store.Bucket(call.Bucket);
        MultipartUpload upload = bucket.Upload(call.Key, call.Query.Find("uploadId")!);
        int marker = call.Number("part-number-marker", 0, MaxParts);
        int max = call.Number("max-parts", 1_000, 1_000);
        UploadPart[] after = [.. bucket.Parts(upload).Where(p => p.Number > marker)];
        UploadPart[] shown = [.. after.Take(max)];
        return S3Answer.WriteXmlAsync(call, "ListPartsResult", xml =>
        {
            xml.WriteElementString("Bucket", call.Bucket);
            xml.WriteElementString("Key", call.Key);
            xml.WriteElementString("UploadId", upload.Id);
            xml.WriteElementString("PartNumberMarker", marker.ToString());
            xml.WriteElementString("NextPartNumberMarker", (shown.LastOrDefault()?.Number ?? marker).ToString());
            xml.WriteElementString("MaxParts", max.ToString());
            xml.WriteElementString("IsTruncated", shown.Length < after.Length ? "true" : "false");
            foreach (UploadPart part in shown)
            {
                xml.WriteStartElement("Part");
                xml.WriteElementString("PartNumber", part.Number.ToString());
                xml.WriteElementString("LastModified", S3Time.Format(part.LastModified));
                xml.WriteElementString("ETag", part.ETag);
                xml.WriteElementString("Size", part.Blob.Length.ToString());
                WriteChecksumElement(xml, part.Checksum);
                xml.WriteEndElement();
            }
        });
    }

    public Task ListUploadsAsync(S3Call call)
    {
        string prefix = call.Query.Find("prefix") ?? "";
        MultipartUpload[] uploads = [.. store.Bucket(call.Bucket).Uploads().Where(u => u.Key.StartsWith(prefix, StringComparison.Ordinal))];
        return S3Answer.WriteXmlAsync(call, "ListMultipartUploadsResult", xml =>
        {
            xml.WriteElementString("Bucket", call.Bucket);
            xml.WriteElementString("Prefix", prefix);
            xml.WriteElementString("MaxUploads", "1000");
            xml.WriteElementString("IsTruncated", "false");
            foreach (MultipartUpload upload in uploads)
            {
                xml.WriteStartElement("Upload");
                xml.WriteElementString("Key", upload.Key);
                xml.WriteElementString("UploadId", upload.Id);
                xml.WriteElementString("StorageClass", "STANDARD");
                xml.WriteElementString("Initiated", S3Time.Format(upload.Initiated));
                xml.WriteEndElement();
            }
        });
    }

    private (Bucket Bucket, MultipartUpload Upload, int Number) Part(S3Call call)
    {
        Bucket bucket = store.Bucket(call.Bucket);
        string text = call.Query.Find("partNumber") ?? "";
        if (!int.TryParse(text, out int number) || number is < 1 or > MaxParts)
        {
            throw S3Errors.InvalidArgument("partNumber", text, "Part number must be an integer between 1 and 10000, inclusive");
        }

        return (bucket, bucket.Upload(call.Key, call.Query.Find("uploadId")!), number);
    }

    private static List<UploadPart> Chosen(XElement root, MultipartUpload upload, IReadOnlyList<UploadPart> uploaded)
    {
        XNamespace ns = root.Name.Namespace;
        var chosen = new List<UploadPart>();
        foreach (XElement element in root.Elements(ns + "Part"))
        {
            if (!int.TryParse((string?)element.Element(ns + "PartNumber"), out int number))
            {
                throw S3Errors.MalformedXml();
            }

            if (chosen.Count > 0 && number <= chosen[^1].Number)
            {
                throw new Refusal(400, "InvalidPartOrder", "The list of parts was not in ascending order. Parts must be ordered by part number.")
                {
                    Details = [new("UploadId", upload.Id)],
                };
            }

            string etag = ((string?)element.Element(ns + "ETag") ?? "").Trim('"');
            UploadPart? part = uploaded.FirstOrDefault(p => p.Number == number);
            string? checksum = part?.Checksum is { } own ? (string?)element.Element(ns + ElementName(own)) : null;
            if (part is null || part.ETag.Trim('"') != etag || (checksum is not null && checksum != part.Checksum!.Value))
            {
                throw new Refusal(400, "InvalidPart", "One or more of the specified parts could not be found. The part may not have been uploaded, or the specified entity tag may not match the part's entity tag.")
                {
                    Details = [new("UploadId", upload.Id), new("PartNumber", number.ToString()), new("ETag", etag)],
                };
            }

            chosen.Add(part);
        }

        if (chosen.Count == 0)
        {
            throw S3Errors.MalformedXml();
        }

        if (chosen.SkipLast(1).FirstOrDefault(p => p.Blob.Length < MinPartBytes) is { } small)
        {
            throw new Refusal(400, "EntityTooSmall", "Your proposed upload is smaller than the minimum allowed size")
            {
                Details =
                [
                    new("ProposedSize", small.Blob.Length.ToString()),
                    new("MinSizeAllowed", MinPartBytes.ToString()),
                    new("PartNumber", small.Number.ToString()),
                    new("ETag", small.ETag),
                ],
            };
        }

        return chosen;
    }

    private static async Task<ObjectChecksum?> ObjectChecksumAsync(
        MultipartUpload upload, List<UploadPart> parts, Blob blob, CancellationToken cancellationToken)
    {
        if (upload.ChecksumAlgorithm is not { } algorithm)
        {
            return null;
        }

        if (!upload.IsComposite)
        {
            return new ObjectChecksum(algorithm, Convert.ToBase64String(await BlobChecksum.ComputeAsync(blob, algorithm, cancellationToken).ConfigureAwait(false)), IsComposite: false);
        }

        byte[] sum = Sum(algorithm, parts.Select(p => Convert.FromBase64String(p.Checksum!.Value)));
        return new ObjectChecksum(algorithm, $"{Convert.ToBase64String(sum)}-{parts.Count}", IsComposite: true);
    }

    private static void CheckWhole(S3Call call, StoredObject stored)
    {
        bool isWrong = stored.Checksum is { } checksum
            && call.Header($"x-amz-checksum-{checksum.Algorithm}") is { } sent
            && sent != checksum.Value;
        bool isShort = long.TryParse(call.Header("x-amz-mp-object-size"), out long size) && size != stored.Blob.Length;
        if (isWrong || isShort)
        {
            throw new Refusal(400, isWrong ? "BadDigest" : "InvalidRequest", isWrong
                ? $"The {stored.Checksum!.Algorithm} you specified did not match the calculated checksum."
                : "The provided 'x-amz-mp-object-size' header value does not match what was computed.");
        }
    }

    private static Task WriteCompletedAsync(S3Call call, StoredObject stored) =>
        S3Answer.WriteXmlAsync(call, "CompleteMultipartUploadResult", xml =>
        {
            xml.WriteElementString("Location", $"http://{call.Request.Host}/{call.Bucket}/{UriCoding.Encode(stored.Key, keepSlash: true)}");
            xml.WriteElementString("Bucket", call.Bucket);
            xml.WriteElementString("Key", stored.Key);
            xml.WriteElementString("ETag", stored.ETag);
            WriteChecksumElement(xml, stored.Checksum);
            if (stored.Checksum is { } checksum)
            {
                xml.WriteElementString("ChecksumType", checksum.Type);
            }
        });

    private static void WriteChecksumElement(XmlWriter xml, ObjectChecksum? checksum)
    {
        if (checksum is not null)
        {
            xml.WriteElementString(ElementName(checksum), checksum.Value);
        }
    }

    private static string ElementName(ObjectChecksum checksum) => "Checksum" + checksum.Algorithm.ToUpperInvariant();

    private static byte[] Sum(string algorithm, IEnumerable<byte[]> values)
    {
        using var checksum = Checksum.Create(algorithm);
        foreach (byte[] value in values)
        {
            checksum.Append(value);
        }

        return checksum.Finish();
    }
}
