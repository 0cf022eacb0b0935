using System.Net;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using Amazon.Runtime;
using IotOps.Aws.Signing;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace IotOps.Aws;

/// <summary>
/// Signs every request that passes with AWS Signature Version 4. Put it above any transport, under any HttpClient.
/// Safe for concurrent use.
/// </summary>
/// <remarks>
/// The body is hashed before it is sent: it is buffered for that unless its hash is told through <see cref="PayloadHash"/>.
/// The handler learns how far the local clock is off from the service's <c>Date</c> header when the service refuses a
/// request and the two differ by more than 4 minutes; the refused request itself is the caller's to send again.
/// </remarks>
public sealed class SigV4Handler : DelegatingHandler
{
    /// <summary>Set on a request: its payload hash in lower-case hex, or <see cref="SigV4Request.UnsignedPayload"/>.</summary>
    public static readonly HttpRequestOptionsKey<string> PayloadHash = new("IotOps.Aws.PayloadHash");

    /// <summary>Access key id that signed a request; so that a refusal can be told from one of keys long replaced.</summary>
    internal static readonly HttpRequestOptionsKey<string> SignedBy = new("IotOps.Aws.SignedBy");

    // AWS services take 5 minutes. What is within 4 is not why a request was refused.
    private static readonly TimeSpan ToleratedSkew = TimeSpan.FromMinutes(4);

    private readonly SigV4Signer _signer;
    private readonly AWSCredentials _credentials;
    private readonly TimeProvider _timeProvider;
    private readonly ILogger _logger;
    private long _skewTicks;

    /// <summary>Makes a handler; set <see cref="DelegatingHandler.InnerHandler"/> before use.</summary>
    /// <param name="credentials">Who signs; asked at every request.</param>
    /// <param name="region">Region of the credential scope.</param>
    /// <param name="service">Signing name of the service, such as <c>logs</c>.</param>
    /// <param name="timeProvider">The local clock; null takes the system's.</param>
    /// <param name="logger">Told of clock skew.</param>
    public SigV4Handler(
        AWSCredentials credentials, string region, string service, TimeProvider? timeProvider = null, ILogger? logger = null)
    {
        ArgumentNullException.ThrowIfNull(credentials);
        _credentials = credentials;
        _signer = new SigV4Signer(region, service);
        _timeProvider = timeProvider ?? TimeProvider.System;
        _logger = logger ?? NullLogger.Instance;
    }

    /// <summary>What to add to the local clock to get the service's time; zero until learnt.</summary>
    public TimeSpan ClockSkew => TimeSpan.FromTicks(Interlocked.Read(ref _skewTicks));

    /// <inheritdoc/>
    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        Uri uri = request.RequestUri is { IsAbsoluteUri: true } absolute
            ? absolute
            : throw new InvalidOperationException("Only a request with an absolute URI can be signed.");

        string payloadHash = request.Options.TryGetValue(PayloadHash, out string? known)
            ? known
            : await HashAsync(request.Content, cancellationToken).ConfigureAwait(false);
        ImmutableCredentials credentials = await _credentials.GetCredentialsAsync().ConfigureAwait(false);
        cancellationToken.ThrowIfCancellationRequested();

        Sign(request, uri, payloadHash, credentials);
        HttpResponseMessage response = await base.SendAsync(request, cancellationToken).ConfigureAwait(false);
        LearnSkew(response);
        return response;
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            _signer.Dispose();
        }

        base.Dispose(disposing);
    }

    private static async Task<string> HashAsync(HttpContent? content, CancellationToken cancellationToken)
    {
        if (content is null)
        {
            return SigV4Request.EmptyPayloadHash;
        }

        await content.LoadIntoBufferAsync(cancellationToken).ConfigureAwait(false);
        Stream body = await content.ReadAsStreamAsync(cancellationToken).ConfigureAwait(false);
        byte[] digest = await SHA256.HashDataAsync(body, cancellationToken).ConfigureAwait(false);

        // The content sends its buffer from the start, wherever this reader stands; a seekable one is put back all the same.
        if (body.CanSeek)
        {
            body.Position = 0;
        }

        return Convert.ToHexStringLower(digest);
    }

    private void Sign(HttpRequestMessage request, Uri uri, string payloadHash, ImmutableCredentials credentials)
    {
        string pathAndQuery = uri.PathAndQuery;
        int question = pathAndQuery.IndexOf('?', StringComparison.Ordinal);
        SigV4Signature signature = _signer.Sign(
            new SigV4Request
            {
                Method = request.Method.Method,
                Path = question < 0 ? pathAndQuery : pathAndQuery[..question],
                Query = question < 0 ? string.Empty : pathAndQuery[(question + 1)..],
                Headers = SignedHeaders.Of(request, uri),
                PayloadHash = payloadHash,
            },
            credentials,
            _timeProvider.GetUtcNow() + ClockSkew);

        HttpRequestHeaders headers = request.Headers;
        Replace(headers, "X-Amz-Date", signature.Date);
        Replace(headers, "X-Amz-Security-Token", signature.SecurityToken);
        Replace(headers, "X-Amz-Content-SHA256", signature.ContentSha256);
        Replace(headers, "Authorization", signature.Authorization);
        request.Options.Set(SignedBy, credentials.AccessKey);
    }

    private static void Replace(HttpRequestHeaders headers, string name, string? value)
    {
        headers.Remove(name);
        if (value is not null)
        {
            headers.TryAddWithoutValidation(name, value);
        }
    }

    private void LearnSkew(HttpResponseMessage response)
    {
        if (response.StatusCode is not (HttpStatusCode.BadRequest or HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden)
            || response.Headers.Date is not { } serviceTime)
        {
            return;
        }

        DateTimeOffset now = _timeProvider.GetUtcNow();
        TimeSpan old = ClockSkew;
        if ((serviceTime - (now + old)).Duration() > ToleratedSkew)
        {
            TimeSpan learnt = serviceTime - now;
            Interlocked.Exchange(ref _skewTicks, learnt.Ticks);
            Log.ClockSkewLearnt(_logger, learnt, _signer.Service, serviceTime, now);
        }
    }
}
