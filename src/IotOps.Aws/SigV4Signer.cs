using System.Globalization;
using System.Security.Cryptography;
using Amazon.Runtime;
using IotOps.Aws.Signing;

namespace IotOps.Aws;

/// <summary>
/// AWS Signature Version 4 for one region and service, over facts alone: no request is touched. Safe for concurrent use.
/// See <see href="https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv.html"/>.
/// </summary>
/// <remarks>Disposing wipes the cached signing keys.</remarks>
public sealed class SigV4Signer : IDisposable
{
    /// <summary>Longest time a presigned URL may live.</summary>
    public static readonly TimeSpan LongestPresign = TimeSpan.FromDays(7);

    private const string Algorithm = "AWS4-HMAC-SHA256";

    private readonly SigningKeyCache _keys;
    private readonly bool _isS3;

    /// <summary>Makes a signer.</summary>
    /// <param name="region">Region of the credential scope, such as <c>eu-west-1</c>.</param>
    /// <param name="service">Signing name, such as <c>logs</c>. The names of the S3 family bring S3's own rules with them.</param>
    /// <exception cref="ArgumentException">The region or the service is empty, or the region is not a name.</exception>
    public SigV4Signer(string region, string service)
    {
        ArgumentException.ThrowIfNullOrEmpty(region);
        if (!AwsRegion.IsName(region))
        {
            throw new ArgumentException(AwsRegion.Wrong(region), nameof(region));
        }

        ArgumentException.ThrowIfNullOrEmpty(service);
        Region = region;
        Service = service;
        _keys = new SigningKeyCache(region, service);
        _isS3 = service is "s3" or "s3express" or "s3-outposts" or "s3-object-lambda";
    }

    /// <summary>Region of the credential scope.</summary>
    public string Region { get; }

    /// <summary>Service of the credential scope.</summary>
    public string Service { get; }

    internal int CachedKeys => _keys.Count;

    /// <summary>Signs for the header form.</summary>
    /// <param name="request">What is sent.</param>
    /// <param name="credentials">Who signs.</param>
    /// <param name="time">The service's time; it refuses one more than 5 minutes (S3: 15) off its own.</param>
    public SigV4Signature Sign(SigV4Request request, ImmutableCredentials credentials, DateTimeOffset time)
    {
        ArgumentNullException.ThrowIfNull(request);
        ArgumentNullException.ThrowIfNull(credentials);

        string date = Timestamp(time);
        string? token = credentials.UseToken ? credentials.Token : null;
        List<SigningHeader> headers = CanonicalHeaders.Collect(request.Headers, more: 3);
        CanonicalHeaders.Add(headers, "x-amz-date", date);
        if (_isS3)
        {
            CanonicalHeaders.Add(headers, "x-amz-content-sha256", request.PayloadHash);
        }

        if (token is not null && !request.SessionTokenUnsigned)
        {
            CanonicalHeaders.Add(headers, "x-amz-security-token", token);
        }

        Span<char> signature = stackalloc char[64];
        ComputeSignature(request, request.Query, headers, credentials, date, signature);

        var authorization = new Utf8Buffer(512);
        try
        {
            authorization.Append(Algorithm);
            authorization.Append(" Credential="u8);
            authorization.Append(credentials.AccessKey);
            authorization.Append((byte)'/');
            AppendScope(ref authorization, date);
            authorization.Append(", SignedHeaders="u8);
            CanonicalHeaders.AppendNamesTo(ref authorization, headers, ";"u8);
            authorization.Append(", Signature="u8);
            authorization.Append(signature);
            return new SigV4Signature(authorization.ToString(), date, token, _isS3 ? request.PayloadHash : null);
        }
        finally
        {
            authorization.Dispose();
        }
    }

    /// <summary>Signs for the query form: a URL that works by itself until it expires.</summary>
    /// <param name="request">What will be sent. S3 takes <see cref="SigV4Request.UnsignedPayload"/> here.</param>
    /// <param name="credentials">Who signs.</param>
    /// <param name="time">The service's time.</param>
    /// <param name="lifetime">1 second to 7 days; the URL also dies with temporary credentials.</param>
    /// <returns>The whole query, the request's own parameters first, without <c>?</c>.</returns>
    public string Presign(SigV4Request request, ImmutableCredentials credentials, DateTimeOffset time, TimeSpan lifetime)
    {
        ArgumentNullException.ThrowIfNull(request);
        ArgumentNullException.ThrowIfNull(credentials);
        if (lifetime < TimeSpan.FromSeconds(1) || lifetime > LongestPresign)
        {
            throw new ArgumentOutOfRangeException(nameof(lifetime), lifetime, "A presigned URL lives between 1 second and 7 days.");
        }

        string date = Timestamp(time);
        List<SigningHeader> headers = CanonicalHeaders.Collect(request.Headers, more: 0);
        string? token = credentials.UseToken ? PercentEncoding.EncodeQuery(credentials.Token) : null;
        string query = PresignQuery(request, credentials.AccessKey, date, lifetime, headers, request.SessionTokenUnsigned ? null : token);

        Span<char> signature = stackalloc char[64];
        ComputeSignature(request, query, headers, credentials, date, signature);
        string unsignedToken = request.SessionTokenUnsigned && token is not null ? $"&X-Amz-Security-Token={token}" : string.Empty;
        return $"{query}&X-Amz-Signature={signature}{unsignedToken}";
    }

    /// <inheritdoc/>
    public void Dispose() => _keys.Dispose();

    /// <summary>The text whose hash is signed, as AWS quotes it in SignatureDoesNotMatch answers.</summary>
    internal string CanonicalRequest(SigV4Request request, string query, List<SigningHeader> headers)
    {
        var canonical = new Utf8Buffer(1024);
        try
        {
            AppendCanonicalRequest(ref canonical, request, query, headers);
            return canonical.ToString();
        }
        finally
        {
            canonical.Dispose();
        }
    }

    private static string Timestamp(DateTimeOffset time) =>
        time.UtcDateTime.ToString("yyyyMMdd'T'HHmmss'Z'", CultureInfo.InvariantCulture);

    private string PresignQuery(
        SigV4Request request, string accessKey, string date, TimeSpan lifetime, List<SigningHeader> headers, string? token)
    {
        var query = new Utf8Buffer(1024);
        try
        {
            if (request.Query.Length > 0)
            {
                query.Append(request.Query);
                query.Append((byte)'&');
            }

            query.Append("X-Amz-Algorithm="u8);
            query.Append(Algorithm);
            query.Append("&X-Amz-Credential="u8);
            query.Append(PercentEncoding.EncodeQuery(string.Create(
                CultureInfo.InvariantCulture, $"{accessKey}/{date.AsSpan(0, 8)}/{Region}/{Service}/aws4_request")));
            query.Append("&X-Amz-Date="u8);
            query.Append(date);
            query.Append("&X-Amz-Expires="u8);
            query.Append(((long)lifetime.TotalSeconds).ToString(CultureInfo.InvariantCulture));
            query.Append("&X-Amz-SignedHeaders="u8);
            CanonicalHeaders.AppendNamesTo(ref query, headers, "%3B"u8);
            if (token is not null)
            {
                query.Append("&X-Amz-Security-Token="u8);
                query.Append(token);
            }

            return query.ToString();
        }
        finally
        {
            query.Dispose();
        }
    }

    private void ComputeSignature(
        SigV4Request request, string query, List<SigningHeader> headers, ImmutableCredentials credentials, string date, Span<char> hex)
    {
        Span<byte> digest = stackalloc byte[SHA256.HashSizeInBytes];
        var text = new Utf8Buffer(1024);
        var toSign = new Utf8Buffer(256);
        try
        {
            AppendCanonicalRequest(ref text, request, query, headers);
            SHA256.HashData(text.Written, digest);

            toSign.Append(Algorithm);
            toSign.Append((byte)'\n');
            toSign.Append(date);
            toSign.Append((byte)'\n');
            AppendScope(ref toSign, date);
            toSign.Append((byte)'\n');
            Convert.TryToHexStringLower(digest, hex, out _);
            toSign.Append(hex);

            _keys.Sign(credentials, date[..8], toSign.Written, digest);
            Convert.TryToHexStringLower(digest, hex, out _);
        }
        finally
        {
            text.Dispose();
            toSign.Dispose();
        }
    }

    private void AppendCanonicalRequest(ref Utf8Buffer text, SigV4Request request, string query, List<SigningHeader> headers)
    {
        text.Append(request.Method);
        text.Append((byte)'\n');
        if (_isS3)
        {
            CanonicalPath.AppendForS3(ref text, request.Path);
        }
        else
        {
            CanonicalPath.AppendNormalised(ref text, request.Path);
        }

        text.Append((byte)'\n');
        CanonicalQuery.Append(ref text, query);
        text.Append((byte)'\n');
        CanonicalHeaders.AppendTo(ref text, headers);
        text.Append((byte)'\n');
        CanonicalHeaders.AppendNamesTo(ref text, headers, ";"u8);
        text.Append((byte)'\n');
        text.Append(request.PayloadHash);
    }

    private void AppendScope(ref Utf8Buffer text, string date)
    {
        text.Append(date.AsSpan(0, 8));
        text.Append((byte)'/');
        text.Append(Region);
        text.Append((byte)'/');
        text.Append(Service);
        text.Append("/aws4_request"u8);
    }
}
