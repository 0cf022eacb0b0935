using System.Globalization;
using Microsoft.AspNetCore.Http;

namespace IotOps.Emulator.Signing;

/// <summary>What a request says about its own signature, in the Authorization header or in the query. Nothing of it is believed yet.</summary>
internal sealed record SignatureClaim
{
    public const string Algorithm = "AWS4-HMAC-SHA256";

    private const int MaxLifetime = 604_800;

    /// <summary>Format of X-Amz-Date.</summary>
    public const string DateFormat = "yyyyMMdd'T'HHmmss'Z'";

    public required string AccessKeyId { get; init; }

    public required CredentialScope Scope { get; init; }

    public required IReadOnlyList<string> SignedHeaders { get; init; }

    public required string Signature { get; init; }

    public required string AmzDate { get; init; }

    public required DateTimeOffset Time { get; init; }

    public string? SessionToken { get; init; }

    /// <summary>How long a presigned URL holds; null for the header form.</summary>
    public TimeSpan? Lifetime { get; init; }

    public bool IsPresigned => Lifetime is not null;

    /// <summary>Whether the signature is of the version that knows no regions.</summary>
    public bool HasNoRegion { get; init; }

    /// <summary>The claim of a request; null when it is not signed at all.</summary>
    /// <param name="request">The request.</param>
    /// <param name="query">Its query.</param>
    /// <param name="defaultLifetime">For a presigned query that does not say how long it holds; null when it has to.</param>
    /// <exception cref="FormatException">It is signed in a way that cannot be read; the message says where.</exception>
    public static SignatureClaim? Read(HttpRequest request, QueryParameters query, TimeSpan? defaultLifetime)
    {
        string? authorization = request.Headers.Authorization;
        if (authorization is not null)
        {
            return FromHeader(authorization, request);
        }

        return query.Find("X-Amz-Algorithm") is null ? null : FromQuery(query, defaultLifetime);
    }

    private static SignatureClaim FromHeader(string authorization, HttpRequest request)
    {
        if (!authorization.StartsWith(Algorithm + " ", StringComparison.Ordinal))
        {
            throw new FormatException("Authorization header must begin with AWS4-HMAC-SHA256.");
        }

        var fields = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (string field in authorization[Algorithm.Length..].Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
        {
            int equals = field.IndexOf('=', StringComparison.Ordinal);
            fields[equals < 0 ? field : field[..equals]] = equals < 0 ? "" : field[(equals + 1)..];
        }

        string? date = request.Headers["x-amz-date"];
        return Create(
            fields.GetValueOrDefault("Credential"),
            fields.GetValueOrDefault("SignedHeaders"),
            fields.GetValueOrDefault("Signature"),
            date,
            request.Headers["x-amz-security-token"],
            lifetime: null);
    }

    private static SignatureClaim FromQuery(QueryParameters query, TimeSpan? defaultLifetime)
    {
        if (query.Find("X-Amz-Algorithm") != Algorithm)
        {
            throw new FormatException("X-Amz-Algorithm only supports \"AWS4-HMAC-SHA256\"");
        }

        string? expires = query.Find("X-Amz-Expires") ?? defaultLifetime?.TotalSeconds.ToString("0");
        if (!long.TryParse(expires, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out long seconds))
        {
            throw new FormatException("X-Amz-Expires should be a number");
        }

        if (seconds is < 0 or > MaxLifetime)
        {
            throw new FormatException(seconds < 0
                ? "X-Amz-Expires must be non-negative"
                : $"X-Amz-Expires must be less than a week (in seconds); that is, the given X-Amz-Expires must be less than {MaxLifetime} seconds");
        }

        return Create(
            query.Find("X-Amz-Credential"),
            query.Find("X-Amz-SignedHeaders"),
            query.Find("X-Amz-Signature"),
            query.Find("X-Amz-Date"),
            query.Find("X-Amz-Security-Token"),
            TimeSpan.FromSeconds(seconds));
    }

    private static SignatureClaim Create(
        string? credential, string? signedHeaders, string? signature, string? amzDate, string? sessionToken, TimeSpan? lifetime)
    {
        if (string.IsNullOrEmpty(credential) || string.IsNullOrEmpty(signedHeaders) || string.IsNullOrEmpty(signature))
        {
            throw new FormatException("Authorization requires 'Credential', 'SignedHeaders' and 'Signature' parameters.");
        }

        if (!DateTimeOffset.TryParseExact(amzDate, DateFormat, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out DateTimeOffset time))
        {
            throw new FormatException("AWS authentication requires a valid X-Amz-Date, for example 20231001T120000Z.");
        }

        string[] parts = credential.Split('/');
        if (parts.Length != 5 || parts[4] != "aws4_request")
        {
            throw new FormatException($"Credential must have exactly 5 slash-delimited elements ending in aws4_request, got '{credential}'.");
        }

        return new SignatureClaim
        {
            AccessKeyId = parts[0],
            Scope = new CredentialScope(parts[1], parts[2], parts[3]),
            SignedHeaders = signedHeaders.Split(';'),
            Signature = signature,
            AmzDate = amzDate!,
            Time = time,
            SessionToken = sessionToken,
            Lifetime = lifetime,
        };
    }
}
