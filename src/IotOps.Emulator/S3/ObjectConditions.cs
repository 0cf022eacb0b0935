using System.Globalization;
using IotOps.Emulator.Http;

namespace IotOps.Emulator.S3;

/// <summary>If-Match and its like.</summary>
internal static class ObjectConditions
{
    /// <summary>Whether a read may go on: 304 or 412 otherwise.</summary>
    public static void CheckRead(S3Call call, StoredObject stored)
    {
        string? ifMatch = call.Header("If-Match");
        if (ifMatch is not null ? !Matches(ifMatch, stored.ETag) : Date(call, "If-Unmodified-Since") < stored.LastModified)
        {
            throw Failed(ifMatch is not null ? "If-Match" : "If-Unmodified-Since");
        }

        string? ifNoneMatch = call.Header("If-None-Match");
        if (ifNoneMatch is not null ? Matches(ifNoneMatch, stored.ETag) : Date(call, "If-Modified-Since") >= stored.LastModified)
        {
            call.Response.Headers.ETag = stored.ETag;
            throw new Refusal(304, "NotModified", "Not Modified");
        }
    }

    /// <summary>Whether a write may replace what is there.</summary>
    public static void CheckWrite(S3Call call, StoredObject? present)
    {
        if (call.Header("If-None-Match") is { } ifNoneMatch)
        {
            if (ifNoneMatch != "*")
            {
                throw new Refusal(501, "NotImplemented", "A header you provided implies functionality that is not implemented: If-None-Match other than *");
            }

            if (present is not null)
            {
                throw Failed("If-None-Match");
            }
        }

        if (call.Header("If-Match") is { } ifMatch)
        {
            if (present is null)
            {
                throw S3Errors.NoSuchKey(call.Key);
            }

            if (!Matches(ifMatch, present.ETag))
            {
                throw Failed("If-Match");
            }
        }
    }

    /// <summary>Whether an object may be deleted: it is the one meant.</summary>
    /// <param name="etag">The ETag it has to have, or * for any; null asks for nothing.</param>
    /// <param name="key">Its key.</param>
    /// <param name="present">What is there.</param>
    public static void CheckDelete(string? etag, string key, StoredObject? present)
    {
        if (etag is null)
        {
            return;
        }

        if (present is null)
        {
            throw S3Errors.NoSuchKey(key);
        }

        if (!Matches(etag, present.ETag))
        {
            throw Failed("If-Match");
        }
    }

    /// <summary>Whether the source of a copy is the one meant. Of an ETag and a date that disagree the ETag counts.</summary>
    public static void CheckCopySource(S3Call call, StoredObject source)
    {
        string? ifMatch = call.Header("x-amz-copy-source-if-match");
        if (ifMatch is not null ? !Matches(ifMatch, source.ETag) : Date(call, "x-amz-copy-source-if-unmodified-since") < source.LastModified)
        {
            throw Failed(ifMatch is not null ? "x-amz-copy-source-If-Match" : "x-amz-copy-source-If-Unmodified-Since");
        }

        string? ifNoneMatch = call.Header("x-amz-copy-source-if-none-match");
        if (ifNoneMatch is not null ? Matches(ifNoneMatch, source.ETag) : Date(call, "x-amz-copy-source-if-modified-since") >= source.LastModified)
        {
            throw Failed(ifNoneMatch is not null ? "x-amz-copy-source-If-None-Match" : "x-amz-copy-source-If-Modified-Since");
        }
    }

    private static bool Matches(string condition, string etag) =>
        condition == "*" || condition.Split(',', StringSplitOptions.TrimEntries).Any(c => c.Trim('"') == etag.Trim('"'));

    private static DateTimeOffset? Date(S3Call call, string header) =>
        DateTimeOffset.TryParse(call.Header(header), CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out DateTimeOffset date)
            ? date
            : null;

    private static Refusal Failed(string condition) =>
        new(412, "PreconditionFailed", "At least one of the pre-conditions you specified did not hold") { Details = [new("Condition", condition)] };
}
