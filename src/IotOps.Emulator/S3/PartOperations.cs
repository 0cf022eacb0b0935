using System.Globalization;
using IotOps.Emulator.Http;

namespace IotOps.Emulator.S3;

/// <summary>The parts of multipart uploads: upload, copy, list.</summary>
internal sealed class PartOperations(BucketStore store)
{
    public async Task UploadAsync(S3Call call)
    {
        (Bucket bucket, MultipartUpload upload, int number) = Target(call);
        AnnouncedChecksum? announced = AnnouncedChecksum.Of(call);
        CheckAlgorithm(upload, announced);
        ReceivedBody body = await ReceivedBody.ReadAsync(call, store.Blobs, announced, upload.ChecksumAlgorithm).ConfigureAwait(false);
        var part = new UploadPart(number, body.Blob, body.Md5, upload.ChecksumAlgorithm is null ? null : body.Checksum, store.Now);
        bucket.Uploads.Add(upload, part);
        call.Response.Headers.ETag = part.ETag;
        ObjectHeaders.WriteEncryption(call);
        ObjectHeaders.WriteChecksumOfPart(call, body.Checksum);
        await S3Answer.WriteEmptyAsync(call, 200).ConfigureAwait(false);
    }

    public async Task CopyAsync(S3Call call)
    {
        (Bucket bucket, MultipartUpload upload, int number) = Target(call);
        var found = CopySource.Find(call, store);
        StoredObject source = found.Object;
        ByteRange range = Range(call.Header("x-amz-copy-source-range"), source.Blob.Length);
        Blob blob = await store.Blobs.SliceAsync(source.Blob, range.Offset, range.Count, call.Aborted).ConfigureAwait(false);
        byte[] md5 = await BlobChecksum.ComputeAsync(blob, "md5", call.Aborted).ConfigureAwait(false);
        ObjectChecksum? checksum = upload.ChecksumAlgorithm is { } algorithm
            ? await ObjectChecksum.OfAsync(blob, algorithm, call.Aborted).ConfigureAwait(false)
            : null;
        var part = new UploadPart(number, blob, md5, checksum, store.Now);
        bucket.Uploads.Add(upload, part);
        found.WriteId(call);
        ObjectHeaders.WriteEncryption(call);
        await S3Answer.WriteXmlAsync(call, "CopyPartResult", xml =>
        {
            xml.WriteElementString("LastModified", S3Time.Format(part.LastModified));
            xml.WriteElementString("ETag", part.ETag);
            part.Checksum?.Write(xml, withType: false);
        }).ConfigureAwait(false);
    }

    public Task ListAsync(S3Call call)
    {
        Bucket bucket = store.Bucket(call.Bucket);
        MultipartUpload upload = bucket.Uploads.Find(call.Key, call.Query.Find("uploadId")!);
        int marker = call.Number("part-number-marker", 0, PartNumber.Max);
        int max = call.Number("max-parts", 1_000, 1_000);
        UploadPart[] after = [.. bucket.Uploads.Parts(upload).Where(p => p.Number > marker)];
        UploadPart[] shown = [.. after.Take(max)];
        return S3Answer.WriteXmlAsync(call, "ListPartsResult", xml =>
        {
            xml.WriteElementString("Bucket", call.Bucket);
            xml.WriteElementString("Key", call.Key);
            xml.WriteElementString("UploadId", upload.Id);
            S3Owner.Write(xml, "Initiator");
            S3Owner.Write(xml, "Owner");
            xml.WriteElementString("StorageClass", upload.StorageClass);
            xml.WriteElementString("PartNumberMarker", marker.ToString());
            xml.WriteElementString("NextPartNumberMarker", (shown.LastOrDefault()?.Number ?? 0).ToString());
            xml.WriteElementString("MaxParts", max.ToString());
            xml.WriteElementString("IsTruncated", shown.Length < after.Length ? "true" : "false");
            ListUploads.WriteChecksum(xml, upload);
            foreach (UploadPart part in shown)
            {
                xml.WriteStartElement("Part");
                xml.WriteElementString("PartNumber", part.Number.ToString());
                xml.WriteElementString("LastModified", S3Time.Format(part.LastModified));
                xml.WriteElementString("ETag", part.ETag);
                xml.WriteElementString("Size", part.Blob.Length.ToString());
                part.Checksum?.Write(xml, withType: false);
                xml.WriteEndElement();
            }
        });
    }

    private (Bucket Bucket, MultipartUpload Upload, int Number) Target(S3Call call)
    {
        Bucket bucket = store.Bucket(call.Bucket);
        int number = PartNumber.Parse(call.Query.Find("partNumber") ?? "");
        return (bucket, bucket.Uploads.Find(call.Key, call.Query.Find("uploadId")!), number);
    }

    // To an upload that announced no algorithm parts may come with any: it is held against the part and forgotten.
    private static void CheckAlgorithm(MultipartUpload upload, AnnouncedChecksum? announced)
    {
        string? expected = upload.ChecksumAlgorithm;
        bool mayBeMissing = expected is null || !upload.IsComposite;
        if (announced is null ? !mayBeMissing : expected is not null && expected != announced.Algorithm)
        {
            throw new Refusal(400, "InvalidRequest", $"Checksum Type mismatch occurred, expected checksum Type: {expected}, actual checksum Type: {announced?.Algorithm ?? "null"}");
        }
    }

    // Unlike Range, which is ignored when it cannot be read and cut to what is there.
    private static ByteRange Range(string? header, long length)
    {
        if (header is null)
        {
            return new ByteRange(0, length);
        }

        string[] ends = header.StartsWith("bytes=", StringComparison.Ordinal) ? header["bytes=".Length..].Split('-') : [];
        if (ends.Length != 2 || !TryNumber(ends[0], out long first) || !TryNumber(ends[1], out long last) || last < first)
        {
            throw S3Errors.InvalidArgument(
                "x-amz-copy-source-range",
                header,
                "The x-amz-copy-source-range value must be of the form bytes=first-last where first and last are the zero-based offsets of the first and last bytes to copy");
        }

        return last < length
            ? new ByteRange(first, last - first + 1)
            : throw S3Errors.InvalidArgument("x-amz-copy-source-range", header, $"Range specified is not valid for source object of size: {length}");
    }

    private static bool TryNumber(string text, out long number) => long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out number);
}
