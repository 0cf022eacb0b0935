using IotOps.Emulator.Http;

namespace IotOps.Emulator.S3;

/// <summary>GetObject and HeadObject.</summary>
internal sealed class GetObject(BucketStore store)
{
    private static readonly string[] Overridable =
        ["content-type", "content-language", "expires", "cache-control", "content-disposition", "content-encoding"];

    public async Task ExecuteAsync(S3Call call, bool withBody)
    {
        if (store.Bucket(call.Bucket).Find(call.Key) is not { } stored)
        {
            // The commonest refusal there is, so it is not thrown: under load that is most of its cost.
            await S3Answer.WriteErrorAsync(call.Context, S3Errors.NoSuchKey(call.Key)).ConfigureAwait(false);
            return;
        }

        ObjectConditions.CheckRead(call, stored);
        if (withBody && StorageClass.IsArchived(stored.StorageClass))
        {
            throw StorageClass.NotRestored(stored.StorageClass);
        }

        ByteRange? part = Part(call, stored);
        ByteRange? range = part ?? ByteRange.Parse(call.Header("Range"), stored.Blob.Length);
        if (call.LetThrough <= 0)
        {
            call.Context.Abort();
            return;
        }

        WriteHeaders(call, stored, range, isPart: part is not null);
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

    private static ByteRange? Part(S3Call call, StoredObject stored)
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

        if (stored.PartSizes.Count == 0)
        {
            return new ByteRange(0, stored.Blob.Length);
        }

        call.Response.Headers["x-amz-mp-parts-count"] = parts.ToString();
        return new ByteRange(stored.PartSizes.Take(number - 1).Sum(), stored.PartSizes[number - 1]);
    }

    private static void WriteHeaders(S3Call call, StoredObject stored, ByteRange? range, bool isPart)
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

        bool isWhole = range is null || (isPart && stored.PartSizes.Count == 0);
        if (isWhole && stored.Checksum is { } checksum && string.Equals(call.Header("x-amz-checksum-mode"), "ENABLED", StringComparison.OrdinalIgnoreCase))
        {
            ObjectHeaders.WriteChecksum(call, checksum);
        }
    }
}
