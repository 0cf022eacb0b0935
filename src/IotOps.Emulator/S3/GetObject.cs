using IotOps.Emulator.Http;

namespace IotOps.Emulator.S3;

/// <summary>GetObject and HeadObject.</summary>
internal sealed class GetObject(BucketStore store)
{
    private static readonly string[] Overridable =
        ["content-type", "content-language", "expires", "cache-control", "content-disposition", "content-encoding"];

    public async Task ExecuteAsync(S3Call call, bool withBody)
    {
        Bucket bucket = store.Bucket(call.Bucket);
        if (!call.Query.Has("versionId") && bucket.Find(call.Key) is null)
        {
            // The commonest refusal there is, so it is not thrown: under load that is most of its cost.
            await S3Answer.WriteErrorAsync(call.Context, AskedVersion.NoSuchKey(call, bucket)).ConfigureAwait(false);
            return;
        }

        StoredObject stored = AskedVersion.Find(call, bucket);
        AskedVersion.WriteId(call, bucket, stored);
        ObjectConditions.CheckRead(call, stored);
        if (withBody && StorageClass.IsArchived(stored.StorageClass))
        {
            throw StorageClass.NotRestored(stored.StorageClass);
        }

        int? partNumber = Part(call, stored);
        ByteRange? range = partNumber is { } number ? PartRange(stored, number) : ByteRange.Parse(call.Header("Range"), stored.Blob.Length);
        if (call.LetThrough <= 0)
        {
            call.Context.Abort();
            return;
        }

        WriteHeaders(call, stored, range);
        WriteChecksum(call, stored, range, partNumber);
        if (withBody)
        {
            long offset = range?.Offset ?? 0;
            long count = range?.Count ?? stored.Blob.Length;
            await stored.Blob.CopyToAsync(call.Response.Body, offset, Math.Min(count, call.LetThrough), call.Aborted).ConfigureAwait(false);
            if (call.LetThrough < count)
            {
                await call.Response.Body.FlushAsync(call.Aborted).ConfigureAwait(false);
                call.Context.Abort();
            }
        }
    }

    private static int? Part(S3Call call, StoredObject stored)
    {
        if (call.Query.Find("partNumber") is not { } text)
        {
            return null;
        }

        if (call.Header("Range") is not null)
        {
            throw new Refusal(400, "InvalidRequest", "Cannot specify both Range header and partNumber query parameter");
        }

        int number = PartNumber.Parse(text);
        int parts = Math.Max(1, stored.PartSizes.Count);
        if (number > parts)
        {
            throw new Refusal(416, "InvalidPartNumber", "The requested partnumber is not satisfiable")
            {
                Details = [new("PartNumberRequested", text), new("ActualPartCount", parts.ToString())],
            };
        }

        if (stored.PartSizes.Count > 0)
        {
            call.Response.Headers["x-amz-mp-parts-count"] = parts.ToString();
        }

        return number;
    }

    private static ByteRange PartRange(StoredObject stored, int number) =>
        stored.PartSizes.Count == 0
            ? new ByteRange(0, stored.Blob.Length)
            : new ByteRange(stored.PartSizes.Take(number - 1).Sum(), stored.PartSizes[number - 1]);

    private static void WriteHeaders(S3Call call, StoredObject stored, ByteRange? range)
    {
        Microsoft.AspNetCore.Http.HttpResponse response = call.Response;
        response.StatusCode = range is null ? 200 : 206;
        response.ContentLength = range?.Count ?? stored.Blob.Length;
        if (range is { Count: > 0 } shown)
        {
            response.Headers.ContentRange = $"bytes {shown.Offset}-{shown.Offset + shown.Count - 1}/{stored.Blob.Length}";
        }

        response.Headers.AcceptRanges = "bytes";
        response.Headers.ETag = stored.ETag;
        response.Headers.LastModified = stored.LastModified.ToString("r");
        ObjectHeaders.WriteEncryption(call);
        if (stored.StorageClass != StorageClass.Standard)
        {
            response.Headers["x-amz-storage-class"] = stored.StorageClass;
        }

        foreach ((string name, string value) in stored.Headers)
        {
            response.Headers[name] = HeaderText.Encode(value);
        }

        foreach (string name in Overridable)
        {
            if (call.Query.Find("response-" + name) is { } value)
            {
                response.Headers[name] = HeaderText.Checked("response-" + name, value);
            }
        }

        if (stored.Tags.Count > 0)
        {
            response.Headers["x-amz-tagging-count"] = stored.Tags.Count.ToString();
        }
    }

    // A part has a checksum of its own where the object's is made of them, and the object's where it is the whole of it. A range has none.
    private static void WriteChecksum(S3Call call, StoredObject stored, ByteRange? range, int? partNumber)
    {
        if (stored.Checksum is not { } checksum || !string.Equals(call.Header("x-amz-checksum-mode"), "ENABLED", StringComparison.OrdinalIgnoreCase))
        {
            return;
        }

        if (partNumber is { } number && stored.PartChecksums.Count > 0)
        {
            ObjectHeaders.WriteChecksum(call, checksum with { Value = stored.PartChecksums[number - 1] });
        }
        else if (range is null || (partNumber is not null && stored.PartSizes.Count <= 1))
        {
            ObjectHeaders.WriteChecksum(call, checksum);
        }
    }
}
