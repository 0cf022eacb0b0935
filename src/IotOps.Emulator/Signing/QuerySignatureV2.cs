using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using IotOps.Emulator.Http;
using Microsoft.AspNetCore.Http;

namespace IotOps.Emulator.Signing;

/// <summary>
/// Presigned URLs of Signature Version 2: what boto3 and the AWS CLI make for us-east-1 unless told otherwise.
/// See https://docs.aws.amazon.com/AmazonS3/latest/userguide/RESTAuthentication.html. Thread-safe.
/// </summary>
internal sealed class QuerySignatureV2(KeyRing keys, TimeProvider timeProvider)
{
    // Parameters that choose what is done are signed; others, such as prefix, are not.
    private static readonly string[] SignedParameters = ["acl", "delete", "location", "partNumber", "uploadId", "uploads", "versionId", "versioning"];

    public static bool IsUsedBy(RequestTarget target) => target.Query.Has("AWSAccessKeyId") && target.Query.Has("Signature");

    /// <exception cref="Refusal">The signature is stale or wrong.</exception>
    public VerifiedSignature Verify(HttpRequest request, RequestTarget target, string? hostBucket)
    {
        QueryParameters query = target.Query;
        if (!long.TryParse(query.Find("Expires"), NumberStyles.None, CultureInfo.InvariantCulture, out long expires))
        {
            throw new Refusal(403, "AccessDenied", "Query-string authentication requires the Signature, Expires and AWSAccessKeyId parameters");
        }

        string accessKeyId = query.Find("AWSAccessKeyId")!;
        if (!keys.TryFind(accessKeyId, out AccessKey? key))
        {
            throw SignatureErrors.S3.UnknownKey(accessKeyId, keys.OwnId);
        }

        if (key.SessionToken != query.Find("x-amz-security-token"))
        {
            throw SignatureErrors.S3.WrongToken();
        }

        if (key.Expires <= timeProvider.GetUtcNow())
        {
            throw SignatureErrors.S3.ExpiredToken();
        }

        if (timeProvider.GetUtcNow().ToUnixTimeSeconds() > expires)
        {
            throw new Refusal(403, "AccessDenied", "Request has expired");
        }

        string text = TextToSign(request, target, hostBucket);
        byte[] expected = Compute(key.Secret, text);
        byte[] sent = new byte[64];
        var claim = Claim(accessKeyId, query, expires);
        if (!Convert.TryFromBase64String(query.Find("Signature")!, sent, out int length)
            || !CryptographicOperations.FixedTimeEquals(expected, sent.AsSpan(0, length)))
        {
            throw SignatureErrors.S3.Mismatch("", text, claim);
        }

        return new VerifiedSignature(claim, [], PayloadHash.Unsigned);
    }

    private static string TextToSign(HttpRequest request, RequestTarget target, string? hostBucket)
    {
        var text = new StringBuilder();
        text.Append(request.Method).Append('\n')
            .Append(request.Headers.ContentMD5.ToString()).Append('\n')
            .Append(request.Headers.ContentType.ToString()).Append('\n')
            .Append(target.Query.Find("Expires")).Append('\n');
        foreach ((string name, string value) in AmzHeaders(request, target))
        {
            text.Append(name).Append(':').Append(value).Append('\n');
        }

        text.Append(hostBucket is null ? "" : "/" + hostBucket).Append(target.RawPath);
        char separator = '?';
        foreach ((string name, string value) in target.Query.All.Where(p => IsSigned(p.Key)).OrderBy(p => p.Key, StringComparer.Ordinal))
        {
            text.Append(separator).Append(name);
            if (value.Length > 0)
            {
                text.Append('=').Append(value);
            }

            separator = '&';
        }

        return text.ToString();
    }

    private static SortedDictionary<string, string> AmzHeaders(HttpRequest request, RequestTarget target)
    {
        var headers = new SortedDictionary<string, string>(StringComparer.Ordinal);
        foreach ((string name, Microsoft.Extensions.Primitives.StringValues values) in request.Headers)
        {
            if (name.StartsWith("x-amz-", StringComparison.OrdinalIgnoreCase))
            {
                headers[name.ToLowerInvariant()] = string.Join(',', values.Select(v => v?.Trim()));
            }
        }

        // Headers that a plain GET cannot send stand in the query and are signed as the headers they are.
        foreach ((string name, string value) in target.Query.All)
        {
            if (name.StartsWith("x-amz-", StringComparison.Ordinal))
            {
                headers[name] = value;
            }
        }

        return headers;
    }

    private static bool IsSigned(string parameter) =>
        SignedParameters.Contains(parameter, StringComparer.Ordinal) || parameter.StartsWith("response-", StringComparison.Ordinal);

    private static byte[] Compute(string secret, string text)
    {
#pragma warning disable CA5350 // the protocol is older than SHA-2
        return HMACSHA1.HashData(Encoding.UTF8.GetBytes(secret), Encoding.UTF8.GetBytes(text));
#pragma warning restore CA5350
    }

    private static SignatureClaim Claim(string accessKeyId, QueryParameters query, long expires) => new()
    {
        AccessKeyId = accessKeyId,
        Scope = new CredentialScope("", "us-east-1", "s3"),
        SignedHeaders = [],
        Signature = query.Find("Signature")!,
        AmzDate = "",
        Time = DateTimeOffset.FromUnixTimeSeconds(expires),
        Lifetime = TimeSpan.Zero,
        HasNoRegion = true,
        SessionToken = query.Find("x-amz-security-token"),
    };
}
