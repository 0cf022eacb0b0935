using System.Net.Http.Headers;
using Amazon.Runtime;
using IotOps.Archive.Fetching;
using IotOps.Aws;

namespace IotOps.Archive;

/// <summary>
/// Reads objects by a signed GET over HTTP and nothing more, for logs that come as very many small objects: an export
/// of them takes about a third of the CPU that it takes through the SDK (benchmarks/README.md). See <see href="https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetObject.html"/>.
/// </summary>
public sealed class SignedObjectReader : ILogObjectReader, IDisposable
{
    private readonly Uri _endpoint;
    private readonly bool _isAws;
    private readonly HttpMessageInvoker _http;
    private readonly HttpMessageHandler? _ownTransport;

    /// <summary>Makes a reader; nothing is sent yet.</summary>
    /// <param name="options">Where, and as whom.</param>
    /// <exception cref="ArgumentException">The region cannot be one.</exception>
    public SignedObjectReader(SignedObjectReaderOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentException.ThrowIfNullOrEmpty(options.Region, nameof(options));
        _endpoint = options.Endpoint ?? AwsEndpoint.Resolve(AwsService.S3, options.Region);
        _isAws = _endpoint == AwsEndpoint.OfRegion(AwsService.S3, options.Region)
            || (options.Endpoint is null && AwsEndpoint.Configured(AwsService.S3) is null);
        _ownTransport = options.Transport is null ? AwsHttpHandler.Create() : null;
        var signing = new SigV4Handler(options.Credentials ?? AwsCredentialChain.Default(), options.Region, "s3", options.TimeProvider)
        {
            InnerHandler = _ownTransport ?? options.Transport!,
        };
        _http = new HttpMessageInvoker(signing, disposeHandler: _ownTransport is not null);
    }

    /// <inheritdoc/>
    public async Task<Stream> OpenAsync(LogObject logObject, long offset, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(logObject);
        using var request = new HttpRequestMessage(HttpMethod.Get, ObjectUri.Of(_endpoint, logObject.Bucket, logObject.Key, _isAws));
        request.Headers.TryAddWithoutValidation("If-Match", logObject.ETag);
        if (offset > 0)
        {
            request.Headers.Range = new RangeHeaderValue(offset, null);
        }

        HttpResponseMessage response = await SendAsync(request, logObject, cancellationToken).ConfigureAwait(false);
        if (response.IsSuccessStatusCode && (offset == 0 || response.StatusCode == System.Net.HttpStatusCode.PartialContent))
        {
            // The stream owns the connection from here on; disposing it gives that back.
            return await response.Content.ReadAsStreamAsync(cancellationToken).ConfigureAwait(false);
        }

        using (response)
        {
            throw await GetObjectError.ReadAsync(response, logObject, cancellationToken).ConfigureAwait(false);
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _http.Dispose();
        _ownTransport?.Dispose();
    }

    private async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, LogObject logObject, CancellationToken cancellationToken)
    {
        try
        {
            return await _http.SendAsync(request, cancellationToken).ConfigureAwait(false);
        }
        catch (HttpRequestException e)
        {
            throw GetObjectError.Unreachable(logObject, e);
        }
        catch (Exception e) when (e is AmazonClientException or AmazonServiceException)
        {
            throw GetObjectError.NotSigned(logObject, e);
        }
    }
}
