using System.Net;
using IotOps.Aws;

namespace IotOps.SlackExport.Requests;

/// <summary>
/// Small documents in one bucket, by signed calls without the S3 SDK, whose start would be most of a cold function's first answer.
/// Safe for concurrent use.
/// </summary>
/// <param name="client">Calls S3.</param>
/// <param name="bucket">The bucket.</param>
/// <param name="timeProvider">Clock of the pause after a conflict.</param>
internal sealed class S3Documents(AwsClient client, string bucket, TimeProvider timeProvider)
{
    private const int ConflictRetries = 5;
    private static readonly TimeSpan ConflictPause = TimeSpan.FromMilliseconds(50);

    // AWS's own endpoints have the bucket in the host name; a dot in it would not fit their certificate.
    private readonly bool _virtualHosted =
        client.Endpoint.Scheme == Uri.UriSchemeHttps && AwsEndpoint.IsAws(client.Endpoint) && !bucket.Contains('.', StringComparison.Ordinal);

    /// <summary>A document; null when there is none.</summary>
    /// <exception cref="AwsException">S3 refused, or stayed out of reach for every attempt.</exception>
    public async Task<byte[]?> FindAsync(string key, CancellationToken cancellationToken) =>
        (await FindTaggedAsync(key, cancellationToken).ConfigureAwait(false))?.Content;

    /// <summary>A document and its version's tag; null when there is none.</summary>
    /// <exception cref="AwsException">S3 refused, or stayed out of reach for every attempt.</exception>
    public async Task<TaggedDocument?> FindTaggedAsync(string key, CancellationToken cancellationToken)
    {
        try
        {
            AwsResponse response = await client.SendAsync(Request("GetObject", HttpMethod.Get, key), cancellationToken).ConfigureAwait(false);
            return new TaggedDocument(response.Body.ToArray(), response.Headers.GetValueOrDefault("ETag") ?? "");
        }
        catch (AwsException e) when (e.StatusCode == HttpStatusCode.NotFound && e.Code != "NoSuchBucket")
        {
            return null;
        }
    }

    /// <summary>Writes a document, whether there is one or not.</summary>
    /// <exception cref="AwsException">S3 refused, or stayed out of reach for every attempt.</exception>
    public Task WriteAsync(string key, ReadOnlyMemory<byte> content, CancellationToken cancellationToken) =>
        client.SendAsync(Request("PutObject", HttpMethod.Put, key) with { Body = content }, cancellationToken);

    /// <summary>Writes a document if its present version still has that tag, or, for null, if there is none. False when another caller wrote or deleted it meanwhile.</summary>
    /// <exception cref="AwsException">S3 refused, or stayed out of reach for every attempt.</exception>
    public async Task<bool> TryReplaceAsync(string key, string? tag, ReadOnlyMemory<byte> content, CancellationToken cancellationToken)
    {
        KeyValuePair<string, string> condition = tag is null ? new("If-None-Match", "*") : new("If-Match", tag);
        try
        {
            await client.SendAsync(Request("PutObject", HttpMethod.Put, key) with { Body = content, Headers = [condition] }, cancellationToken).ConfigureAwait(false);
            return true;
        }
        catch (AwsException e) when (e is { StatusCode: HttpStatusCode.PreconditionFailed or HttpStatusCode.Conflict } or { StatusCode: HttpStatusCode.NotFound, Code: "NoSuchKey" })
        {
            return false;
        }
    }

    /// <summary>Deletes a document; nothing happens when there is none.</summary>
    /// <exception cref="AwsException">S3 refused, or stayed out of reach for every attempt.</exception>
    public Task DeleteAsync(string key, CancellationToken cancellationToken) =>
        client.SendAsync(Request("DeleteObject", HttpMethod.Delete, key), cancellationToken);

    /// <summary>Writes a document unless there is one: of all callers, in whatever processes, one gets true.</summary>
    /// <param name="key">The key.</param>
    /// <param name="content">Content that no other caller writes: it tells a lost answer to this call from another caller's document.</param>
    /// <param name="cancellationToken">Ends the wait; the document may be written.</param>
    /// <exception cref="AwsException">S3 refused, or stayed out of reach for every attempt.</exception>
    public async Task<bool> TryCreateAsync(string key, ReadOnlyMemory<byte> content, CancellationToken cancellationToken)
    {
        AwsRequest request = Request("PutObject", HttpMethod.Put, key) with { Body = content, Headers = [new("If-None-Match", "*")] };
        for (int attempt = 0; ; attempt++)
        {
            try
            {
                await client.SendAsync(request, cancellationToken).ConfigureAwait(false);
                return true;
            }
            catch (AwsException e) when (e.StatusCode == HttpStatusCode.PreconditionFailed)
            {
                // A repeated call is refused for the document that its first attempt wrote.
                return await FindAsync(key, cancellationToken).ConfigureAwait(false) is { } present && content.Span.SequenceEqual(present);
            }
            catch (AwsException e) when (e.StatusCode == HttpStatusCode.Conflict && attempt < ConflictRetries)
            {
                // Two conditional writes met; S3 decided for neither and wants the call repeated.
                await Task.Delay(ConflictPause, timeProvider, cancellationToken).ConfigureAwait(false);
            }
        }
    }

    private AwsRequest Request(string operation, HttpMethod method, string key) => new()
    {
        Operation = operation,
        Method = method,
        HostPrefix = _virtualHosted ? bucket + "." : null,
        Path = _virtualHosted ? $"/{key}" : $"/{bucket}/{key}",
    };
}
