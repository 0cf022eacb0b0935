using Amazon.S3;
using Amazon.S3.Model;

namespace IotOps.Archive.Exporting;

/// <summary>Makes links that need no credentials, and knows how long they live.</summary>
internal sealed class LinkSigner(LogExporterOptions options)
{
    // Uri.ToString() unescapes what was signed escaped, so that a link printed with it would be refused.
    private static readonly UriCreationOptions AsSigned = new() { DangerousDisablePathAndQueryCanonicalization = true };

    /// <summary>An outcome as its user sees it.</summary>
    public async Task<LogExportResult> ResultAsync(ExportOutcome outcome)
    {
        var result = new LogExportResult
        {
            Message = outcome.Message,
            Records = outcome.Records,
            Objects = outcome.Objects,
            SourceBytes = outcome.SourceBytes,
            LeftOut = outcome.LeftOut,
            RestoreHint = outcome.RestoreHint,
            SkippedObjects = outcome.SkippedObjects,
            Skipped = outcome.Skipped,
            Unreadable = outcome.Unreadable,
        };
        if (outcome.Key is not { } key)
        {
            return result;
        }

        PresignedLink link = await SignAsync(key).ConfigureAwait(false);
        return result with { Key = key, Url = link.Url, ExpiresAt = link.ExpiresAt, Bytes = outcome.Bytes };
    }

    /// <summary>A link to an object, whether it is there or not.</summary>
    public async Task<PresignedLink> SignAsync(string key)
    {
        DateTimeOffset now = options.TimeProvider.GetUtcNow();
        DateTimeOffset expiresAt = now + options.LinkValidity;
        if (await CredentialsEndAsync().ConfigureAwait(false) is { } end && end < expiresAt)
        {
            // A link dies with the keys that signed it, whatever it says itself.
            expiresAt = end > now ? end : now + TimeSpan.FromSeconds(1);
        }

        var request = new GetPreSignedUrlRequest
        {
            BucketName = options.OutputBucket ?? options.Bucket,
            Key = key,
            Verb = HttpVerb.GET,
            Expires = expiresAt.UtcDateTime,
            Protocol = options.S3.Config?.ServiceURL?.StartsWith("http://", StringComparison.OrdinalIgnoreCase) == true ? Protocol.HTTP : Protocol.HTTPS,
        };
        request.ResponseHeaderOverrides.ContentDisposition = $"attachment; filename=\"{key[(key.LastIndexOf('/') + 1)..]}\"";
        string link = await options.S3.GetPreSignedURLAsync(request).ConfigureAwait(false);
        return new PresignedLink(new Uri(link, AsSigned), Seconds(expiresAt));
    }

    private static DateTimeOffset Seconds(DateTimeOffset time) => DateTimeOffset.FromUnixTimeSeconds(time.ToUnixTimeSeconds());

    private async Task<DateTimeOffset?> CredentialsEndAsync()
    {
        if (options.Credentials is null)
        {
            return null;
        }

        // Asked first, so that keys near their end are renewed.
        await options.Credentials.GetCredentialsAsync().ConfigureAwait(false);
        return options.Credentials.Expiration is { } end ? new DateTimeOffset(end.ToUniversalTime()) : null;
    }
}
