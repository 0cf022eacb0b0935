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

    /// <summary>Whether the source of a copy is the one meant.</summary>
    public static void CheckCopySource(S3Call call, StoredObject source)
    {
        if (call.Header("x-amz-copy-source-if-match") is { } ifMatch && !Matches(ifMatch, source.ETag))
        {
            throw Failed("x-amz-copy-source-If-Match");
        }

        if (call.Header("x-amz-copy-source-if-none-match") is { } ifNoneMatch && Matches(ifNoneMatch, source.ETag))
        {
            throw Failed("x-amz-copy-source-If-None-Match");
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
